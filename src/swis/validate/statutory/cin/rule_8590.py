"""CIN 8590: every child of the return has a referral."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, matched


@cin(
    "8590",
    tables="children",
    needs=("referrals",),
    fields=("la_child_id",),
    title="A child has no referral in the return",
    severity="note",
    reason="the child's case was lost when the return was made, and its events with it",
    how_to_mend="return the CINdetails block of the child's case",
)
def child_without_referral(tables: Tables) -> pd.Series:
    return ~matched(tables["children"], tables["referrals"], CHILD_BLOCK)["is_matched"]
