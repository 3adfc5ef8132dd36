"""A pupil on roll on census day joined before it."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables, census_days


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
    return rows["is_on_roll"].eq(True).fillna(False) & (rows["entry_date"] > census_days(rows))
