"""CIN 8875: an initial conference is not held on a weekend."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables

SATURDAY = 5


@cin(
    "8875",
    tables="conferences",
    fields=("conference_date",),
    title="An initial conference is dated on a Saturday or Sunday",
    severity="note",
    reason="the date is off by a day or two; it seldom changes the academic year",
    how_to_mend="correct DateOfInitialCPC",
)
def on_a_weekend(tables: Tables) -> pd.Series:
    return tables["conferences"]["conference_date"].dt.day_of_week >= SATURDAY
