"""CIN 8630: a case does not close before its referral."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8630",
    tables="referrals",
    fields=("referral_date", "closure_date"),
    title="A case closed before its referral",
    severity="set aside",
    reason="neither date of the referral can be trusted; its events are kept where they are sound themselves",
    how_to_mend="correct CINreferralDate or CINclosureDate",
)
def closed_before_referral(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    return rows["closure_date"] < rows["referral_date"]
