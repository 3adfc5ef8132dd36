"""Days as whole numbers since 1 January 1970: fast arithmetic, working days, and the texts of dates.

A date that has not happened is `OPEN`, a day far in the future, so that comparisons need no special case.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays
import numpy as np
import pyarrow as pa

OPEN = 99_999
FIRST_TEXT_YEAR, LAST_TEXT_YEAR = 1985, 2040
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Days = np.ndarray


def day(year: int, month: int, day_of_month: int) -> int:
    """Number of a day."""
    return day_of(date(year, month, day_of_month))


def day_of(when: date) -> int:
    """Number of a date."""
    return (when - date(1970, 1, 1)).days


def date_of(number: int) -> date:
    """Date of a number."""
    return date(1970, 1, 1) + timedelta(days=int(number))


def as_dates(days: Days) -> np.ndarray:
    """Days as numpy dates; `OPEN` becomes missing."""
    stamps = np.asarray(days, dtype="int64").astype("datetime64[D]")
    return np.where(np.asarray(days) >= OPEN, np.datetime64("NaT"), stamps)


def reporting_year(days: Days) -> np.ndarray:
    """Year in which the reporting year (1 April to 31 March) of each day ends."""
    months = np.asarray(days, dtype="int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return 1970 + (months + 9) // 12


def academic_start(days: Days) -> np.ndarray:
    """Calendar year in which the academic year (1 September to 31 August) of each day began."""
    months = np.asarray(days, dtype="int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return 1970 + (months - 8) // 12


def month_of(days: Days) -> np.ndarray:
    """Month of each day, 1 to 12."""
    months = np.asarray(days, dtype="int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return months % 12 + 1


@cache
def working_days() -> np.busdaycalendar:
    """Monday to Friday without England's bank holidays."""
    days_off = sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2008, 2027)))
    return np.busdaycalendar(holidays=np.array(days_off, dtype="datetime64[D]"))


def next_working_day(days: Days) -> np.ndarray:
    """Each day, or the working day after it where it is not one."""
    return add_working_days(days, np.zeros(len(days), dtype="int64"))


def add_working_days(days: Days, number: Any) -> np.ndarray:
    """The day `number` working days after each day."""
    start = np.asarray(days, dtype="int64").astype("datetime64[D]")
    moved = np.busday_offset(start, number, roll="forward", busdaycal=working_days())
    return moved.astype("int64")


def count_working_days(first: Days, last: Days) -> np.ndarray:
    """Working days from the first day (not counted) to the last day (counted)."""
    begin = np.asarray(first, dtype="int64").astype("datetime64[D]") + 1
    end = np.asarray(last, dtype="int64").astype("datetime64[D]") + 1
    return np.busday_count(begin, end, busdaycal=working_days())


def _texts(pattern: str) -> list[str]:
    """Text of every day from 1970 on (earlier ones are blank: no child here is so old)."""
    last = day(LAST_TEXT_YEAR, 12, 31)
    days = [date(1970, 1, 1) + timedelta(days=number) for number in range(last + 1)]
    if pattern == "iso":
        return [when.isoformat() for when in days]
    if pattern == "slash":
        return [f"{when.day:02d}/{when.month:02d}/{when.year}" for when in days]
    return [f"{when.year}-{MONTHS[when.month - 1]}-{when.day:02d} 00:00:00" for when in days]


@cache
def iso_texts() -> list[str]:
    """`2021-03-31` by day number."""
    return _texts("iso")


@cache
def _arrow_texts(pattern: str) -> pa.Array:
    return pa.array([*_texts(pattern), ""])


def arrow_dates(days: Days, pattern: str) -> pa.Array:
    """Days as a text column in the pattern `iso`, `slash` or `census`; blank where the day is `OPEN`."""
    texts = _arrow_texts(pattern)
    return texts.take(pa.array(np.where(np.asarray(days) >= OPEN, len(texts) - 1, days).astype("int32")))
