"""903 208: the unique pupil number is as in the return before."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.statutory.last_year import header_of_last_year
from swis.validate.tables import Tables


@ssda903(
    "208",
    tables="looked_after_children",
    fields=("upn",),
    title="The unique pupil number of a child differs from the return of the year before",
    severity="note",
    reason="the child's care would be linked to two pupils",
    how_to_mend="correct UPN in the return that is wrong, or give the former number",
)
def number_changed(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    before = header_of_last_year(rows)["upn"]
    return before.notna() & rows["upn"].notna() & (rows["upn"] != before)
