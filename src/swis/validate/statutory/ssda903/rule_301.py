"""903 301: no child was born after the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, period_end


@ssda903(
    "301",
    tables="looked_after_children",
    fields=("birth_date", "return_year"),
    title="A date of birth lies after the end of the return",
    severity="note",
    reason="the age of the child is unknown",
    how_to_mend="correct DOB",
)
def born_after_the_year(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    return rows["birth_date"] > period_end(rows)
