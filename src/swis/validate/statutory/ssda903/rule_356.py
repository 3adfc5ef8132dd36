"""903 356: an episode does not end before it starts."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "356",
    fields=("episode_start_date", "episode_end_date"),
    title="An episode ends before it starts",
    severity="set aside",
    reason="neither date of the episode can be trusted",
    how_to_mend="correct DECOM or DEC",
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["episode_end_date"] < rows["episode_start_date"]
