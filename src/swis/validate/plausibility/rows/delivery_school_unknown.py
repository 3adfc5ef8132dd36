"""A worker works at a school of the trial."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "worker at a school of no trial",
    tables="delivery",
    needs=("allocation",),
    fields=("urn",),
    title="A worker works at a school that is not in the authority's allocation",
    severity="note",
    reason="the months of work count for no school",
    how_to_mend="correct the school's URN in the record of delivery",
    owner=TRIAL_TEAM,
)
def at_school_of_no_trial(tables: Tables) -> pd.Series:
    urn = tables["delivery"]["urn"]
    return urn.notna() & ~urn.isin(tables["allocation"]["urn"])
