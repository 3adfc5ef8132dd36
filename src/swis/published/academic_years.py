"""Referrals by academic year, re-cut from the months of two reporting years; no other social care figure can be."""

from __future__ import annotations

import pandas as pd

from swis.params import Authority
from swis.published.context import AUTHORITY, ENGLAND, over_code_changes
from swis.published.figures import NOT_AVAILABLE, WORST_FIRST, preferred

MONTHS = [
    "september", "october", "november", "december", "january", "february", "march",
    "april", "may", "june", "july", "august",
]  # fmt: skip
MONTHS_OF_FIRST_RETURN = 7
PREFIX = "referrals_in_"
COLUMNS = ["area", "academic_year", "value", "symbol", "months_known", "unit", "release", "source"]
REPORTING_YEAR_DIGITS = 4


def referrals_by_academic_year(published: pd.DataFrame, authority: Authority) -> pd.DataFrame:
    """Referrals of the authority and of England by academic year, from the DfE's referrals by month.

    Academic year Y/Y+1 is September to March of the reporting year to March Y+1 and April to August of the next; a
    figure only where all twelve months are numbers, else missing for the gravest reason among its months. Columns:
    area, academic_year, value (referrals), symbol, months_known (of 12), unit, release, source. England's months are
    each rounded to ten by the DfE, so its sum carries that.
    """
    monthly = published[
        published["measure"].str.startswith(PREFIX) & published["time_period"].str.len().eq(REPORTING_YEAR_DIGITS)
    ]
    marked = monthly.assign(is_computed=False)
    codes = [code.old_la_code for code in authority.codes]
    own = over_code_changes(marked[marked["area_code"].isin(codes)], authority)
    england = preferred(marked[marked["geographic_level"].eq("National")])
    rows = pd.concat([own.assign(area=AUTHORITY), england.assign(area=ENGLAND)], ignore_index=True)
    return _recut(rows)


def _recut(rows: pd.DataFrame) -> pd.DataFrame:
    place = rows["measure"].str.removeprefix(PREFIX).map({month: number for number, month in enumerate(MONTHS)})
    year = rows["time_period"].astype("int64")
    first = year - 1 - place.ge(MONTHS_OF_FIRST_RETURN).astype("int64")
    gravity = rows["symbol"].map({symbol: number for number, symbol in enumerate(WORST_FIRST)}).astype("float64")
    grouped = rows.assign(start=first, gravity=gravity, is_number=rows["value"].notna()).groupby(["area", "start"])
    sums = grouped.agg(
        value=("value", "sum"), months_known=("is_number", "sum"), gravity=("gravity", "min"), unit=("unit", "first"),
        release=("release", lambda releases: " and ".join(sorted(releases.unique()))),
    ).reset_index()  # fmt: skip
    is_whole = sums["months_known"].eq(len(MONTHS))
    reason = sums["gravity"].map(dict(enumerate(WORST_FIRST))).astype("string").fillna(NOT_AVAILABLE)
    start = sums["start"]
    return sums.assign(
        academic_year=start.astype("string") + "/" + ((start + 1) % 100).astype("string").str.zfill(2),
        value=sums["value"].where(is_whole),
        symbol=reason.mask(is_whole),
        source="sum of twelve monthly figures of two reporting years",
    )[COLUMNS]
