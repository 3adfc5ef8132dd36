"""CIN 8772: reason UN7 is only for referrals without further action."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8772",
    tables="referrals",
    needs=("children",),
    fields=("no_further_action", "upn_unknown_reason"),
    title="A number is missing because no action followed (UN7), yet a referral led to action",
    severity="note",
    reason="a child with further action should have a number, so its events could be linked",
    how_to_mend="fill UPN, or give the true reason in UPNunknown",
)
def reason_contradicts(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    excused = tables.child_of("referrals")["upn_unknown_reason"].eq("UN7").fillna(False)
    return excused & rows["no_further_action"].eq(False).fillna(False)
