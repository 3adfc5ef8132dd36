"""CIN 8614: factors are returned only for a finished assessment."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8614",
    tables="assessments",
    fields=("assessment_factors", "assessment_end_date"),
    title="An assessment that has not ended has factors identified",
    severity="note",
    reason="the assessment probably ended and its end date is missing, so it is not counted as completed",
    how_to_mend="fill AssessmentAuthorisationDate, or remove the factors",
)
def factors_before_end(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    return rows["assessment_factors"].notna() & rows["assessment_end_date"].isna()
