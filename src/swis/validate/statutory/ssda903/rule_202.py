"""903 202: the sex of the child is as in the return before."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.last_year import header_of_last_year
from swis.validate.tables import Tables


@ssda903(
    "202",
    tables="looked_after_children",
    fields=("sex",),
    title="The sex of a child differs from the return of the year before",
    severity="note",
    reason="used only to describe; the days in care count all the same",
    how_to_mend="correct SEX in the return that is wrong",
)
def sex_changed(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    before = header_of_last_year(rows)["sex"]
    return before.notna() & rows["sex"].notna() & (rows["sex"] != before)
