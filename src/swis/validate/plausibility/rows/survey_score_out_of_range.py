"""An answer lies within the range of its scale."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "survey score outside its scale",
    tables="dsl_survey",
    fields=("scale", "score"),
    title="A score lies outside the range of its scale",
    severity="set aside",
    reason="nobody can give such an answer, so it is a slip and no answer",
    how_to_mend="correct the score, or the range in params/trials",
    owner=TRIAL_TEAM,
)
def out_of_range(tables: Tables) -> pd.Series:
    rows = tables["dsl_survey"]
    limits = tables.scales.drop_duplicates("scale").set_index("scale")
    lowest, highest = (rows["scale"].map(limits[name]).astype("float64") for name in ("lowest", "highest"))
    return (rows["score"] < lowest) | (rows["score"] > highest)
