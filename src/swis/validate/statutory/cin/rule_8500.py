"""CIN 8500: every child has the authority's identifier."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8500",
    tables="children",
    fields=("la_child_id",),
    title="A child has no identifier of the authority",
    severity="set aside",
    reason="without it the same child cannot be recognised in the next return",
    how_to_mend="fill LAchildID from the case system",
)
def identifier_missing(tables: Tables) -> pd.Series:
    return tables["children"]["la_child_id"].isna()
