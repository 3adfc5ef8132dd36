"""CIN 8810: a reason for closing comes with a date."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8810",
    tables="referrals",
    fields=("closure_date", "closure_reason"),
    title="A case has a reason for closing and no closing date",
    severity="note",
    reason="the case looks open though it is not, so a new referral looks like an overlap",
    how_to_mend="fill CINclosureDate",
)
def date_missing(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    return rows["closure_date"].isna() & rows["closure_reason"].notna()
