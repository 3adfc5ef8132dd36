"""903 101: the sex of the child is a code of the return."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "101",
    tables="looked_after_children",
    fields=("sex",),
    title="The sex of a child is missing or not a code of the return",
    severity="note",
    reason="used only to describe; the days in care count all the same",
    how_to_mend="fill SEX",
)
def sex_unknown(tables: Tables) -> pd.Series:
    return ~tables["looked_after_children"]["sex"].isin(["M", "F", "U"])
