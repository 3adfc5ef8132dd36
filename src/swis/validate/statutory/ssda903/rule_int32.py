"""903 INT32: a child stands once in the header file."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, repeats_an_earlier


@ssda903(
    "INT32",
    tables="looked_after_children",
    fields=("la_child_id",),
    title="A child stands more than once in the header file of a year",
    severity="set aside",
    reason="a second record would double every join on the child; the first is kept",
    how_to_mend="merge the two records of the child",
)
def child_repeated(tables: Tables) -> pd.Series:
    return repeats_an_earlier(tables["looked_after_children"], ["return_year", "la_child_id"])
