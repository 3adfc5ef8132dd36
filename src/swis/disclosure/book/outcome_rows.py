"""Outcome rows made ready for the book: what stands behind each number, and what hiding it would lose."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from swis.derive.periods import ACADEMIC_YEAR
from swis.outcomes.levels import OK
from swis.outcomes.pool import ALL
from swis.outcomes.registry import measures
from swis.params import Definitions

KEYS = ("authority", "trial", "arm", "period")
ROW = [*KEYS, "measure"]
# Weights of what is lost (assumed): totals are read more than parts, pooled figures more than an authority's, and the
# primary outcome more than any other.
COST_OF_TOTAL, COST_OF_POOLED, COST_OF_PRIMARY = 2.0, 6.0, 2.0
PRIMARY = "section47_enquiries"
NUMBERS = ("count", "denominator")


def released_rows(by_authority: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """The rows that a run publishes: arms and totals; of an authority its academic years only, pooled also the windows.

    A window of an authority less its academic years would be a month of one authority, so none is published.
    """
    own = by_authority[(by_authority["level"] != "school") & (by_authority["period_kind"] == ACADEMIC_YEAR)]
    held = [frame for frame in (own, pooled[pooled["level"] != "school"]) if len(frame)]
    return pd.concat(held, ignore_index=True) if held else own.reset_index(drop=True)


def with_what_stands_behind(rows: pd.DataFrame, schools: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """The rows with largest_share_of_count and …_denominator (of one school), behind (`children_behind`) and cost.

    `schools` are the outcome rows of schools.
    """
    shares = largest_shares(schools)
    joined = rows.merge(shares, on=ROW, how="left")
    filled = joined.assign(
        **{f"largest_share_of_{name}": joined[f"largest_share_of_{name}"].fillna(0.0) for name in NUMBERS}
    )
    return filled.assign(
        behind=children_behind(filled, definitions.interval_level).to_numpy(),
        cost=_costs(filled),
    )


def largest_shares(schools: pd.DataFrame) -> pd.DataFrame:
    """By row of an arm, of both arms, and pooled: the largest part of count and denominator that one school holds."""
    held = schools.loc[schools["status"] == OK, [*ROW, *NUMBERS]]
    keyed = held.astype(dict.fromkeys(ROW, "category"))
    sizes = keyed[ROW].assign(**{name: keyed[name].abs() for name in NUMBERS})
    parts = []
    for authority in (False, True):
        for arm in (False, True):
            group = [name for name in ROW if not (name == "authority" and authority) and not (name == "arm" and arm)]
            found = sizes.groupby(group, observed=True)[list(NUMBERS)].agg(["max", "sum"])
            shares = {f"largest_share_of_{name}": _share(found[name]) for name in NUMBERS}
            made = pd.DataFrame(shares, index=found.index).reset_index().astype(dict.fromkeys(group, "string"))
            parts.append(made.assign(**({"authority": ALL} if authority else {}), **({"arm": ALL} if arm else {})))
    every = pd.concat(parts, ignore_index=True)
    return every.astype(dict.fromkeys(ROW, "string"))


def _share(found: pd.DataFrame) -> pd.Series:
    return (found["max"] / found["sum"].where(found["sum"] > 0)).fillna(0.0)


def children_behind(rows: pd.DataFrame, level: float) -> pd.Series:
    """The fewest children that can stand behind a sum of days or sessions, or a mean.

    The number of children is not in the outcome table. The interval gives a floor for it: the square of value over its
    standard error is at most the number of children, and equals it where all have the same amount. Behind a mean stands
    its denominator; without an interval there is no floor, and nothing but the amount itself can be said.
    """
    kind = rows["measure"].map({name: one.kind for name, one in measures().items()})
    error = (rows["upper"] - rows["value"]) / special.ndtri((1 + level) / 2)
    floor = (rows["value"] / error.where(error > 0)) ** 2
    is_amount = kind.isin(["amount", "ratio"])
    return floor.fillna(0.0).where(is_amount, rows["denominator"].where(kind == "mean", np.inf))


def _costs(rows: pd.DataFrame) -> np.ndarray:
    cost = np.where(rows["arm"] == ALL, COST_OF_TOTAL, 1.0)
    cost = cost * np.where(rows["authority"] == ALL, COST_OF_POOLED, 1.0)
    made: np.ndarray = cost * np.where(rows["measure"] == PRIMARY, COST_OF_PRIMARY, 1.0)
    return made
