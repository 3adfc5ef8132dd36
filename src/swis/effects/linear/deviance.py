"""The profiled deviance of a linear mixed model, from cross-products.

Write Var(y) = sigma² Omega, Omega = I + Z T T' Z'. Minimised over the fixed effects and sigma², -2 log L is
    ML    log|Omega| + n (1 + log(2 pi r² / n))
    REML  log|Omega| + log|X' Omega^-1 X| + (n - k) (1 + log(2 pi r² / (n - k)))
with r² = (y - Xb)' Omega^-1 (y - Xb) at the generalised least squares b: section 3 of Bates, Mächler, Bolker and
Walker 2015, J Stat Softw 67(1). Omega^-1 is applied by Woodbury's identity in two steps: the first factor level by
level, K1 = T1 (T1'Z1'Z1 T1 + I)^-1 T1', then the others at once, K2 likewise, on the products that the first left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from swis.effects.linear.cross_products import CrossProducts
from swis.effects.linear.random_factors import RandomFactor, relative_factors


@dataclass(frozen=True, eq=False)
class Solution:
    """The model solved at one theta.

    `basis_coefficients` (k,) and `basis_covariance` (k, k), to be multiplied by sigma², belong to the columns of Q.
    `first_inner` is K1 (levels, p, p). `absorbed` (c, c) holds the products [Z2 Q r]' Omega1^-1 [Z2 Q r], Omega1 being
    the first factor's part of Omega. `rest_inner` is K2 (q2, q2). `shift` (q2 + k,) holds what the other effects and
    the fixed ones take out of r.
    """

    products: CrossProducts
    reml: bool
    relative: list[np.ndarray]
    log_determinant: float
    residual: float
    basis_coefficients: np.ndarray
    basis_covariance: np.ndarray
    first_inner: np.ndarray
    absorbed: np.ndarray
    rest_inner: np.ndarray
    shift: np.ndarray

    @property
    def freedom(self) -> int:
        """Divisor of the residual sum of squares: n - k for REML, n for ML."""
        return self.products.observations - self.products.fixed * self.reml

    @property
    def sigma(self) -> float:
        """Residual standard deviation at this theta."""
        return float(np.sqrt(self.residual / self.freedom))

    @property
    def deviance(self) -> float:
        """-2 log L (ML) or -2 log of the restricted likelihood (REML), all constants included."""
        return float(self.log_determinant + self.freedom * (1 + np.log(2 * np.pi * self.residual / self.freedom)))


def solve(theta: np.ndarray, products: CrossProducts, *, reml: bool) -> Solution:
    """Solve for the fixed effects and the residual at given relative covariance parameters."""
    relative = relative_factors(theta, products.factors)
    first_inner, log_first = _inner_blocks(relative[0], products.first)
    absorbed = products.others - products.weighted_square(first_inner)
    rest = len(absorbed) - products.fixed - 1
    rest_inner, log_rest = _inner_dense(relative[1:], products.factors[1:], absorbed[:rest, :rest])
    border = absorbed[:rest, rest:]
    taken = rest_inner @ border
    data = absorbed[rest:, rest:] - border.T @ taken
    lower = _lower_triangle(data[:-1, :-1])
    inverse, _ = lapack.dtrtri(lower, lower=True)
    half = inverse @ data[:-1, -1]
    coefficients = inverse.T @ half
    log_fixed = 2 * (np.log(np.diag(lower)).sum() + np.log(np.abs(np.diag(products.triangle))).sum())
    return Solution(
        products=products,
        reml=reml,
        relative=relative,
        log_determinant=float(log_first + log_rest + log_fixed * reml),
        residual=float(data[-1, -1] - half @ half),
        basis_coefficients=coefficients,
        basis_covariance=inverse.T @ inverse,
        first_inner=first_inner,
        absorbed=absorbed,
        rest_inner=rest_inner,
        shift=np.concatenate([taken[:, -1] - taken[:, :-1] @ coefficients, coefficients]),
    )


def _inner_blocks(relative: np.ndarray, outer: np.ndarray) -> tuple[np.ndarray, float]:
    """T (T'AT + I)^-1 T' of each block A, and the sum of log|T'AT + I|."""
    if len(relative) == 1:
        square = relative[0, 0] ** 2
        middle = square * outer + 1
        return square / middle, float(np.log(middle).sum())
    middle = relative.T @ outer @ relative + np.eye(len(relative))
    return relative @ np.linalg.inv(middle) @ relative.T, float(np.linalg.slogdet(middle)[1].sum())


def _inner_dense(
    relative: list[np.ndarray], factors: tuple[RandomFactor, ...], outer: np.ndarray
) -> tuple[np.ndarray, float]:
    """L (L'AL + I)^-1 L' with L the T of every level on the diagonal, and log|L'AL + I|."""
    if not relative:
        return np.empty((0, 0)), 0.0
    if all(factor.width == 1 for factor in factors):
        return _inner_of_intercepts(relative, factors, outer)
    transposed = [matrix.T for matrix in relative]
    middle = _levelwise(transposed, factors, _levelwise(transposed, factors, outer).T)
    middle[np.diag_indices_from(middle)] += 1
    inverse, log_determinant = _inverse(middle)
    inner = _levelwise(relative, factors, _levelwise(relative, factors, inverse).T)
    return (inner + inner.T) / 2, log_determinant


def _inner_of_intercepts(
    relative: list[np.ndarray], factors: tuple[RandomFactor, ...], outer: np.ndarray
) -> tuple[np.ndarray, float]:
    """As `_inner_dense` where each factor has one effect: L is then diagonal."""
    scale = np.repeat([matrix[0, 0] for matrix in relative], [factor.levels for factor in factors])
    square = np.multiply.outer(scale, scale)
    middle = outer * square
    middle[np.diag_indices_from(middle)] += 1
    inverse, log_determinant = _inverse(middle)
    inner = inverse * square
    return (inner + inner.T) / 2, log_determinant


def _inverse(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Inverse and log-determinant of a positive definite matrix, by one Cholesky factor."""
    lower = _lower_triangle(matrix)
    inverse, _ = lapack.dpotrs(lower, np.eye(len(lower)), lower=True)
    return inverse, float(2 * np.log(np.diag(lower)).sum())


def _lower_triangle(matrix: np.ndarray) -> np.ndarray:
    """Cholesky factor; LAPACK itself, for the matrices are small and what NumPy does around it takes as long."""
    lower, failed = lapack.dpotrf(matrix, lower=True, clean=True)
    if failed:
        raise np.linalg.LinAlgError("not positive definite")
    return np.asarray(lower)


def _levelwise(matrices: list[np.ndarray], factors: tuple[RandomFactor, ...], values: np.ndarray) -> np.ndarray:
    """Multiply the rows (q2, c) of each level by its factor's matrix (p, p)."""
    product, start = np.empty_like(values), 0
    for matrix, factor in zip(matrices, factors, strict=True):
        stop = start + factor.levels * factor.width
        rows = values[start:stop].reshape(factor.levels, factor.width, -1)
        product[start:stop] = (matrix[0, 0] * rows if factor.width == 1 else matrix @ rows).reshape(stop - start, -1)
        start = stop
    return product
