"""903 355: an episode lasts at least a day."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "355",
    fields=("episode_start_date", "episode_end_date"),
    title="An episode starts and ends on the same day",
    severity="note",
    reason="it adds no day in care, but may be counted as a start",
    how_to_mend="remove the episode, or correct DEC",
)
def episode_of_no_days(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["episode_start_date"] == rows["episode_end_date"]
