"""CIN 8600: a referral has a date, on or before the end of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end


@cin(
    "8600",
    tables="referrals",
    fields=("referral_date", "return_year"),
    title="A referral has no date, or one after the end of the return",
    severity="set aside",
    reason="the referral cannot be placed in an academic year",
    how_to_mend="correct CINreferralDate",
)
def referral_out_of_time(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    return rows["referral_date"].isna() | (rows["referral_date"] > period_end(rows))
