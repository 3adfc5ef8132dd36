"""School terms by date: which term a census day or a count of sessions belongs to, and where terms end.

Boundaries as the school census uses them to collect absence: autumn to 31 December, spring to Easter Sunday, summer
(first half) to the Sunday before the last Monday of May, and summer half-term 2 to the end of the academic year
(DfE school census guide; sessions end on 31 July, and the boundary of a pupil's stay is 31 August).
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from swis.derive.lookup import look_up
from swis.derive.working_days import easter_sunday

ABSENCE_TERMS = ["autumn", "spring", "summer", "summer half-term 2"]
# Place of each census in its calendar year, so that year × 3 + place orders censuses in time.
CENSUS_PLACE = {"spring": 0, "summer": 1, "autumn": 2}


def census_ordinal(census_year: pd.Series, census_term: pd.Series) -> pd.Series:
    """Number that orders censuses in time; neighbouring censuses differ by one."""
    place = look_up(census_term, pd.Series(CENSUS_PLACE, dtype="Int64")).astype("int64")
    return census_year.astype("int64") * 3 + place


def academic_start_year_of_ordinal(ordinal: pd.Series) -> pd.Series:
    """Calendar year in which the academic year of a census began."""
    return (ordinal - 2) // 3


@cache
def spring_bank_holiday(year: int) -> pd.Timestamp:
    """Last Monday of May, which parts the two halves of the summer term."""
    last = pd.Timestamp(year, 5, 31)
    return last - pd.Timedelta(days=last.weekday())


@cache
def term_bounds(start_year: int, term: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of sessions of a term of the academic year that begins in `start_year`."""
    year = start_year + 1
    easter = easter_sunday(year)
    half = spring_bank_holiday(year)
    bounds = {
        "autumn": (pd.Timestamp(start_year, 9, 1), pd.Timestamp(start_year, 12, 31)),
        "spring": (pd.Timestamp(year, 1, 1), easter),
        "summer": (easter + pd.Timedelta(days=1), half - pd.Timedelta(days=1)),
        "summer half-term 2": (half, pd.Timestamp(year, 7, 31)),
    }
    return bounds[term]


def end_of_census_term(ordinal: pd.Series) -> pd.Series:
    """Day after the last day of the term in which a census fell (summer ends on 31 August)."""
    ends = {number: _end_of_one(number) for number in pd.unique(ordinal)}
    return ordinal.map(ends).astype("datetime64[us]")


def _end_of_one(ordinal: int) -> pd.Timestamp:
    year, place = divmod(int(ordinal), 3)
    if place == CENSUS_PLACE["autumn"]:
        return pd.Timestamp(year + 1, 1, 1)
    if place == CENSUS_PLACE["spring"]:
        return easter_sunday(year) + pd.Timedelta(days=1)
    return pd.Timestamp(year, 9, 1)


def term_calendar(start_years: list[int]) -> pd.DataFrame:
    """One row a term of absence: academic_year, absence_term, first_day, last_day.

    Also census_ordinal of the school census that carries its sessions (a term in arrears) and
    suspension_census_ordinal of the one that carries its suspensions (two terms in arrears).
    """
    rows = []
    for start in start_years:
        for term in ABSENCE_TERMS:
            first, last = term_bounds(start, term)
            own = start * 3 + 2 + min(ABSENCE_TERMS.index(term), 2)
            rows.append((f"{start}/{(start + 1) % 100:02d}", term, first, last, own + 1, own + 2))
    columns = ["academic_year", "absence_term", "first_day", "last_day", "census_ordinal", "suspension_census_ordinal"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"academic_year": "string", "absence_term": "string"})


def january_census_day(start_year: int) -> pd.Timestamp:
    """Spring census day of an academic year: the third Thursday of January (DfE school census guide)."""
    first = pd.Timestamp(start_year + 1, 1, 1)
    return first + pd.Timedelta(days=int(np.mod(3 - first.weekday(), 7)) + 14)


def january_before(day: date) -> int:
    """Calendar year of the last spring census day before a day."""
    return day.year if january_census_day(day.year - 1) < pd.Timestamp(day) else day.year - 1
