"""903 142: an episode ends when the next begins."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, is_last_of


@ssda903(
    "142",
    fields=("episode_end_date", "episode_start_date"),
    title="An episode has no end although a later one of the same child has begun",
    severity="set aside",
    reason="left open, it would count as days in care to the end of the study",
    how_to_mend="fill DEC and REC with the day and reason the episode ceased",
)
def open_before_another(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    is_last = is_last_of(rows, ["return_year", "la_child_id"], "episode_start_date")
    return rows["episode_end_date"].isna() & ~is_last
