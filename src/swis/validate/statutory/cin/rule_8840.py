"""CIN 8840: a protection plan does not end on the day it starts."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8840",
    tables="protection_plans",
    fields=("plan_start_date", "plan_end_date"),
    title="A child protection plan starts and ends on the same day",
    severity="set aside",
    reason="a plan opened by mistake and closed at once is not a plan started",
    how_to_mend="remove the plan, or correct CPPendDate",
)
def plan_of_no_days(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    return rows["plan_start_date"] == rows["plan_end_date"]
