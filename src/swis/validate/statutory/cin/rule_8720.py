"""CIN 8720: a protection plan has a start date, on or before the end of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end


@cin(
    "8720",
    tables="protection_plans",
    fields=("plan_start_date", "return_year"),
    title="A child protection plan has no start date, or one after the end of the return",
    severity="set aside",
    reason="the plan cannot be placed in an academic year",
    how_to_mend="correct CPPstartDate",
)
def start_out_of_time(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    return rows["plan_start_date"].isna() | (rows["plan_start_date"] > period_end(rows))
