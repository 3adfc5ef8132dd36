"""What the parts of the yardstick share: the periods that are counted over."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

# Label → first and last day.
Periods = dict[str, tuple[pd.Timestamp, pd.Timestamp]]
CUT = pd.Timestamp(2023, 8, 31)
YEAR_GROUPS = (7, 11)
ONE_DAY = pd.Timedelta(days=1)


def over(rows: pd.DataFrame, periods: Periods, count: Callable[[pd.DataFrame], pd.Series | pd.DataFrame]):
    """What `count` makes of the rows whose day lies in each period, the period behind the keys it groups by."""
    parts = {name: count(rows[rows["day"].between(*span)]) for name, span in periods.items()}
    stacked = pd.concat(parts, names=["period"])
    return stacked.reorder_levels([*stacked.index.names[1:], "period"])


def start_year(days: pd.Series) -> pd.Series:
    """Calendar year in which the academic year of each day began."""
    return days.dt.year - (days.dt.month < 9)
