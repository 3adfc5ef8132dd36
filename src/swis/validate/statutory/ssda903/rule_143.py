"""903 143: the reason new episode is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "143",
    fields=("reason_new_episode",),
    title="The reason for a new episode is missing or not a code of the return",
    severity="note",
    reason="starts of care are recognised by this code (S)",
    how_to_mend="fill RNE with a code of the return's list",
)
def reason_new_unknown(tables: Tables) -> pd.Series:
    known = table_schema("care_episodes").field("reason_new_episode").allowed_values or []
    return ~tables["care_episodes"]["reason_new_episode"].isin(known)
