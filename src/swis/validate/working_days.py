"""Working days in England, for rules that count back from the end of a return."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays
import numpy as np
import pandas as pd


@cache
def _bank_holidays(year: int) -> tuple[np.datetime64, ...]:
    days = holidays.country_holidays("GB", subdiv="ENG", years=[year - 1, year])
    return tuple(np.datetime64(day) for day in sorted(days))


@cache
def working_days_before(day: date, count: int) -> pd.Timestamp:
    """The day `count` working days (Monday to Friday, no bank holiday of England) before `day`."""
    moved = np.busday_offset(np.datetime64(day), -count, roll="backward", holidays=list(_bank_holidays(day.year)))
    return pd.Timestamp(moved)


def working_days_before_each(days: pd.Series, count: int) -> pd.Series:
    """`working_days_before` for a column of few distinct days; missing stays missing."""
    moved = {day: working_days_before(day.date(), count) for day in days.dropna().unique()}
    return pd.to_datetime(days.map(moved)).astype("datetime64[us]")
