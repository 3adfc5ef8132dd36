"""CIN 4015: no child in need plan before the referral it belongs to."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "4015",
    tables="cin_plans",
    fields=("plan_start_date", "referral_date"),
    title="A child in need plan starts before the referral it belongs to",
    severity="set aside",
    reason="the start of the plan cannot be trusted",
    how_to_mend="correct CINPlanStartDate or CINreferralDate of the case",
)
def plan_before_referral(tables: Tables) -> pd.Series:
    rows = tables["cin_plans"]
    return rows["plan_start_date"] < rows["referral_date"]
