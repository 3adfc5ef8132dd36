"""903 382: a short break is not a temporary placement."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]


@ssda903(
    "382",
    fields=("legal_status", "placement"),
    title="A child on a short break (V3, V4) is in a temporary placement (T0 to T4)",
    severity="note",
    reason="the legal status decides whether the days count; one of the two codes is wrong",
    how_to_mend="correct LS or PLACE",
)
def short_break_in_a_temporary_placement(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["legal_status"].isin(["V3", "V4"]) & rows["placement"].isin(TEMPORARY)
