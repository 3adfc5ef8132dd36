"""CIN 8670Q: no assessment is open 45 working days after it started."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end
from swis.validate.working_days import working_days_before_each

LIMIT = 45


@cin(
    "8670Q",
    tables="assessments",
    fields=("assessment_start_date", "assessment_end_date"),
    title="An assessment is still open more than 45 working days after it started",
    severity="note",
    reason="either work is late, or the end date was not recorded and completed assessments are undercounted",
    how_to_mend="fill AssessmentAuthorisationDate where the assessment has ended",
)
def open_too_long(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    started_early = rows["assessment_start_date"] < working_days_before_each(period_end(rows), LIMIT)
    return rows["assessment_end_date"].isna() & started_early
