"""CIN 8832: no protection plan on a referral without further action."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8832",
    tables="protection_plans",
    needs=("referrals",),
    fields=("no_further_action",),
    title="A child protection plan belongs to a referral without further action",
    severity="note",
    reason="the flag of the referral is wrong; the plan itself is kept",
    how_to_mend="set ReferralNFA to 0 where work followed",
)
def plan_without_action(tables: Tables) -> pd.Series:
    return tables.referral_of("protection_plans")["no_further_action"].eq(True).fillna(False)
