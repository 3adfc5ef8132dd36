"""903 433: an episode that continues begins the day the one before ended."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, neighbour


@ssda903(
    "433",
    fields=("reason_new_episode", "episode_start_date", "episode_end_date"),
    title="An episode is said to continue the one before, but does not begin on the day that one ended",
    severity="note",
    reason="days in care are missing or counted twice",
    how_to_mend="correct RNE or DECOM, or DEC of the episode before",
)
def continues_after_a_gap(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    case = ["return_year", "la_child_id"]
    order = ["episode_start_date", "episode_end_date"]
    ended = neighbour(rows, case, order, ["episode_end_date"], step=1)["episode_end_date"]
    continues = rows["reason_new_episode"].isin(["P", "L", "T", "B", "U"])
    return continues & ended.notna() & (ended != rows["episode_start_date"])
