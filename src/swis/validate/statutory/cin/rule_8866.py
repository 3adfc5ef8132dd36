"""CIN 8866: a referral since April 2013, when the list of sources began, says who made it."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables

FIRST_DAY_OF_THE_LIST = pd.Timestamp(2013, 4, 1)


@cin(
    "8866",
    tables="referrals",
    fields=("referral_source", "referral_date"),
    title="The source of a referral is missing or not a code of the census",
    severity="note",
    reason="referrals from schools (2A) may be undercounted",
    how_to_mend="fill ReferralSource with a code of the census's list",
)
def source_unknown(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    known = table_schema("referrals").field("referral_source").allowed_values or []
    return rows["referral_date"].ge(FIRST_DAY_OF_THE_LIST) & ~rows["referral_source"].isin(known)
