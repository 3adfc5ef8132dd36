"""903 353: no episode starts before the Children Act 1989 came into force."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables

CHILDREN_ACT_IN_FORCE = pd.Timestamp("1991-10-14")


@ssda903(
    "353",
    fields=("episode_start_date",),
    title="An episode starts before 14 October 1991",
    severity="set aside",
    reason="a start date this old is a typing slip, and the days in care would be far too many",
    how_to_mend="correct DECOM",
)
def before_the_act(tables: Tables) -> pd.Series:
    return tables["care_episodes"]["episode_start_date"] < CHILDREN_ACT_IN_FORCE
