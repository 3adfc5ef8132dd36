"""A safeguarding lead who answered is at a school of the trial."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "survey answer of a school of no trial",
    tables="dsl_survey",
    needs=("allocation",),
    fields=("urn",),
    title="An answer is of a school that is not in the authority's allocation",
    severity="note",
    reason="the answer counts for no school and no arm",
    how_to_mend="correct the school's URN in the survey",
    owner=TRIAL_TEAM,
)
def of_no_trial(tables: Tables) -> pd.Series:
    return ~tables["dsl_survey"]["urn"].isin(tables["allocation"]["urn"])
