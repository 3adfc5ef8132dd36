"""903 502: an episode open at the end of last year has the same start this year."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.last_year import first_episode_of_each, open_start_of_last_year
from swis.validate.tables import Tables


@ssda903(
    "502",
    fields=("episode_start_date",),
    title="The first episode of a child starts on another day than the episode left open the year before",
    severity="note",
    reason="the start of care has changed between returns, so its academic year is in doubt",
    how_to_mend="correct DECOM in the return that is wrong",
)
def start_changed(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    first = first_episode_of_each(rows)
    before = open_start_of_last_year(rows)
    return first & before.notna() & (rows["episode_start_date"] != before)
