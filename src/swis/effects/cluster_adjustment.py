"""The adjusted contributions of each cluster, the heart of CR0 to CR3, without a matrix as large as the data.

Columns are first turned to a basis in which Σ_j X_j' W_j X_j = I (β = R⁻¹γ). With H = X X' W the hat matrix, the
contribution of cluster j to the estimate is `t'X_j' W_j A_j e_j` for a contrast t, where

- CR0: A = I;  CR3: A = (I − H_jj)⁻¹ (leave one cluster out, without the factor (m − 1)/m);
- CR2: A = D' G^(−1/2) D with Θ_j = D'D and G = D [(I − H) Θ (I − H)']_jj D'. It makes the variance exact when the
  working variance Θ is right (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004).

Where W is the inverse of Θ and D is taken on whitened rows (X* = Θ^(−1/2) X), everything is a function of the small
matrices C_j = X*_j' X*_j = V diag(s) V': CR2 multiplies the score of a cluster by V (1 − s)^(−1/2) V', CR3 by
V (1 − s)⁻¹ V'. That is the 'whitened' root: any size of cluster, in time linear in the rows. clubSandwich takes D as
the Cholesky root of Θ on the rows as they are, which is the same thing for homoscedastic rows and for clusters of one
row, and another root of the same equation otherwise (measured: 0.4 % in a standard error with 21 clusters). That is
the 'cholesky' root, which needs the eigenvectors of one n_j × n_j matrix a cluster.

A direction that one cluster alone determines (1 − s = 0: the fixed effect of an authority when authorities are the
clusters) gets the generalised inverse 0, as in clubSandwich; `absorbed` says which contrasts lean on such directions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

# An eigenvalue of I − H below this is a direction which the cluster absorbs; clubSandwich has 1e-12, but rounding in
# a design with many fixed effects reaches 1e-13.
ABSORBED = 1e-11


@dataclass(frozen=True, eq=False)
class Contributions:
    """Per cluster (J) and coefficient (k): the parts of the variance and of its degrees of freedom.

    The squares of `influence` (J, k) add to the variance. Under the working model contributions i and j covary by
    δ_ij · own_i − z_i' kernel z_j, with `own` (J, k), `z` (J, r, k) and `kernel` (r, r).
    `absorbed` (k,) is the share of each coefficient's information in directions that one cluster alone determines.
    """

    influence: np.ndarray
    own: np.ndarray
    z: np.ndarray
    kernel: np.ndarray
    absorbed: np.ndarray


def score_multiplier(shares: np.ndarray, kind: str) -> np.ndarray:
    """What multiplies the score along an eigenvector that holds this share of the information (0 where absorbed)."""
    left = 1.0 - shares
    free = left > ABSORBED
    safe = np.where(free, left, 1.0)
    if kind == "CR2":
        return np.where(free, safe**-0.5, 0.0)
    return np.where(free, 1.0 / safe, 0.0) if kind == "CR3" else np.ones_like(shares)


def whitened_contributions(
    rows: np.ndarray, residuals: np.ndarray, contrasts: np.ndarray, slices: Sequence[slice], kind: str
) -> Contributions:
    """By the whitened root: `rows` (n, k) orthonormal whitened columns, `contrasts` (k, k) a coefficient a row."""
    scores = np.stack([rows[part].T @ residuals[part] for part in slices])
    shares, vectors = _spectra(rows, slices)
    turned = vectors.transpose(0, 2, 1) @ contrasts.T
    times = score_multiplier(shares, kind)[:, :, None]
    weighted = times * turned
    influence = np.einsum("jac,ja->jc", weighted, (scores[:, None, :] @ vectors)[:, 0])
    own = np.einsum("jac,ja->jc", weighted**2, shares)
    z = vectors @ (shares[:, :, None] * weighted)
    return Contributions(influence, own, z, np.eye(rows.shape[1]), _absorbed_share(shares, turned, contrasts))


def cholesky_contributions(
    matrix: np.ndarray,
    residuals: np.ndarray,
    contrasts: np.ndarray,
    slices: Sequence[slice],
    variance_of: Callable[[slice], np.ndarray],
) -> Contributions:
    """CR2 by clubSandwich's root, W being the inverse of Θ: `matrix` (n, k) in the orthonormal basis, not whitened.

    `variance_of` gives Θ of one cluster: (n_j,) where rows are independent, else (n_j, n_j).
    """
    size = matrix.shape[1]
    influence, own, z, absorbed = _empty(len(slices), size, size)
    for j, part in enumerate(slices):
        columns, theta = matrix[part], variance_of(part)
        theta = np.diag(theta) if theta.ndim == 1 else theta
        root = np.linalg.cholesky(theta).T
        inner = root @ (theta - columns @ columns.T) @ root.T
        adjust = root.T @ _inverse_root(inner) @ root
        weighted = np.linalg.solve(theta, columns)
        adjusted = adjust.T @ weighted @ contrasts.T
        influence[j] = adjusted.T @ residuals[part]
        own[j] = np.einsum("nc,nc->c", adjusted, theta @ adjusted)
        z[j] = columns.T @ adjusted
        absorbed += _absorbed_by(columns.T @ weighted, contrasts)
    return Contributions(influence, own, z, np.eye(size), absorbed)


def weighted_contributions(
    matrix: np.ndarray,
    weights: np.ndarray,
    residuals: np.ndarray,
    contrasts: np.ndarray,
    slices: Sequence[slice],
    kind: str,
) -> Contributions:
    """With weights W that are not the inverse of the working variance Θ = I; `matrix` orthonormal under W.

    (I − H)(I − H)' = I − Z K Z' with Z = [X, WX] and K = [[−X'W²X, I], [I, 0]], so that its root needs 2k columns.
    """
    size = matrix.shape[1]
    heavy = matrix * weights[:, None]
    nothing, one = np.zeros((size, size)), np.eye(size)
    kernel = np.block([[-heavy.T @ heavy, one], [one, nothing]])
    influence, own, z, absorbed = _empty(len(slices), 2 * size, size)
    for j, part in enumerate(slices):
        both = np.hstack([matrix[part], heavy[part]])
        product = matrix[part].T @ heavy[part]
        if kind == "CR2":
            adjusted = _half_adjusted(both, kernel, heavy[part]) @ contrasts.T
        else:
            shares, vectors = np.linalg.eigh(product)
            adjusted = heavy[part] @ (vectors * score_multiplier(shares, kind)) @ vectors.T @ contrasts.T
        influence[j] = adjusted.T @ residuals[part]
        own[j] = (adjusted**2).sum(axis=0)
        z[j] = both.T @ adjusted
        absorbed += _absorbed_by(product, contrasts)
    return Contributions(influence, own, z, kernel, absorbed)


def _spectra(rows: np.ndarray, slices: Sequence[slice]) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues (J, r) in 0..1 and eigenvectors (J, k, r) of each C_j; r = 1 where every cluster is one row."""
    if len(slices) == len(rows):
        leverage = (rows**2).sum(axis=1)
        vectors = rows / np.sqrt(np.where(leverage > 0, leverage, 1.0))[:, None]
        return np.clip(leverage, 0.0, 1.0)[:, None], vectors[:, :, None]
    shares, vectors = np.linalg.eigh(np.stack([rows[part].T @ rows[part] for part in slices]))
    return np.clip(shares, 0.0, 1.0), vectors


def _half_adjusted(both: np.ndarray, kernel: np.ndarray, heavy: np.ndarray) -> np.ndarray:
    """(I − Z K Z')^(−1/2) W X of one cluster."""
    basis, triangle = np.linalg.qr(both)
    inner, vectors = np.linalg.eigh(triangle @ kernel @ triangle.T)
    turned = basis @ vectors
    return heavy + (turned * (score_multiplier(inner, "CR2") - 1.0)) @ (turned.T @ heavy)


def _inverse_root(matrix: np.ndarray) -> np.ndarray:
    """Symmetric M^(−1/2), with 0 for the directions in which M is 0."""
    values, vectors = np.linalg.eigh(matrix)
    free = values > ABSORBED * max(values[-1], np.finfo(float).tiny)
    return (vectors * np.where(free, np.where(free, values, 1.0) ** -0.5, 0.0)) @ vectors.T


def _empty(clusters: int, rank: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return np.empty((clusters, size)), np.empty((clusters, size)), np.empty((clusters, rank, size)), np.zeros(size)


def _absorbed_by(product: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    shares, vectors = np.linalg.eigh(product)
    return _absorbed_share(shares[None], (vectors.T @ contrasts.T)[None], contrasts)


def _absorbed_share(shares: np.ndarray, turned: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    absorbed = (1.0 - shares <= ABSORBED)[:, :, None]
    return (np.where(absorbed, turned, 0.0) ** 2).sum(axis=(0, 1)) / (contrasts**2).sum(axis=1)
