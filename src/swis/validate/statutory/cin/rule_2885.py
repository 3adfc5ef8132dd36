"""CIN 2885: a child protection plan starts on the day of the initial conference."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, period_end, period_start


@cin(
    "2885",
    tables="protection_plans",
    needs=("conferences",),
    fields=("plan_start_date", "conference_date"),
    title="A plan that started in the year did not start on the day of an initial conference of the case",
    severity="note",
    reason="the start of the plan may be off by days; it seldom changes the academic year",
    how_to_mend="give the plan the date of the conference that made it",
)
def start_without_conference(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    starts = rows["plan_start_date"]
    held = tables["conferences"].rename(columns={"conference_date": "plan_start_date"})
    keys = [*CHILD_BLOCK, "referral_date", "plan_start_date"]
    found = rows[keys].merge(held[keys].drop_duplicates().assign(held=True), on=keys, how="left")["held"].eq(True)
    return starts.between(period_start(rows), period_end(rows)) & ~found.fillna(False)
