"""CIN 2991Q: a case with a Section 47 enquiry has an assessment."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, matched


@cin(
    "2991Q",
    tables="section47",
    needs=("assessments",),
    fields=("section47_start_date", "assessment_start_date"),
    title="A case has a Section 47 enquiry and no assessment",
    severity="note",
    reason="assessments may be under-recorded where enquiries are not",
    how_to_mend="record the assessment that went with the enquiry",
)
def enquiry_without_assessment(tables: Tables) -> pd.Series:
    rows = tables["section47"]
    case = [*CHILD_BLOCK, "referral_date"]
    return ~matched(rows, tables["assessments"], case)["is_matched"]
