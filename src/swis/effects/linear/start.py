"""Where the search for the variances starts: a moment estimate of each variance by itself.

For an effect with products z'z and z'r by level, the sum of squares it explains, sum of (z'r)² / z'z, has expectation
m sigma² + tau² sum of z'z over its m levels, when nothing else is random. Only the order of size matters here.
"""

from __future__ import annotations

import numpy as np

from swis.effects.linear.cross_products import CrossProducts

# More between levels than this, beside the residual, is no starting point: the search may still go there.
LARGEST_RATIO = 1e6


def starting_theta(products: CrossProducts) -> np.ndarray:
    """T diagonal, each entry the moment estimate of tau / sigma; at least half of what one level's data could tell."""
    parts = list(zip(level_sums(products), products.factors, strict=True))
    residual = float(products.others[-1, -1])
    levels = max(factor.levels for factor in products.factors)
    sigma_squared = (residual - max(_explained(*sums).max() for sums, _ in parts)) / max(
        products.observations - levels, 1
    )
    theta = []
    for (sums, squares), factor in parts:
        total = np.maximum(squares.sum(axis=0), np.finfo(float).tiny)
        excess = _explained(sums, squares) - factor.levels * sigma_squared
        ratio = excess / total / max(sigma_squared, np.finfo(float).tiny)
        least = 0.25 * factor.levels / total
        theta.append(np.diag(np.sqrt(np.clip(ratio, least, LARGEST_RATIO)))[factor.free])
    return np.concatenate(theta)


def level_sums(products: CrossProducts) -> list[tuple[np.ndarray, np.ndarray]]:
    """z'r and z'z of every effect of every level, both (levels, p), factor by factor."""
    last = products.across[:, [-1]]
    first = np.asarray(last if isinstance(last, np.ndarray) else last.toarray())[:, 0]
    rest = len(products.others) - products.fixed - 1
    sums = np.concatenate([first, products.others[:rest, -1]])
    squares = np.concatenate([np.einsum("lii->li", products.first).ravel(), np.diag(products.others)[:rest]])
    stops = np.cumsum([factor.levels * factor.width for factor in products.factors])[:-1]
    pairs = zip(np.split(sums, stops), np.split(squares, stops), products.factors, strict=True)
    return [(one.reshape(-1, factor.width), two.reshape(-1, factor.width)) for one, two, factor in pairs]


def _explained(sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Of r'r, what the levels of each effect explain alone, (p,)."""
    return np.where(squares > 0, sums**2 / np.where(squares > 0, squares, 1.0), 0.0).sum(axis=0)


def most_explained(products: CrossProducts) -> list[float]:
    """Of r'r, the most that the levels of one effect of each factor explain."""
    return [float(_explained(*pair).max()) for pair in level_sums(products)]


def least_left_by_columns(products: CrossProducts) -> list[float]:
    """Of z'z, the smallest share of an effect of each factor that the fixed columns leave: 1 - |Q'z|² / |z|²."""
    rest = len(products.others) - products.fixed - 1
    first = products.across[:, rest:-1]
    loadings = np.vstack([first if isinstance(first, np.ndarray) else first.toarray(), products.others[:rest, rest:-1]])
    stops = np.cumsum([factor.levels * factor.width for factor in products.factors])[:-1]
    shares = []
    for part, (_, squares), factor in zip(
        np.split(loadings, stops), level_sums(products), products.factors, strict=True
    ):
        taken = (part**2).sum(axis=1).reshape(-1, factor.width).sum(axis=0)
        shares.append(float((1 - taken / squares.sum(axis=0)).min()))
    return shares
