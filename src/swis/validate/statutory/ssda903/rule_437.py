"""903 437: after death (E2), or once a child proved to be 18 or over (E15), there is no further episode."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, is_last_of


@ssda903(
    "437",
    fields=("reason_ceased",),
    title="A child died or proved to be 18 or over, and has a later episode",
    severity="note",
    reason="the reason is wrong, or the later episode is another child's",
    how_to_mend="correct REC, or remove the later episode",
)
def care_after_the_end(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    is_last = is_last_of(rows, ["return_year", "la_child_id"], "episode_start_date")
    return rows["reason_ceased"].isin(["E2", "E15"]) & ~is_last
