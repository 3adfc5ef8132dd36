"""A pupil on roll on census day joined before it."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

LATEST_CENSUS_DAY = {"autumn": "10-15", "spring": "01-31", "summer": "05-31"}


@plausible(
    "enters after census day",
    tables="pupils",
    fields=("entry_date", "is_on_roll"),
    title="A pupil said to be on roll on census day joined after it",
    severity="note",
    reason="the pupil's time on roll may start too late",
    how_to_mend="correct the entry date in the school's register",
)
def enters_after_census(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    days = rows["census_year"].astype("string") + "-" + rows["census_term"].map(LATEST_CENSUS_DAY).astype("string")
    return rows["is_on_roll"].eq(True).fillna(False) & (rows["entry_date"] > _dates(days))


def _dates(days: pd.Series) -> pd.Series:
    known = {day: pd.Timestamp(day) for day in days.dropna().unique()}
    return pd.to_datetime(days.map(known)).astype("datetime64[us]")
