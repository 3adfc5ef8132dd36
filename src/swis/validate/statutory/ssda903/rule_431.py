"""903 431: a child does not start to be looked after on the day it ceased to be."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, neighbour


@ssda903(
    "431",
    fields=("reason_new_episode", "episode_start_date", "episode_end_date"),
    title="A child started to be looked after (S) on the day its last episode ended",
    severity="note",
    reason="one period of care would be counted as two entries to care",
    how_to_mend="correct RNE, or REC of the episode before",
)
def starts_again_the_same_day(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    case = ["return_year", "la_child_id"]
    order = ["episode_start_date", "episode_end_date"]
    ended = neighbour(rows, case, order, ["episode_end_date"], step=1)["episode_end_date"]
    return rows["reason_new_episode"].eq("S").fillna(False) & (ended == rows["episode_start_date"])
