"""903 380: a temporary placement follows another placement, so a period of care does not start with one."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]
CHANGES_OF_PLACEMENT = ["P", "B"]


@ssda903(
    "380",
    fields=("placement", "reason_new_episode"),
    title="A temporary placement (T0 to T4) does not begin by a change of placement (P, B)",
    severity="note",
    reason="the episode before it is probably missing, and the start of care with it",
    how_to_mend="record the placement the child came from",
)
def temporary_without_a_placement_before(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["placement"].isin(TEMPORARY) & ~rows["reason_new_episode"].isin(CHANGES_OF_PLACEMENT)
