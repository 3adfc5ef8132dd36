"""903 354: an episode starts on or before the end of the return."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, period_end


@ssda903(
    "354",
    fields=("episode_start_date", "return_year"),
    title="An episode starts after the end of the return",
    severity="set aside",
    reason="the episode lies in the future of its own return",
    how_to_mend="correct DECOM",
)
def starts_after_the_year(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["episode_start_date"] > period_end(rows)
