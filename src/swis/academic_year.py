"""Academic years, reporting years, school terms and windows: every rule about dates that the measures share.

An academic year runs 1 September to 31 August and is written '2021/22'. A reporting year (CIN census, SSDA903)
runs 1 April to 31 March and is named by the year it ends in.

pandas is imported where a column of dates is worked on: reading parameters need not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ACADEMIC_YEAR_FIRST_MONTH = 9
REPORTING_YEAR_FIRST_MONTH = 4


@dataclass(frozen=True)
class Window:
    """A span of days with an inclusive first and last day, as trials state their windows."""

    name: str
    first_day: date
    last_day: date

    @property
    def end_exclusive(self) -> pd.Timestamp:
        """The day after the last day, for half-open interval arithmetic."""
        import pandas as pd

        return pd.Timestamp(self.last_day) + pd.Timedelta(days=1)

    @property
    def start(self) -> pd.Timestamp:
        """The first day as a timestamp."""
        import pandas as pd

        return pd.Timestamp(self.first_day)

    @property
    def years(self) -> float:
        """Length in years of 365.25 days, the unit of person-time."""
        return (self.end_exclusive - self.start).days / 365.25


def academic_year_of(dates: pd.Series) -> pd.Series:
    """Academic year ('2021/22') of each date; missing dates stay missing."""
    import pandas as pd

    stamps = pd.to_datetime(dates)
    start = stamps.dt.year - (stamps.dt.month < ACADEMIC_YEAR_FIRST_MONTH)
    return _label(start).rename("academic_year")


def reporting_year_of(dates: pd.Series) -> pd.Series:
    """Year in which the reporting year (1 April to 31 March) of each date ends, as a nullable integer."""
    import pandas as pd

    stamps = pd.to_datetime(dates)
    ends = stamps.dt.year + (stamps.dt.month >= REPORTING_YEAR_FIRST_MONTH)
    return ends.astype("Int64").rename("reporting_year")


def _label(start_year: pd.Series) -> pd.Series:
    whole = start_year.astype("Int64").astype("string")
    following = ((start_year + 1) % 100).astype("Int64").astype("string").str.zfill(2)
    return whole + "/" + following


def academic_year_window(academic_year: str) -> Window:
    """First and last day of an academic year written '2021/22'; ValueError for anything else."""
    start = int(academic_year[:4])
    if academic_year != f"{start}/{(start + 1) % 100:02d}":
        raise ValueError(f"an academic year is written '2021/22', not {academic_year!r}")
    return Window(academic_year, date(start, 9, 1), date(start + 1, 8, 31))


def academic_years_between(first: str, last: str) -> list[str]:
    """Every academic year from `first` to `last`, both included."""
    starts = range(int(first[:4]), int(last[:4]) + 1)
    return [f"{start}/{(start + 1) % 100:02d}" for start in starts]


def time_period_of(academic_year: str) -> str:
    """The six-digit form that DfE tidy files use: '2021/22' becomes '202122'."""
    return academic_year.replace("/", "")


def academic_year_of_time_period(time_period: str) -> str:
    """The inverse of `time_period_of`: '202122' becomes '2021/22'."""
    return f"{time_period[:4]}/{time_period[4:]}"
