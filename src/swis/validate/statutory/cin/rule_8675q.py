"""CIN 8675Q: an enquiry that needs a conference has had it within 15 working days."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end
from swis.validate.working_days import working_days_before_each

LIMIT = 15


@cin(
    "8675Q",
    tables="section47",
    fields=("section47_start_date", "conference_date", "conference_not_required"),
    title="An enquiry started more than 15 working days before the year's end and has no conference date",
    severity="note",
    reason="either the conference is late, or it was not recorded and timeliness looks better than it is",
    how_to_mend="fill DateOfInitialCPC, or set ICPCnotRequired",
)
def conference_overdue(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    is_open = rows["conference_date"].isna() & ~rows["conference_not_required"].eq(True).fillna(False)
    return is_open & (rows["section47_start_date"] < working_days_before_each(period_end(rows), LIMIT))
