"""A safeguarding lead answers the baseline before leaving the post."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables, matched


@plausible(
    "survey answered at baseline after leaving",
    tables="dsl_survey",
    needs=("allocation",),
    fields=("wave", "left_post_on"),
    title="A lead answered the baseline but had left the post before the school was allocated",
    severity="note",
    reason="the lead is left out of turnover, for the post was not held when the trial began",
    how_to_mend="correct the date in the survey, or the respondent",
    owner=TRIAL_TEAM,
)
def after_leaving(tables: Tables) -> pd.Series:
    rows = tables["dsl_survey"]
    allocated = matched(rows, tables["allocation"], ["urn"])["allocated_on"]
    return rows["wave"].eq("baseline") & (rows["left_post_on"] < allocated)
