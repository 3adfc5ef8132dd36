"""903 145: the category of need is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "145",
    fields=("category_of_need",),
    title="The category of need is missing or not a code of the return",
    severity="note",
    reason="used only to describe; the days in care count all the same",
    how_to_mend="fill CIN with a code of the return's list",
)
def need_unknown(tables: Tables) -> pd.Series:
    known = table_schema("care_episodes").field("category_of_need").allowed_values or []
    return ~tables["care_episodes"]["category_of_need"].isin(known)
