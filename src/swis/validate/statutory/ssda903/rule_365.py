"""903 365: a single short break (legal status V3) has a longest length; breaks that follow one another have none."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, period_end

LONGEST = pd.Timedelta(days=17)


@ssda903(
    "365",
    fields=("legal_status", "episode_start_date", "episode_end_date"),
    title="A single short break lasts longer than 17 days",
    severity="note",
    reason="a short break is left out of days in care; a long one may be care of another kind",
    how_to_mend="record the new legal status as a new episode, or correct DEC",
)
def short_break_too_long(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    lasted = rows["episode_end_date"].fillna(period_end(rows)) - rows["episode_start_date"]
    return rows["legal_status"].eq("V3").fillna(False) & (lasted > LONGEST)
