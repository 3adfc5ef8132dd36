"""CIN 8555Q: no referral after the child's death."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8555Q",
    tables="referrals",
    needs=("children",),
    fields=("referral_date", "death_date"),
    title="A referral lies after the date of death",
    severity="note",
    reason="one of the two dates is wrong, or two children share a record",
    how_to_mend="correct PersonDeathDate or CINreferralDate",
)
def referred_after_death(tables: Tables) -> pd.Series:
    return tables["referrals"]["referral_date"] > tables.child_of("referrals")["death_date"]
