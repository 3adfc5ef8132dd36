"""CIN 8925: a protection plan does not end before it starts."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8925",
    tables="protection_plans",
    fields=("plan_start_date", "plan_end_date"),
    title="A child protection plan ends before it starts",
    severity="set aside",
    reason="neither date of the plan can be trusted",
    how_to_mend="correct CPPstartDate or CPPendDate",
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    return rows["plan_end_date"] < rows["plan_start_date"]
