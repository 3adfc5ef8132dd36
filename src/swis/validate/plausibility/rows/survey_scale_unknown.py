"""A scale of the survey is one that the parameters name."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "survey scale that no trial names",
    tables="dsl_survey",
    fields=("scale",),
    title="An answer is on a scale that the parameters of the authority's trials do not name",
    severity="note",
    reason="answers on a scale that is not known as one of the outcomes are not used",
    how_to_mend="name the scale in params/trials as the data name it, or correct the survey",
    owner=TRIAL_TEAM,
)
def not_named(tables: Tables) -> pd.Series:
    return ~tables["dsl_survey"]["scale"].isin(tables.scales["scale"])
