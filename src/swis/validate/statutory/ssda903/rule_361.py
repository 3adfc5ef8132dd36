"""903 361: police protection (legal status L1) has a longest length."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.lasting import lasted_longer
from swis.validate.tables import Tables

LONGEST = pd.Timedelta(days=3)


@ssda903(
    "361",
    fields=("legal_status", "episode_start_date", "episode_end_date"),
    title="Police protection lasts longer than 72 hours",
    severity="note",
    reason="the legal status changed and the change was not recorded",
    how_to_mend="record the new legal status as a new episode, or correct DEC",
)
def police_protection_too_long(tables: Tables) -> pd.Series:
    return lasted_longer(tables["care_episodes"], "L1", LONGEST)
