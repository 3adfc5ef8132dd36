"""Intervals made again from rounded counts, so that an interval cannot give back the count it came from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.outcomes.intervals import poisson_exact, wilson


def interval_again(frame: pd.DataFrame, multiplier: pd.Series, level: float) -> pd.DataFrame:
    """Columns lower and upper for rows with rounded `count` and `denominator`, in the unit of the value.

    Shares ('% of referrals'): Wilson's score interval. Rates ('per 1,000 pupil-years'): the exact Poisson interval.
    Sums of days or sessions, means and medians keep the limits they came with, at the precision of their values.
    """
    unit = frame["unit"].str.lower()
    is_share = (unit.str.startswith("%") & ~unit.str.contains("session")).to_numpy(dtype=bool)
    is_rate = unit.str.startswith("per ").to_numpy(dtype=bool)
    count, behind = _floats(frame["count"]), _floats(frame["denominator"])
    behind = np.where(behind > 0, behind, np.nan)
    shares = np.stack(wilson(np.minimum(count, behind), behind, level), axis=1) * 100
    rates = np.stack(poisson_exact(count, level), axis=1) * (_floats(multiplier) / behind)[:, None]
    own = np.stack([_floats(frame["lower"]), _floats(frame["upper"])], axis=1)
    made = np.where(is_share[:, None], shares, np.where(is_rate[:, None], rates, three_figures(own)))
    # A row that came without an interval is given none.
    made = np.where(np.isnan(own).all(axis=1)[:, None], np.nan, made)
    return pd.DataFrame(made, columns=["lower", "upper"], index=frame.index).astype("Float64")


def three_figures(values: np.ndarray) -> np.ndarray:
    """One decimal, or two for values under 10: the precision at which averages are printed."""
    rounded: np.ndarray = np.where(np.abs(values) >= 10, np.round(values, 1), np.round(values, 2))
    return rounded


def _floats(values: pd.Series) -> np.ndarray:
    return values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
