"""A safeguarding lead leaves the post once."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "lead with two leaving dates",
    tables="dsl_survey",
    fields=("respondent", "left_post_on"),
    title="A lead's rows give different dates of leaving the post",
    severity="note",
    reason="the latest date is used",
    how_to_mend="correct the dates in the survey",
    owner=TRIAL_TEAM,
)
def left_twice(tables: Tables) -> pd.Series:
    rows = tables["dsl_survey"]
    dates = rows.groupby(["urn", "respondent"])["left_post_on"].transform("nunique")
    return dates > 1
