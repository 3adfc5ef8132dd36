"""CIN 2889: no Section 47 enquiry before the referral it belongs to."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "2889",
    tables="section47",
    fields=("section47_start_date", "referral_date"),
    title="A Section 47 enquiry starts before the referral it belongs to",
    severity="set aside",
    reason="the date of the enquiry, the primary outcome, cannot be trusted",
    how_to_mend="correct S47ActualStartDate or CINreferralDate of the case",
)
def enquiry_before_referral(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    return rows["section47_start_date"] < rows["referral_date"]
