"""A spell of work lies in the years of the programmes."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables

FIRST_DAY, LAST_DAY = pd.Timestamp(2020, 1, 1), pd.Timestamp(2024, 8, 31)
"""From the year of the first schools' supervision to the year after the extension of the social workers (assumed)."""


@plausible(
    "work outside the programme",
    tables="delivery",
    fields=("from_date", "to_date"),
    title="A spell of work starts or ends outside the years of the programme",
    severity="note",
    reason="days outside the windows of a trial do not count; a wrong year moves a worker out of them",
    how_to_mend="correct the dates in the record of delivery",
    owner=TRIAL_TEAM,
)
def out_of_time(tables: Tables) -> pd.Series:
    rows = tables["delivery"]
    return (rows["from_date"] < FIRST_DAY) | (rows["from_date"] > LAST_DAY) | (rows["to_date"] > LAST_DAY)
