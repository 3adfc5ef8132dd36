"""Costs beside consequences: what else changed between the arms, and what a week of it costs the authority."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.economics.comparison import arms_of, draws, interval, rates
from swis.economics.parameters import PlacementGroup, WeeklyCost
from swis.economics.prices import nearest_year

CONSEQUENCE_COLUMNS = [
    "consequence", "unit", "pounds_each", "intervention", "control", "difference", "lower", "upper", "cost",
    "cost_lower", "cost_upper",
]  # fmt: skip
DAYS_A_WEEK = 7


def weekly_price(cost: WeeklyCost, to: str, index: Mapping[str, float]) -> float:
    """Pounds a week in the prices of year `to`, from the figure of the nearest year."""
    year = nearest_year(list(cost.pounds_a_week), to)
    return cost.pounds_a_week[year] * index[to] / index[year]


def group_of_placement(placement: pd.Series, groups: Mapping[str, PlacementGroup], other: str) -> pd.Series:
    """The group of each placement code; `other` for a code in no group and for a missing one."""
    by_code = {code: name for name, group in groups.items() for code in group.codes}
    return placement.map(by_code).fillna(other).astype("string")


def merged_groups(days: pd.DataFrame, other: str, fewest: int) -> pd.DataFrame:
    """Days with every group of fewer than `fewest` children in an arm moved to the group `other`.

    `days` [authority, urn, arm, pupil, group, days]. Where the other placements then still have too few, the smallest
    group joins them, and so on: what is left out of no group can be told apart by nobody.
    """
    held = days.copy()
    for _ in range(held["group"].nunique()):
        children = children_behind(held)
        small = children[children < fewest]
        joining = [name for name in small.index if name != other]
        if not joining and other in small.index and len(children) > 1:
            joining = [children.drop(other).sort_values(kind="stable").index[0]]
        if not joining:
            break
        held["group"] = held["group"].mask(held["group"].isin(joining), other)
    return held


def children_behind(days: pd.DataFrame) -> pd.Series:
    """By group, children with any day in the arm that has fewer of them."""
    distinct = days.drop_duplicates(["authority", "urn", "arm", "pupil", "group"])
    counted = distinct.groupby(["group", "arm"]).size().unstack(fill_value=0)  # noqa: PD010
    return counted.reindex(columns=["intervention", "control"], fill_value=0).min(axis=1)


def consequence_rows(
    schools: pd.DataFrame,
    pounds_each: Mapping[str, float],
    *,
    base: str,
    replicates: int,
    seed: int,
    level: float,
) -> pd.DataFrame:
    """One row a consequence (a column of `schools` named in `pounds_each`), per 1,000 pupils a year.

    intervention, control and their difference with its interval, and the same in pounds at so many each; `base` is the
    column of pupil-years. Columns: CONSEQUENCE_COLUMNS without the unit. No rows where no authority has schools of both
    arms, or there is no consequence.
    """
    columns = [name for name in CONSEQUENCE_COLUMNS if name != "unit"]
    arms, held = arms_of(schools)
    if held.empty or not pounds_each:
        return pd.DataFrame(columns=columns)
    values, over = held[list(pounds_each)].to_numpy(float), held[base].to_numpy(float)
    treated, usual = rates(arms, values, over)
    drawn = rates(arms, values, over, draws(arms, replicates, np.random.default_rng(seed)))
    differences = drawn[0] - drawn[1]
    rows = []
    for place, (name, each) in enumerate(pounds_each.items()):
        low, high = interval(differences[:, place], level)
        more = float(treated[place] - usual[place])
        rows.append((name, each, treated[place], usual[place], more, low, high, more * each, low * each, high * each))
    return pd.DataFrame(rows, columns=columns)
