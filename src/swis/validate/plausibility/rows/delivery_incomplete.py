"""A worker's spell names the school and the share of full time."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.plausibility.spells import is_spell
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "work without school or share",
    tables="delivery",
    fields=("urn", "fte"),
    title="A worker's spell has no school, or no share of full time",
    severity="note",
    reason="the months of a worker at the school cannot be counted",
    how_to_mend="fill in the school's URN and the share of full time in the record of delivery",
    owner=TRIAL_TEAM,
)
def incomplete(tables: Tables) -> pd.Series:
    rows = tables["delivery"]
    return is_spell(rows) & (rows["urn"].isna() | rows["fte"].isna())
