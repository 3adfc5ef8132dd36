"""CIN 8890: no enquiry starts while another of the case is going on, nor on the day of its conference."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, starts_inside_an_earlier


@cin(
    "8890",
    tables="section47",
    fields=("section47_start_date", "conference_date"),
    title="A Section 47 enquiry starts while another of the same case is going on",
    severity="note",
    reason="one of them is probably a second record of the same enquiry, the primary outcome",
    how_to_mend="remove the second record, or fill DateOfInitialCPC or ICPCnotRequired of the first",
)
def enquiries_overlap(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    no_conference = rows["conference_not_required"].eq(True).fillna(False)
    # An enquiry that needs no conference has no last day by the DfE's rule, so that nothing starts during it.
    over = rows["section47_start_date"] - pd.Timedelta(days=1)
    ended = rows["conference_date"].mask(rows["conference_date"].isna() & no_conference, over)
    spans = rows.assign(enquiry_end=ended)
    case = [*CHILD_BLOCK, "referral_date"]
    return starts_inside_an_earlier(spans, case, "section47_start_date", "enquiry_end", on_its_last_day=True)
