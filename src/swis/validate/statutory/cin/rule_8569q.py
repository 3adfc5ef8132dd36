"""CIN 8569Q: a referral of an earlier year is not returned as one without further action."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_start
from swis.validate.working_days import working_days_before_each


@cin(
    "8569Q",
    tables="referrals",
    fields=("no_further_action", "referral_date"),
    title="A referral from before the year is returned as one without further action",
    severity="note",
    reason="a referral without further action ends within a working day, so it belongs to an earlier return",
    how_to_mend="leave the referral out of this return, or correct ReferralNFA",
)
def old_referral_without_action(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    too_old = rows["referral_date"] < working_days_before_each(period_start(rows), 1)
    return too_old & rows["no_further_action"].eq(True).fillna(False)
