"""CIN 8805: a closed case has a reason."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8805",
    tables="referrals",
    fields=("closure_date", "closure_reason"),
    title="A case has a closing date and no reason for closing",
    severity="note",
    reason="used only to describe; the case counts all the same",
    how_to_mend="fill ReasonForClosure",
)
def reason_missing(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    return rows["closure_date"].notna() & rows["closure_reason"].isna()
