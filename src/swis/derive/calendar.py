"""Days that were observed, as an array of days, so that any count of observed days is two look-ups.

A missing return makes part of a year unobserved; those days leave counts and person-time alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_DAY = pd.Timestamp(2015, 4, 1)
LAST_DAY = pd.Timestamp(2031, 9, 1)
DAYS = (LAST_DAY - FIRST_DAY).days


def day_numbers(dates: pd.Series) -> np.ndarray:
    """Whole days since the first day of the calendar, kept inside it; missing dates become the last day."""
    stamps = pd.to_datetime(dates)
    numbers = (stamps.fillna(LAST_DAY) - FIRST_DAY).dt.days.to_numpy()
    return np.clip(numbers, 0, DAYS).astype(np.int64)


def _number(day: pd.Timestamp) -> int:
    return int(np.clip((day - FIRST_DAY).days, 0, DAYS))


@dataclass(frozen=True)
class DayCalendar:
    """Which days are observed (one boolean a day from FIRST_DAY), with the running count of observed days."""

    observed: np.ndarray

    @classmethod
    def of_spans(cls, spans: pd.DataFrame) -> DayCalendar:
        """Calendar of half-open spans (columns start, end); overlapping spans count once."""
        observed = np.zeros(DAYS, dtype=bool)
        for start, end in zip(spans["start"], spans["end"], strict=True):
            observed[_number(start) : _number(end)] = True
        return cls(observed)

    def spans(self) -> pd.DataFrame:
        """The observed days as half-open spans (columns start, end), as few as possible."""
        padded = np.concatenate([[False], self.observed, [False]]).astype(np.int8)
        edges = np.diff(padded)
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        days = {"start": starts, "end": ends}
        frame = pd.DataFrame({name: FIRST_DAY + pd.to_timedelta(numbers, unit="D") for name, numbers in days.items()})
        return frame.astype("datetime64[us]")

    @classmethod
    def nothing(cls) -> DayCalendar:
        """Calendar in which no day is observed."""
        return cls(np.zeros(DAYS, dtype=bool))

    @classmethod
    def everything(cls) -> DayCalendar:
        """Calendar in which every day is observed."""
        return cls(np.ones(DAYS, dtype=bool))

    def until(self, end: pd.Timestamp) -> DayCalendar:
        """The same without the days from `end` on."""
        return self.within(FIRST_DAY, end)

    def within(self, start: pd.Timestamp, end: pd.Timestamp) -> DayCalendar:
        """The same without the days outside the half-open span."""
        kept = np.zeros(DAYS, dtype=bool)
        kept[_number(start) : _number(end)] = True
        return DayCalendar(self.observed & kept)

    def with_look_back(self, months: int) -> DayCalendar:
        """Days that are observed together with the whole of the `months` before them."""
        days = FIRST_DAY + pd.to_timedelta(np.arange(DAYS), unit="D")
        earlier = day_numbers(pd.Series(days - pd.DateOffset(months=months)))
        running = self.running()
        complete = (running[:-1] - running[earlier]) == (np.arange(DAYS) - earlier)
        return DayCalendar(self.observed & complete)

    def running(self) -> np.ndarray:
        """Observed days before each day of the calendar (one more element than days)."""
        return np.concatenate([[0], np.cumsum(self.observed)])

    def days_in(self, start: pd.Series, end: pd.Series) -> np.ndarray:
        """Observed days in each half-open span; none where the end does not follow the start."""
        running = self.running()
        return np.maximum(running[day_numbers(end)] - running[day_numbers(start)], 0)

    def holds(self, dates: pd.Series) -> np.ndarray:
        """Whether each date is an observed day; a missing date is not."""
        inside = np.append(self.observed, False)
        return inside[day_numbers(dates)] & pd.to_datetime(dates).notna().to_numpy()

    def share_of(self, start: pd.Timestamp, end: pd.Timestamp) -> float:
        """Share of the days of a half-open span that are observed."""
        span = self.observed[_number(start) : _number(end)]
        return float(span.mean()) if len(span) else 0.0
