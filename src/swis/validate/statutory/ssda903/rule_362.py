"""903 362: an emergency protection order (legal status L2) has a longest length."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.lasting import lasted_longer
from swis.validate.tables import Tables

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
    return lasted_longer(tables["care_episodes"], "L2", LONGEST)
