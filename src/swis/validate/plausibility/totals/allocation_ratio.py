"""The two arms of a trial have about as many schools each."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.rule import TRIAL_TEAM

LARGEST_RATIO = 2.0


@check(
    "allocation ratio",
    table="allocation",
    title="One arm of a trial has more than twice as many schools of the authority as the other",
    severity="note",
    reason="schools were allocated one to one within an authority (trial protocol)",
    how_to_mend="compare the allocation file with the record of the randomisation",
    owner=TRIAL_TEAM,
)
def one_to_one(context: Context) -> pd.DataFrame:
    rows = context.table("allocation")
    counts = pd.crosstab(rows["trial"], rows["arm"]).reindex(columns=["control", "intervention"], fill_value=0)
    holds = counts.max(axis=1) <= LARGEST_RATIO * counts.min(axis=1)
    return units(counts.index, holds)
