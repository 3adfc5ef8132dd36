"""CIN 8740: an enquiry still waiting for its conference started in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8740",
    tables="section47",
    fields=("section47_start_date", "conference_date", "conference_not_required"),
    title="An enquiry without a conference, though one is required, started outside the year of the return",
    severity="note",
    reason="the conference was not recorded, or the enquiry belongs to another return",
    how_to_mend="fill DateOfInitialCPC, set ICPCnotRequired, or leave the enquiry out of this return",
)
def waiting_from_another_year(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    waiting = rows["conference_date"].isna() & rows["conference_not_required"].eq(False).fillna(False)
    in_year = rows["section47_start_date"].between(period_start(rows), period_end(rows))
    return waiting & rows["section47_start_date"].notna() & ~in_year
