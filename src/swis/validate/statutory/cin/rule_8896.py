"""CIN 8896: a case has one open assessment at most."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, has_repeated


@cin(
    "8896",
    tables="assessments",
    fields=("assessment_end_date",),
    title="A case has two or more assessments that have not ended",
    severity="note",
    reason="one of them is probably a second record of the same assessment",
    how_to_mend="fill AssessmentAuthorisationDate of the assessment that has ended",
)
def two_open_assessments(tables: Tables) -> pd.Series:
    rows = tables["assessments"]
    repeated = has_repeated(rows[rows["assessment_end_date"].isna()], [*CHILD_BLOCK, "referral_date"])
    return repeated.reindex(rows.index, fill_value=False)
