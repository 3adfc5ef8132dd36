"""Cluster-robust variances by the textbook, with matrices as large as the data, to check the fast ones against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Dense:
    covariance: np.ndarray
    freedom: np.ndarray


def power(matrix: np.ndarray, exponent: float) -> np.ndarray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    kept = values > 1e-11
    return (vectors * np.where(kept, np.where(kept, values, 1.0) ** exponent, 0.0)) @ vectors.T


def dense_cluster_robust(
    matrix: np.ndarray,
    residuals: np.ndarray,
    codes: np.ndarray,
    kind: str,
    theta: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> Dense:
    """By full matrices: `theta` (n, n) working variance, `weight` (n, n), both the identity where None."""
    rows, columns = matrix.shape
    theta = np.eye(rows) if theta is None else theta
    weight = np.linalg.inv(theta) if weight is None else weight
    bread = np.linalg.inv(matrix.T @ weight @ matrix)
    hat = matrix @ bread @ matrix.T @ weight
    left = np.eye(rows) - hat
    middle = left @ theta @ left.T
    loads = np.zeros((rows, columns, codes.max() + 1))
    for code in range(codes.max() + 1):
        own = np.flatnonzero(codes == code)
        block = np.ix_(own, own)
        adjust = _adjustment(kind, theta[block], middle[block], left[block])
        loads[own, :, code] = adjust.T @ weight[block] @ matrix[own] @ bread
    scores = np.einsum("ncj,n->jc", loads, residuals)
    full = np.einsum("ncj,nm,mci->cji", loads, middle, loads, optimize=True)
    freedom = np.trace(full, axis1=1, axis2=2) ** 2 / (full**2).sum(axis=(1, 2))
    clusters = codes.max() + 1
    factor = {"CR1": clusters / (clusters - 1), "CR1S": clusters * (rows - 1) / ((clusters - 1) * (rows - columns))}
    return Dense(scores.T @ scores * factor.get(kind, 1.0), freedom)


def _adjustment(kind: str, theta: np.ndarray, middle: np.ndarray, left: np.ndarray) -> np.ndarray:
    if kind == "CR2":
        root = np.linalg.cholesky(theta).T
        return root.T @ power(root @ middle @ root.T, -0.5) @ root
    return np.linalg.pinv(left, rcond=1e-11) if kind == "CR3" else np.eye(len(theta))
