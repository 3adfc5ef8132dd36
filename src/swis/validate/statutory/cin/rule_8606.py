"""CIN 8606: no referral more than 40 weeks before birth."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables

PREGNANCY = pd.Timedelta(weeks=40)


@cin(
    "8606",
    tables="referrals",
    needs=("children",),
    fields=("referral_date", "birth_date", "expected_birth_date"),
    title="A referral lies more than 40 weeks before the child's birth",
    severity="set aside",
    reason="the referral cannot be this child's at this date",
    how_to_mend="correct CINreferralDate or PersonBirthDate",
)
def referred_before_pregnancy(tables: Tables) -> pd.Series:
    child = tables.child_of("referrals")
    born = child["birth_date"].fillna(child["expected_birth_date"])
    return tables["referrals"]["referral_date"] < born - PREGNANCY
