"""Micro-costing: what was delivered at each school, times its price, discounted from the second year on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swis.derive.person_time import SCHOOL

SCHOOL_COST_COLUMNS = [*SCHOOL, "window", "trial_year", "item", "basis", "quantity", "undiscounted", "cost"]


def discount_factor(trial_year: pd.Series, percent: float) -> pd.Series:
    """What a pound of each year of the trial is worth in the first: 1 in year 1, 1 / (1 + rate) in year 2, …"""
    return (1 + percent / 100) ** -(trial_year.astype(float) - 1)


def school_costs(delivered: pd.DataFrame, prices: pd.DataFrame, percent: float) -> pd.DataFrame:
    """Cost by school, window, year of the trial and item (SCHOOL_COST_COLUMNS), in pounds.

    `delivered` (of the outcomes stage) holds what was delivered by basis, 0 where nothing was and missing where the
    authority sent no record; `prices` as `prices_of` gives them. A missing quantity gives a missing cost.
    """
    priced = delivered.merge(prices[["authority", "item", "basis", "price"]], on=["authority", "basis"], how="inner")
    undiscounted = priced["quantity"].astype(float) * priced["price"]
    cost = undiscounted * discount_factor(priced["trial_year"], percent)
    return priced.assign(undiscounted=undiscounted, cost=cost)[SCHOOL_COST_COLUMNS]


def on_observed_days(schools: pd.DataFrame, bases: Sequence[str]) -> pd.DataFrame:
    """Schools [observed_share, a column of pounds a basis] with the part of each cost that falls on days observed.

    Days of a missing return are in no count and in no pupil-year, but what was delivered on them was paid: without this
    a pupil-year would bear the cost of days that are not in it. Costs are taken as even over the window (assumed).
    """
    share = schools["observed_share"].astype(float)
    return schools.assign(**{name: schools[name] * share for name in bases})


def by_basis(costs: pd.DataFrame, window: str, value: str = "cost") -> pd.DataFrame:
    """One row a school of a window with a column a basis: the sum of `value`, missing where any of it is."""
    own = costs[costs["window"] == window]
    summed = own.groupby([*SCHOOL, "basis"], sort=True)[value].agg(lambda held: held.sum(skipna=False))
    return summed.unstack("basis", fill_value=0.0).rename_axis(columns=None).reset_index()  # noqa: PD010
