"""903 362: legal status L1 has a longest length."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, period_end

LONGEST = pd.Timedelta(days=21)


@ssda903(
    "362",
    fields=("legal_status", "episode_start_date", "episode_end_date"),
    title="An emergency protection order lasts longer than 21 days",
    severity="note",
    reason="the legal status changed and the change was not recorded",
    how_to_mend="record the new legal status as a new episode, or correct DEC",
)
def emergency_order_too_long(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    lasted = rows["episode_end_date"].fillna(period_end(rows)) - rows["episode_start_date"]
    return rows["legal_status"].eq("L1").fillna(False) & (lasted > LONGEST)
