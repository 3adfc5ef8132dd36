"""Confidence intervals of counts, shares, sums, averages and medians, over arrays."""

from __future__ import annotations

import numpy as np

# Quantiles come from scipy.special: they are those of scipy.stats, which takes half a second longer to import.
from scipy import special


def poisson_exact(count: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits of a Poisson mean given a count (Garwood 1936); the lower limit of no events is 0.

    They are quantiles of gamma distributions, of shape `count` and `count` + 1.
    """
    tail = (1 - level) / 2
    whole = np.asarray(count, dtype=float)
    with np.errstate(invalid="ignore"):
        lower = np.where(whole > 0, special.gammaincinv(whole, tail), 0.0)
        upper = special.gammaincinv(whole + 1, 1 - tail)
    unknown = np.isnan(whole)
    return np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)


def wilson(count: np.ndarray, base: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a share between 0 and 1 (Wilson 1927); missing where the base is 0."""
    z = special.ndtri((1 + level) / 2)
    whole = np.asarray(base, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(count, dtype=float) / whole
        centre = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
        half = z * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2)) / (1 + z**2 / whole)
    # Rounding error may carry a limit past 0 or 1 by the last digit.
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def ratio_error(
    top: np.ndarray,
    base: np.ndarray,
    top_squared: np.ndarray,
    base_squared: np.ndarray,
    cross: np.ndarray,
    n: np.ndarray,
) -> np.ndarray:
    """Standard error of a ratio of two sums over `n` independent units, linearised; missing for fewer than 2 units.

    The arguments are sums over units of top, base, their squares and their product
    (Cochran, Sampling Techniques, chapter 6).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = top / base
        residual = np.maximum(top_squared - 2 * ratio * cross + ratio**2 * base_squared, 0.0)
        error = np.sqrt(residual * n / (n - 1)) / base
    return np.where((n > 1) & (base > 0), error, np.nan)


def compound_poisson_error(amount_squared: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Standard error of a sum over Poisson events of any size, over person-time; missing where nothing happened."""
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(amount_squared) / base
    return np.where((amount_squared > 0) & (base > 0), error, np.nan)


def median_with_limits(values: np.ndarray, counts: np.ndarray, level: float) -> tuple[float, float, float]:
    """Median of values that occur `counts` times, and its order-statistic limits (binomial ranks, distribution-free).

    Missing limits where too few values exist for the level (fewer than 6 at 95 %).
    """
    total = int(counts.sum())
    if total == 0:
        return np.nan, np.nan, np.nan
    order = np.argsort(values, kind="stable")
    ordered, reached = values[order], np.cumsum(counts[order])
    ranks = np.array([(total + 1) // 2, total // 2 + 1])
    middle = float(ordered[np.searchsorted(reached, ranks)].mean())
    below = int(np.ceil(special.bdtrik((1 - level) / 2, total, 0.5)))
    if below < 1:
        return middle, np.nan, np.nan
    lower, upper = ordered[np.searchsorted(reached, [below, total + 1 - below])]
    return middle, float(lower), float(upper)
