"""CIN 8868: a closed case has no enquiry still waiting for a conference."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8868",
    tables="section47",
    needs=("referrals",),
    fields=("conference_date", "conference_not_required", "closure_date"),
    title="A case is closed and an enquiry of it has neither a conference nor the flag that none was needed",
    severity="note",
    reason="the conference or the flag was not recorded; timeliness looks better than it is",
    how_to_mend="fill DateOfInitialCPC, or set ICPCnotRequired",
)
def waiting_on_a_closed_case(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    waiting = rows["conference_date"].isna() & ~rows["conference_not_required"].eq(True).fillna(False)
    return waiting & tables.referral_of("section47")["closure_date"].notna()
