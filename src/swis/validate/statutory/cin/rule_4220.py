"""CIN 4220: the ethnic group is a code of the census."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "4220",
    tables="children",
    fields=("ethnicity",),
    title="The ethnic group of a child is missing or not a code of the census",
    severity="note",
    reason="used only to describe; the child's events count all the same",
    how_to_mend="fill Ethnicity with a code of the census's list",
)
def ethnicity_unknown(tables: Tables) -> pd.Series:
    return ~tables["children"]["ethnicity"].isin(table_schema("children").field("ethnicity").allowed_values or [])
