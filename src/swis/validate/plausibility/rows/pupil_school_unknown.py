"""Every school of a roll is in the school register."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "school of a roll not in the register",
    tables="pupils",
    needs=("schools",),
    fields=("urn",),
    title="A pupil is on the roll of a school that is not in the register",
    severity="note",
    reason="the school cannot be matched to an arm",
    how_to_mend="correct the URN of the school, or use a newer extract of the register",
)
def school_unknown(tables: Tables) -> pd.Series:
    return ~tables["pupils"]["urn"].isin(tables["schools"]["urn"])
