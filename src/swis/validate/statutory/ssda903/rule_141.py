"""903 141: every episode has a start."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "141",
    fields=("episode_start_date",),
    title="An episode has no start date that can be read",
    severity="set aside",
    reason="the episode cannot be counted in days of care",
    how_to_mend="fill DECOM as dd/mm/yyyy",
)
def start_missing(tables: Tables) -> pd.Series:
    return tables["care_episodes"]["episode_start_date"].isna()
