"""CIN 8730: a protection plan says how many came before it."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8730",
    tables="protection_plans",
    fields=("number_of_previous_plans",),
    title="A child protection plan does not say how many plans came before it",
    severity="note",
    reason="used only to describe; the plan counts all the same",
    how_to_mend="fill NumberOfPreviousCPP, 0 for a first plan",
)
def previous_unknown(tables: Tables) -> pd.Series:
    return tables["protection_plans"]["number_of_previous_plans"].isna()
