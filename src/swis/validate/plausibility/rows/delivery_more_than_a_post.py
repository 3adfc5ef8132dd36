"""No more than one and a half workers are at a school at once."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.plausibility.spells import is_above
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables

MOST_AT_A_SCHOOL = 1.5


@plausible(
    "more than a post at a school",
    tables="delivery",
    fields=("urn", "from_date", "to_date", "fte"),
    title="More than one and a half full-time workers are at a school at once",
    severity="note",
    reason="a school has one worker; a spell that was not ended counts twice",
    how_to_mend="end the spell of the worker who left in the record of delivery",
    owner=TRIAL_TEAM,
)
def more_than_a_post(tables: Tables) -> pd.Series:
    return is_above(tables["delivery"], "urn", MOST_AT_A_SCHOOL)
