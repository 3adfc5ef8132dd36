"""CIN 8866: a referral says who made it."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8866",
    tables="referrals",
    fields=("referral_source",),
    title="The source of a referral is missing or not a code of the census",
    severity="note",
    reason="referrals from schools (2A) may be undercounted",
    how_to_mend="fill ReferralSource with a code of the census's list",
)
def source_unknown(tables: Tables) -> pd.Series:
    known = table_schema("referrals").field("referral_source").allowed_values or []
    return ~tables["referrals"]["referral_source"].isin(known)
