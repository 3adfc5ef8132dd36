"""903 363: a child assessment order (legal status L3) has a longest length."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.lasting import lasted_longer
from swis.validate.tables import Tables

LONGEST = pd.Timedelta(days=7)


@ssda903(
    "363",
    fields=("legal_status", "episode_start_date", "episode_end_date"),
    title="A child assessment order lasts longer than 7 days",
    severity="note",
    reason="the legal status changed and the change was not recorded",
    how_to_mend="record the new legal status as a new episode, or correct DEC",
)
def assessment_order_too_long(tables: Tables) -> pd.Series:
    return lasted_longer(tables["care_episodes"], "L3", LONGEST)
