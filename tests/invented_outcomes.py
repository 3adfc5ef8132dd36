"""Invented outcome tables of a few authorities: schools, arms, totals, and all of them pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from swis.outcomes.levels import OUTCOME_COLUMNS
from swis.outcomes.registry import measures

TRIAL = "swis"
YEARS = ("2020/21", "2021/22")
KEYS = ["authority", "trial", "arm", "period_kind", "period", "measure"]
# Children behind an amount in these tables: every child has as much as any other.
PER_CHILD = 30.0
Counts = Mapping[tuple[str, str, str], Sequence[float]]


def school_rows(
    measure: str, counts: Counts, *, denominator: float = 1000.0, period_kind: str = "academic year"
) -> pd.DataFrame:
    """Rows of schools: `counts` maps (authority, arm, period) to one count a school; each has the `denominator`."""
    rows = [
        {"authority": authority, "trial": TRIAL, "level": "school", "urn": f"{authority} {arm} {number}", "arm": arm,
         "period_kind": period_kind, "period": period, "measure": measure, "count": float(count),
         "denominator": denominator, "schools": 1}
        for (authority, arm, period), held in counts.items()
        for number, count in enumerate(held)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def all_levels(schools: pd.DataFrame) -> pd.DataFrame:
    """Schools with the rows of arms and authorities that are their sums (columns of the outcome table)."""
    arms = _summed(schools, "arm", schools["arm"])
    authorities = _summed(schools, "authority", pd.Series("all", index=schools.index))
    return _valued(pd.concat([schools, arms, authorities], ignore_index=True))


def pooled_over(by_authority: pd.DataFrame) -> pd.DataFrame:
    """Arms and totals over all authorities, authority 'all'."""
    rows = by_authority[by_authority["level"] != "school"].assign(authority="all")
    summed = rows.groupby([*KEYS, "level"], as_index=False)[["count", "denominator", "schools"]].sum()
    return _valued(summed.assign(urn=""))


def random_outcomes(seed: int, authorities: int = 3, schools: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Small counts of two measures, one part of the other, and a share: by authority, and pooled with a window."""
    rng = np.random.default_rng(seed)
    names = [f"authority {number}" for number in range(authorities)]
    places = [(name, arm, year) for name in names for arm in ("intervention", "control") for year in YEARS]
    whole = {place: list(rng.poisson(2.0, schools).astype(float)) for place in places}
    part = {place: [float(rng.integers(0, one + 1)) for one in held] for place, held in whole.items()}
    window = {
        (name, arm, "23 months"): [
            max(first + second - rng.integers(0, 2), 0.0)
            for first, second in zip(*(whole[(name, arm, year)] for year in YEARS), strict=True)
        ]
        for name, arm, year in places
        if year == YEARS[0]
    }
    parts = [
        school_rows("referrals", whole),
        school_rows("referrals_from_schools", part),
        school_rows("referrals", window, denominator=1900.0, period_kind="window"),
    ]
    by_authority = all_levels(pd.concat(parts, ignore_index=True))
    return by_authority, pooled_over(by_authority)


def _summed(schools: pd.DataFrame, level: str, arm: pd.Series) -> pd.DataFrame:
    grouped = schools.assign(arm=arm).groupby(KEYS, as_index=False)
    return grouped[["count", "denominator", "schools"]].sum().assign(level=level, urn="")


def _valued(rows: pd.DataFrame) -> pd.DataFrame:
    known = measures()
    per, unit = ({name: getattr(one, what) for name, one in known.items()} for what in ("rate_per", "unit"))
    value = rows["count"] / rows["denominator"] * rows["measure"].map(per)
    half = value.abs() / np.sqrt((rows["count"].abs() / PER_CHILD).clip(lower=1.0)) * 1.959964
    made = rows.assign(
        value=value,
        lower=value - half,
        upper=value + half,
        unit=rows["measure"].map(unit),
        observed_share=1.0,
        comparability="comparable",
        status="ok",
    )
    texts = [*KEYS, "level", "urn", "comparability", "status", "unit"]
    return made[OUTCOME_COLUMNS].astype(dict.fromkeys(texts, "string"))
