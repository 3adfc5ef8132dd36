"""CIN 8608: an assessment does not end before it starts."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8608",
    tables="assessments",
    fields=("assessment_start_date", "assessment_end_date"),
    title="An assessment ends before it starts",
    severity="set aside",
    reason="neither its year nor its length can be trusted",
    how_to_mend="correct AssessmentActualStartDate or AssessmentAuthorisationDate",
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    return rows["assessment_end_date"] < rows["assessment_start_date"]
