"""CIN 8905: the first category of abuse is a code of the census."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8905",
    tables="protection_plans",
    fields=("initial_category",),
    title="The first category of abuse of a plan is missing or not a code of the census",
    severity="note",
    reason="used only to describe; the plan counts all the same",
    how_to_mend="fill InitialCategoryOfAbuse",
)
def category_unknown(tables: Tables) -> pd.Series:
    known = table_schema("protection_plans").field("initial_category").allowed_values or []
    return ~tables["protection_plans"]["initial_category"].isin(known)
