"""No worker works more than full time and a fifth at once."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.plausibility.spells import is_above
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables

MOST_OF_A_WORKER = 1.2


@plausible(
    "worker beyond full time",
    tables="delivery",
    fields=("worker", "from_date", "to_date", "fte"),
    title="A worker is at several schools at once for more than 1.2 of full time",
    severity="note",
    reason="the months of work are too many at one of the schools",
    how_to_mend="end the earlier spell, or correct the shares of full time in the record of delivery",
    owner=TRIAL_TEAM,
)
def beyond_full_time(tables: Tables) -> pd.Series:
    return is_above(tables["delivery"], "worker", MOST_OF_A_WORKER)
