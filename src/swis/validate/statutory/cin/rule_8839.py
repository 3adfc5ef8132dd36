"""CIN 8839: a case has one open enquiry at most."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, has_repeated


@cin(
    "8839",
    tables="section47",
    fields=("conference_date", "conference_not_required"),
    title="A case has two or more enquiries still waiting for a conference",
    severity="note",
    reason="one of them is probably a second record of the same enquiry",
    how_to_mend="fill DateOfInitialCPC or ICPCnotRequired of the enquiry that has ended",
)
def two_open_enquiries(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    waiting = rows["conference_date"].isna() & ~rows["conference_not_required"].eq(True).fillna(False)
    repeated = has_repeated(rows[waiting], [*CHILD_BLOCK, "referral_date"])
    return repeated.reindex(rows.index, fill_value=False)
