"""903 501: an episode does not begin before the one before has ended."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, is_last_of, starts_inside_an_earlier

CHILD = ["return_year", "la_child_id"]


@ssda903(
    "501",
    fields=("episode_start_date", "episode_end_date"),
    title="An episode begins before an earlier one of the same child has ended",
    severity="note",
    reason="days are counted once however many episodes cover them, but one of the dates is wrong",
    how_to_mend="correct DECOM, or DEC of the episode before",
)
def episodes_overlap(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    dated = rows[rows["episode_end_date"].notna() | is_last_of(rows, CHILD, "episode_start_date")]
    inside = starts_inside_an_earlier(dated, CHILD, "episode_start_date", "episode_end_date")
    return inside.reindex(rows.index, fill_value=False)
