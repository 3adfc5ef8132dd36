"""An early help assessment does not end before it starts."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "early help ends before it starts",
    tables="early_help",
    fields=("assessment_start_date", "assessment_end_date"),
    title="An early help assessment is completed before it starts",
    severity="set aside",
    reason="which of the dates is wrong is not known, so the assessment cannot be placed",
    how_to_mend="correct the dates in the case system",
    owner=SOCIAL_CARE_TEAM,
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["early_help"]
    return rows["assessment_end_date"] < rows["assessment_start_date"]
