"""CIN 8867: a closed case has no open assessment."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8867",
    tables="assessments",
    needs=("referrals",),
    fields=("assessment_end_date", "closure_date"),
    title="A case is closed and an assessment of it is not",
    severity="note",
    reason="the end of the assessment was not recorded, so completed assessments are undercounted",
    how_to_mend="fill AssessmentAuthorisationDate",
)
def open_on_a_closed_case(tables: Tables) -> pd.Series:
    return (
        tables["assessments"]["assessment_end_date"].isna() & tables.referral_of("assessments")["closure_date"].notna()
    )
