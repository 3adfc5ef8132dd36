"""CIN 8940: the protection plans of a child do not overlap."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_OF_RETURN, Tables, starts_inside_an_earlier


@cin(
    "8940",
    tables="protection_plans",
    fields=("plan_start_date", "plan_end_date"),
    title="Two child protection plans of one child overlap",
    severity="note",
    reason="one of them is probably a second record of the same plan",
    how_to_mend="correct the dates of the two plans, or remove one",
)
def plans_overlap(tables: Tables) -> pd.Series:
    return starts_inside_an_earlier(tables["protection_plans"], CHILD_OF_RETURN, "plan_start_date", "plan_end_date")
