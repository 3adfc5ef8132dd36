"""903 103: the ethnic group is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "103",
    tables="looked_after_children",
    fields=("ethnicity",),
    title="The ethnic group of a child is missing or not a code of the return",
    severity="note",
    reason="used only to describe; the days in care count all the same",
    how_to_mend="fill ETHNIC with a code of the return's list",
)
def ethnicity_unknown(tables: Tables) -> pd.Series:
    known = table_schema("looked_after_children").field("ethnicity").allowed_values or []
    return ~tables["looked_after_children"]["ethnicity"].isin(known)
