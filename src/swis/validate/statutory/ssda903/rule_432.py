"""903 432: after a child ceased to be looked after, the next episode is a start."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, neighbour


@ssda903(
    "432",
    fields=("reason_new_episode", "reason_ceased"),
    title="A child ceased to be looked after, and its next episode is not a start (S)",
    severity="note",
    reason="an entry to care may be missed",
    how_to_mend="correct RNE, or REC of the episode before",
)
def goes_on_after_the_end(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    case = ["return_year", "la_child_id"]
    order = ["episode_start_date", "episode_end_date"]
    ceased = neighbour(rows, case, order, ["reason_ceased"], step=1)["reason_ceased"]
    left = ceased.notna() & ~ceased.eq("X1").fillna(False)
    return left & ~rows["reason_new_episode"].eq("S").fillna(False)
