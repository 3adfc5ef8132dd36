"""903 385: an episode ends on or before the end of the return."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, period_end


@ssda903(
    "385",
    fields=("episode_end_date", "return_year"),
    title="An episode ends after the end of the return",
    severity="note",
    reason="the end lies in the future of its own return; the later return decides",
    how_to_mend="correct DEC, or leave it blank",
)
def ends_after_the_year(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["episode_end_date"] > period_end(rows)
