"""903 203: the date of birth is as in the return before."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.last_year import header_of_last_year
from swis.validate.tables import Tables


@ssda903(
    "203",
    tables="looked_after_children",
    fields=("birth_date",),
    title="The date of birth of a child differs from the return of the year before",
    severity="note",
    reason="two children may share an identifier",
    how_to_mend="correct DOB in the return that is wrong",
)
def birth_date_changed(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    before = header_of_last_year(rows)["birth_date"]
    return before.notna() & rows["birth_date"].notna() & (rows["birth_date"] != before)
