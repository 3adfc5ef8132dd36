"""Working days in England: Monday to Friday but for the bank holidays, counted with day 0 the start date."""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np
import pandas as pd

FIRST_YEAR, LAST_YEAR = 2010, 2035


@cache
def easter_sunday(year: int) -> pd.Timestamp:
    """Easter Sunday of a calendar year: the day before the Easter Monday bank holiday."""
    monday = holidays.country_holidays("GB", subdiv="ENG", years=[year]).get_named("Easter Monday")[0]
    return pd.Timestamp(monday) - pd.Timedelta(days=1)


@cache
def bank_holidays() -> np.ndarray:
    """England's bank holidays, substitutes and one-off days included, as numpy days (the `holidays` library)."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    days = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return np.array(sorted(days), dtype="datetime64[D]")


def working_days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Working days from `start` to `end` (Float64), the start being day 0; negative where the end comes first.

    A start on a day that is not a working day counts from the next one, so Saturday to Monday is no day at all.
    Missing where either date is missing. Source: DfE children in need guide, time bands in working days.
    """
    first, last = pd.to_datetime(start), pd.to_datetime(end)
    known = (first.notna() & last.notna()).to_numpy()
    counted = np.full(len(first), np.nan)
    counted[known] = np.busday_count(
        _moved_to_working_day(first[known]), _moved_to_working_day(last[known]), holidays=bank_holidays()
    )
    return pd.Series(counted, index=start.index, dtype="float64")


def next_working_day(dates: pd.Series) -> pd.Series:
    """The first working day after each date; missing stays missing."""
    stamps = pd.to_datetime(dates)
    known = stamps.notna().to_numpy()
    moved = np.full(len(stamps), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    days = stamps[known].to_numpy().astype("datetime64[D]")
    # From any day, a Saturday or bank holiday too, step back to the working day before and go one on.
    moved[known] = np.busday_offset(days, 1, roll="preceding", holidays=bank_holidays())
    return pd.Series(moved, index=dates.index)


def _moved_to_working_day(stamps: pd.Series) -> np.ndarray:
    days = stamps.to_numpy().astype("datetime64[D]")
    return np.busday_offset(days, 0, roll="forward", holidays=bank_holidays())
