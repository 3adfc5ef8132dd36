"""903 380: a period of care does not start with a temporary placement."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]


@ssda903(
    "380",
    fields=("placement", "reason_new_episode"),
    title="A period of care starts with a temporary placement (T0 to T4)",
    severity="note",
    reason="the first episode of the period is probably missing",
    how_to_mend="record the placement the child came from",
)
def starts_in_a_temporary_placement(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["reason_new_episode"].eq("S").fillna(False) & rows["placement"].isin(TEMPORARY)
