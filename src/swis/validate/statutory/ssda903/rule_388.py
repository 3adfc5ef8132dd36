"""903 388: an episode that continues is followed by another."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, neighbour


@ssda903(
    "388",
    fields=("reason_ceased", "episode_end_date"),
    title="An episode ceased because another began (X1), and no other begins that day",
    severity="note",
    reason="an episode is missing, and its days in care with it",
    how_to_mend="add the missing episode, or correct REC or DEC",
)
def no_continuation(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    case = ["return_year", "la_child_id"]
    order = ["episode_start_date", "episode_end_date"]
    following = neighbour(rows, case, order, ["episode_start_date"], step=-1)["episode_start_date"]
    return rows["reason_ceased"].eq("X1").fillna(False) & (following.isna() | (following != rows["episode_end_date"]))
