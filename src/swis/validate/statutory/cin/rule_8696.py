"""CIN 8696: an assessment ends in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8696",
    tables="assessments",
    fields=("assessment_end_date", "return_year"),
    title="An assessment ended outside the year of the return",
    severity="note",
    reason="its end may be wrong; a repeat of an earlier return is dropped when returns are joined",
    how_to_mend="correct AssessmentAuthorisationDate, or leave the assessment out of this return",
)
def ended_outside_the_year(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    ended = rows["assessment_end_date"]
    return ended.notna() & ~ended.between(period_start(rows), period_end(rows))
