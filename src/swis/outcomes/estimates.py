"""Values and intervals from sums, by the kind of the measure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from swis.outcomes.intervals import (
    compound_poisson_error,
    median_with_limits,
    poisson_exact,
    ratio_error,
    wilson,
)


def rate(
    count: np.ndarray | pd.Series, denominator: np.ndarray | pd.Series, per: float | np.ndarray = 100.0
) -> np.ndarray:
    """Count over denominator times `per`; missing where the denominator is 0."""
    top, base = np.asarray(count, dtype=float), np.asarray(denominator, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base > 0, top / base * per, np.nan)


def estimates(sums: pd.DataFrame, kind: str, per: float, level: float) -> pd.DataFrame:
    """Columns count, denominator, value, lower, upper of rows of sums (n, amount, base, squares) of one kind.

    Kinds are those of the registry but 'median', whose value needs the values themselves.
    """
    amount, base = sums["amount"].to_numpy(float), sums["base"].to_numpy(float)
    value = rate(amount, base, per)
    lower, upper = _limits(sums, kind, value, per, level)
    none = ~(base > 0)
    limits = {"lower": np.where(none, np.nan, lower), "upper": np.where(none, np.nan, upper)}
    return pd.DataFrame({"count": amount, "denominator": base, "value": value, **limits}, index=sums.index)


def _limits(
    sums: pd.DataFrame, kind: str, value: np.ndarray, per: float, level: float
) -> tuple[np.ndarray, np.ndarray]:
    amount, base, n = (sums[name].to_numpy(float) for name in ("amount", "base", "n"))
    if kind == "rate":
        low, high = poisson_exact(amount, level)
        return rate(low, base, per), rate(high, base, per)
    if kind == "proportion":
        low, high = wilson(amount, base, level)
        return low * per, high * per
    squared, base_squared, cross = (sums[name].to_numpy(float) for name in ("amount_squared", "base_squared", "cross"))
    if kind == "amount":
        half = special.ndtri((1 + level) / 2) * compound_poisson_error(squared, base) * per
        return np.maximum(value - half, 0.0), value + half
    error = ratio_error(amount, base, squared, base_squared, cross, n) * per
    half = special.ndtri((1 + level) / 2) * error
    return (np.maximum(value - half, 0.0) if kind == "ratio" else value - half), value + half


def medians(distribution: pd.DataFrame, key: list[str], level: float) -> pd.DataFrame:
    """Median and limits of the values of each group: key, count, denominator, value, lower, upper.

    `distribution` has the key, amount and count (how often the amount occurs).
    """
    summed = distribution.groupby([*key, "amount"])["count"].sum().reset_index()
    rows = []
    for names, group in summed.groupby(key, sort=True):
        counts = group["count"].to_numpy(int)
        middle, lower, upper = median_with_limits(group["amount"].to_numpy(float), counts, level)
        rows.append((*names, float(counts.sum()), float(counts.sum()), middle, lower, upper))
    return pd.DataFrame(rows, columns=[*key, "count", "denominator", "value", "lower", "upper"])
