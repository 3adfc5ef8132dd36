"""CIN 1105: no child protection plan before the referral it belongs to."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "1105",
    tables="protection_plans",
    fields=("plan_start_date", "referral_date"),
    title="A child protection plan starts before the referral it belongs to",
    severity="set aside",
    reason="the start of the plan cannot be trusted, and it decides the academic year",
    how_to_mend="correct CPPstartDate or CINreferralDate of the case",
)
def plan_before_referral(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    return rows["plan_start_date"] < rows["referral_date"]
