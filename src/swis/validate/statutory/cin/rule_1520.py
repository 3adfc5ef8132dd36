"""CIN 1520: one unique pupil number belongs to one child."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "1520",
    tables="children",
    fields=("upn", "la_child_id"),
    title="Two children of one return carry the same unique pupil number",
    severity="note",
    reason="events of two children would be counted on one pupil",
    how_to_mend="find which child the number belongs to and correct the other, or merge two records of one child",
)
def number_of_two_children(tables: Tables) -> pd.Series:
    rows = tables["children"]
    known = rows[rows["upn"].notna()]
    first = known.groupby(["return_year", "upn"])["la_child_id"].transform("first")
    mixed = (known["la_child_id"] != first).groupby([known["return_year"], known["upn"]]).transform("any")
    return mixed.reindex(rows.index, fill_value=False)
