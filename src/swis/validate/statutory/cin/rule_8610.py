"""CIN 8610: a referral that led to action has a primary need."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8610",
    tables="referrals",
    fields=("primary_need", "no_further_action"),
    title="A referral that led to further action has no primary need code",
    severity="note",
    reason="used only to describe; the referral counts all the same",
    how_to_mend="fill PrimaryNeedCode",
)
def need_missing(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    return rows["primary_need"].isna() & rows["no_further_action"].eq(False).fillna(False)
