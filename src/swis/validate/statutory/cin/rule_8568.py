"""CIN 8568: every referral says whether it ended without further action."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8568",
    tables="referrals",
    fields=("no_further_action",),
    title="A referral does not say whether further action was taken",
    severity="note",
    reason="it cannot be counted in the share of referrals without further action",
    how_to_mend="fill ReferralNFA with 0 or 1",
)
def action_unknown(tables: Tables) -> pd.Series:
    return tables["referrals"]["no_further_action"].isna()
