"""CIN 8615: an enquiry has a start date, not later than its conference."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8615",
    tables="section47",
    fields=("section47_start_date", "conference_date"),
    title="A Section 47 enquiry has no start date, or starts after its initial conference",
    severity="note",
    reason="the enquiry counts, but not in the time from enquiry to conference, as in DfE statistics",
    how_to_mend="correct S47ActualStartDate or DateOfInitialCPC",
)
def starts_after_conference(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    return rows["section47_start_date"].isna() | (rows["section47_start_date"] > rows["conference_date"])
