"""903 302: no episode starts before birth."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "302",
    needs=("looked_after_children",),
    fields=("episode_start_date", "birth_date"),
    title="An episode starts before the child was born",
    severity="set aside",
    reason="the episode cannot be this child's at this date",
    how_to_mend="correct DECOM or DOB",
)
def in_care_before_birth(tables: Tables) -> pd.Series:
    return tables["care_episodes"]["episode_start_date"] < tables.header_of_episode()["birth_date"]
