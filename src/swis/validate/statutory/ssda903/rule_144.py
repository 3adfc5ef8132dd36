"""903 144: the legal status is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "144",
    fields=("legal_status",),
    title="The legal status is missing or not a code of the return",
    severity="note",
    reason="short breaks are recognised by this code (V3, V4) and left out",
    how_to_mend="fill LS with a code of the return's list",
)
def status_unknown(tables: Tables) -> pd.Series:
    known = table_schema("care_episodes").field("legal_status").allowed_values or []
    return ~tables["care_episodes"]["legal_status"].isin(known)
