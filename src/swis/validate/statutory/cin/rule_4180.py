"""CIN 4180: the sex of the child is given."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "4180",
    tables="children",
    fields=("sex",),
    title="The sex of a child is missing or not a code of the census",
    severity="note",
    reason="used only to describe; the child's events count all the same",
    how_to_mend="fill GenderCurrent (Sex from 2025)",
)
def sex_missing(tables: Tables) -> pd.Series:
    return ~tables["children"]["sex"].isin(["M", "F", "U"])
