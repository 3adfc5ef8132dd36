"""903 146: the placement is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "146",
    fields=("placement",),
    title="The type of placement is missing or not a code of the return",
    severity="note",
    reason="weekly costs go by type of placement",
    how_to_mend="fill PLACE with a code of the return's list",
)
def placement_unknown(tables: Tables) -> pd.Series:
    known = table_schema("care_episodes").field("placement").allowed_values or []
    return ~tables["care_episodes"]["placement"].isin(known)
