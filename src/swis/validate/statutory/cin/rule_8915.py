"""CIN 8915: no protection plan starts after the child's death."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8915",
    tables="protection_plans",
    needs=("children",),
    fields=("plan_start_date", "death_date"),
    title="A child protection plan starts after the date of death",
    severity="set aside",
    reason="the plan cannot be this child's at this date",
    how_to_mend="correct PersonDeathDate or CPPstartDate",
)
def plan_after_death(tables: Tables) -> pd.Series:
    return tables["protection_plans"]["plan_start_date"] > tables.child_of("protection_plans")["death_date"]
