"""903 102: every child has a date of birth."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "102",
    tables="looked_after_children",
    fields=("birth_date",),
    title="A child has no date of birth that can be read",
    severity="note",
    reason="ages cannot be checked; the days in care count all the same",
    how_to_mend="fill DOB as dd/mm/yyyy",
)
def birth_date_missing(tables: Tables) -> pd.Series:
    return tables["looked_after_children"]["birth_date"].isna()
