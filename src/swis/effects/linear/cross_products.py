"""Rows become cross-products: all that a linear mixed model's likelihood needs of the data, whatever their number.

With X = QR and r = y - QQ'y the model is y = Q a + Z b + e; kept are the products of Z, Q and r with one another.
Using Q and r instead of X and y loses no digits to columns on unlike scales or to a response far from zero. The factor
with most levels stands first: its own products are a (p, p) block a level; the others' among themselves are dense.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from swis.effects.linear.random_factors import RandomFactor

# Above this many multiplications the first factor's products with all else are kept sparse.
DENSE_UP_TO = 20_000_000
# Share of a column that the earlier ones leave; its inverse squared, here a hundred, multiplies the rounding of X'X.
FAR_APART = 0.1


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """Products over the n rows; q1 effects of the first factor, q2 of the others, k fixed columns, c = q2 + k + 1.

    `first` (levels, p, p) are the blocks of Z1'Z1; `across` (q1, c) is Z1'[Z2 Q r], dense or sparse; `others` (c, c)
    is [Z2 Q r]'[Z2 Q r]. `triangle` is R and `projection` Q'y. Effects of a factor stand level by level.
    """

    observations: int
    factors: tuple[RandomFactor, ...]
    first: np.ndarray
    across: np.ndarray | sparse.csr_array
    others: np.ndarray
    triangle: np.ndarray
    projection: np.ndarray

    @property
    def fixed(self) -> int:
        """Number of fixed-effects columns, k."""
        return self.triangle.shape[0]

    def weighted_square(self, blocks: np.ndarray, stop: int | None = None) -> np.ndarray:
        """[Z2 Q r]'Z1 B Z1'[Z2 Q r] for B of (p, p) blocks a level; of the first `stop` columns only, if given."""
        across = self.across[:, :stop]
        if isinstance(across, np.ndarray):
            return across.T @ self.blockwise(blocks, across)
        return np.asarray((across.T @ _block_diagonal(blocks) @ across).toarray())

    def blockwise(self, blocks: np.ndarray, values: np.ndarray) -> np.ndarray:
        """B `values` for B of (p, p) blocks a level and values (q1, ...)."""
        if blocks.shape[1] == 1:
            return blocks[:, 0] * values.reshape(len(blocks), -1)
        return (blocks @ values.reshape(*blocks.shape[:2], -1)).reshape(len(values), -1)


def triangle_of(matrix: np.ndarray) -> np.ndarray:
    """R of the QR decomposition of the columns (n, k): a diagonal entry of nothing marks a column that adds nothing.

    Where the columns are far from repeating one another, the Cholesky factor of X'X is that R to the last digits, and
    is had in one pass over the rows.
    """
    square = matrix.T @ matrix
    lengths = np.sqrt(np.diag(square))
    if lengths.all() and np.isfinite(lengths).all():
        with suppress(np.linalg.LinAlgError):
            lower = np.linalg.cholesky(square / np.outer(lengths, lengths))
            if np.diag(lower).min(initial=1.0) > FAR_APART:
                return np.asarray(lower.T * lengths)
    return np.asarray(np.linalg.qr(matrix, mode="r"))


def cross_products(
    response: np.ndarray, matrix: np.ndarray, factors: Sequence[RandomFactor], triangle: np.ndarray | None = None
) -> CrossProducts:
    """Reduce n rows: `response` (n,) less any offset, `matrix` (n, k) of full rank, its `triangle` if known."""
    triangle = triangle_of(matrix) if triangle is None else triangle
    inverse = np.linalg.inv(triangle)
    projection, residual = _regress(response, matrix, inverse)
    data = [*matrix.T, residual]
    # Q itself, as long as X, is never formed: Z'Q = (Z'X) R^-1.
    turn = np.eye(len(data))
    turn[:-1, :-1] = inverse
    corner = np.eye(len(data))
    # Not by BLAS, whose threads take longer to wake than the sum of a long vector takes.
    corner[-1, -1] = np.square(residual).sum()
    head, tail = factors[0], tuple(factors[1:])
    between = [_between(head, factor) for factor in tail]
    own = _with_data(head, data)
    edges = [
        _of_nested(link, own) if _is_nested(head, factor, link) else _with_data(factor, data)
        for factor, link in zip(tail, between, strict=True)
    ]
    return CrossProducts(
        observations=response.size,
        factors=tuple(factors),
        first=_within(head),
        across=_across(between, own @ turn),
        others=_among(tail, [edge @ turn for edge in edges], corner),
        triangle=triangle,
        projection=projection,
    )


def _regress(response: np.ndarray, matrix: np.ndarray, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q'y and y - QQ'y; the second pass takes off what rounding left in the first."""
    projection, residual = np.zeros(matrix.shape[1]), response
    for _ in range(2):
        more = inverse.T @ (matrix.T @ residual)
        projection = projection + more
        residual = residual - matrix @ (inverse @ more)
    return projection, residual


def _is_nested(inner: RandomFactor, outer: RandomFactor, link: sparse.csr_array) -> bool:
    """Whether both are intercepts and each level of the inner meets one of the outer, by Z_inner'Z_outer."""
    return bool(inner.is_intercept and outer.is_intercept and link.nnz == inner.levels)


def _of_nested(link: sparse.csr_array, own: np.ndarray) -> np.ndarray:
    """Z_outer' times the data from Z_inner' times the data: the rows need not be summed again."""
    sums = np.zeros((link.shape[1], own.shape[1]))
    np.add.at(sums, link.indices, own)
    return sums


def _across(between: Sequence[sparse.csr_array], own: np.ndarray) -> np.ndarray | sparse.csr_array:
    """Z1'[Z2 Q r] from Z1'Z2, factor by factor, and Z1'[Q r]; dense where that is cheap."""
    columns = own.shape[1] + sum(part.shape[1] for part in between)
    if len(own) * columns**2 <= DENSE_UP_TO:
        return np.hstack([*(part.toarray() for part in between), own])
    return sparse.csr_array(sparse.hstack([*between, sparse.csr_array(own)], format="csr"))


def _among(factors: Sequence[RandomFactor], edges: Sequence[np.ndarray], corner: np.ndarray) -> np.ndarray:
    """[Z2 Q r]'[Z2 Q r], dense, from each factor's Z'[Q r] and the corner [Q r]'[Q r]."""
    stops = np.cumsum([0, *(factor.levels * factor.width for factor in factors)])
    products = np.empty((stops[-1] + len(corner),) * 2)
    products[stops[-1] :, stops[-1] :] = corner
    for place, left in enumerate(factors):
        own = slice(stops[place], stops[place + 1])
        products[own, own] = _block_diagonal(_within(left)).toarray()
        products[own, stops[-1] :] = edges[place]
        products[stops[-1] :, own] = edges[place].T
        for beyond, right in enumerate(factors[place + 1 :], start=place + 1):
            other = slice(stops[beyond], stops[beyond + 1])
            products[own, other] = _between(left, right).toarray()
            products[other, own] = products[own, other].T
    return products


def _block_diagonal(blocks: np.ndarray) -> sparse.csr_array:
    """A sparse block-diagonal matrix of (levels, p, p) blocks."""
    levels = len(blocks)
    return sparse.csr_array(sparse.bsr_array((blocks, np.arange(levels), np.arange(levels + 1))))


def _within(factor: RandomFactor) -> np.ndarray:
    """Z'Z of one factor, a (p, p) block a level."""
    if factor.is_intercept:
        return np.bincount(factor.codes, minlength=factor.levels).astype(float)[:, None, None]
    blocks = np.empty((factor.levels, factor.width, factor.width))
    for row in range(factor.width):
        for column in range(row + 1):
            weights = factor.columns[:, row] * factor.columns[:, column]
            sums = np.bincount(factor.codes, weights, minlength=factor.levels)
            blocks[:, row, column] = blocks[:, column, row] = sums
    return blocks


def _between(left: RandomFactor, right: RandomFactor) -> sparse.csr_array:
    """Z_left'Z_right, sparse: an entry a pair of levels that meet in some row."""
    shape = (left.levels * left.width, right.levels * right.width)
    if left.is_intercept and right.is_intercept and shape[0] * shape[1] <= DENSE_UP_TO:
        # Pairs are counted: to sort the rows into a sparse matrix takes ten times as long.
        counted = np.bincount(left.codes * right.levels + right.codes, minlength=shape[0] * shape[1])
        return sparse.csr_array(counted.astype(float).reshape(shape))
    total = sparse.csr_array(shape)
    for i in range(left.width):
        for j in range(right.width):
            values = left.columns[:, i] * right.columns[:, j]
            places = (left.codes * left.width + i, right.codes * right.width + j)
            total = total + sparse.coo_array((values, places), shape=shape).tocsr()
    return total


def _with_data(factor: RandomFactor, data: Sequence[np.ndarray]) -> np.ndarray:
    """Z' times columns of the data, (levels * p, columns)."""
    sums = np.empty((factor.levels, factor.width, len(data)))
    for i in range(factor.width):
        for j, column in enumerate(data):
            weights = column if factor.is_intercept else factor.columns[:, i] * column
            sums[:, i, j] = np.bincount(factor.codes, weights, minlength=factor.levels)
    return sums.reshape(factor.levels * factor.width, len(data))
