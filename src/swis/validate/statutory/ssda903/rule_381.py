"""903 381: a period of care does not end with a temporary placement."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]


@ssda903(
    "381",
    fields=("placement", "reason_ceased"),
    title="A period of care ends with a temporary placement (T0 to T4)",
    severity="note",
    reason="the last episode of the period is probably missing",
    how_to_mend="record the placement the child went back to",
)
def ends_in_a_temporary_placement(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    left = rows["reason_ceased"].notna() & ~rows["reason_ceased"].eq("X1").fillna(False)
    return left & rows["placement"].isin(TEMPORARY)
