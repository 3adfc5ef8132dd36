"""903 148: an end date and its reason come together."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "148",
    fields=("episode_end_date", "reason_ceased"),
    title="An episode has an end date and no reason, or a reason and no end date",
    severity="note",
    reason="the episode may be counted as open though it has ended",
    how_to_mend="fill both DEC and REC, or clear both",
)
def half_an_end(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["episode_end_date"].isna() != rows["reason_ceased"].isna()
