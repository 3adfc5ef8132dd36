"""CIN 8736: an open assessment started in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8736",
    tables="assessments",
    fields=("assessment_start_date", "assessment_end_date"),
    title="An assessment that has not ended started outside the year of the return",
    severity="note",
    reason="it has been open for a year, or its end date was not recorded",
    how_to_mend="fill AssessmentAuthorisationDate",
)
def open_from_another_year(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    in_year = rows["assessment_start_date"].between(period_start(rows), period_end(rows))
    return rows["assessment_end_date"].isna() & rows["assessment_start_date"].notna() & ~in_year
