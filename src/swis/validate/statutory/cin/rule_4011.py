"""CIN 4011: a child in need plan does not end before it starts."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "4011",
    tables="cin_plans",
    fields=("plan_start_date", "plan_end_date"),
    title="A child in need plan ends before it starts",
    severity="set aside",
    reason="neither date of the plan can be trusted",
    how_to_mend="correct CINPlanStartDate or CINPlanEndDate",
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["cin_plans"]
    return rows["plan_end_date"] < rows["plan_start_date"]
