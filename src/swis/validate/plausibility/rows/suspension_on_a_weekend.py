"""A suspension starts on a school day."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

SATURDAY = 5
AUGUST = 8


@plausible(
    "suspended on no school day",
    tables="suspensions",
    fields=("start_date",),
    title="A suspension starts on a Saturday or Sunday, or in August",
    severity="note",
    reason="the date is wrong, and it decides the academic year",
    how_to_mend="correct the start date in the school's register",
)
def on_no_school_day(tables: Tables) -> pd.Series:
    started = tables["suspensions"]["start_date"]
    return (started.dt.day_of_week >= SATURDAY) | (started.dt.month == AUGUST)
