"""CIN 8863Q: no assessment starts while another of the case is going on, nor on the day it ends."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, starts_inside_an_earlier


@cin(
    "8863Q",
    tables="assessments",
    fields=("assessment_start_date", "assessment_end_date"),
    title="An assessment starts while another of the same case is going on",
    severity="note",
    reason="one of them is probably a second record of the same assessment",
    how_to_mend="correct the dates of the two assessments, or remove one",
)
def assessments_overlap(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    case = [*CHILD_BLOCK, "referral_date"]
    return starts_inside_an_earlier(rows, case, "assessment_start_date", "assessment_end_date", on_its_last_day=True)
