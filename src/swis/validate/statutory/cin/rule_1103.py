"""CIN 1103: no assessment before the referral it belongs to."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "1103",
    tables="assessments",
    fields=("assessment_start_date", "referral_date"),
    title="An assessment starts before the referral it belongs to",
    severity="set aside",
    reason="the date of the assessment cannot be trusted, and it decides the academic year",
    how_to_mend="correct AssessmentActualStartDate or CINreferralDate of the case",
)
def assessment_before_referral(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    return rows["assessment_start_date"] < rows["referral_date"]
