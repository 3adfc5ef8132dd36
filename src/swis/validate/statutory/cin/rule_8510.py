"""CIN 8510: one child has one block in a return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, repeats_an_earlier


@cin(
    "8510",
    tables="children",
    fields=("la_child_id",),
    title="A child stands more than once in one return",
    severity="set aside",
    reason="a second record would double every join on the child; the first is kept, and all events of both",
    how_to_mend="merge the two records of the child before the return is made",
)
def child_repeated(tables: Tables) -> pd.Series:
    return repeats_an_earlier(tables["children"], ["source_file", "la_child_id"])
