"""903 562: an episode from an earlier year stood open in the return before."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.last_year import first_episode_of_each, open_start_of_last_year
from swis.validate.tables import Tables, period_start


@ssda903(
    "562",
    fields=("episode_start_date",),
    title="An episode began before the year of the return, and the return before has no open episode of the child",
    severity="note",
    reason="the return before misses days in care, or the start is wrong",
    how_to_mend="correct DECOM, or return the year before again",
)
def no_episode_last_year(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    earlier = rows["episode_start_date"] < period_start(rows)
    has_return = rows["return_year"].isin(rows["return_year"].dropna().unique() + 1)
    return first_episode_of_each(rows) & earlier & has_return & open_start_of_last_year(rows).isna()
