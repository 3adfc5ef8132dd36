"""903 149: the reason an episode ceased is a code of the return."""

import pandas as pd

from swis.schemas import table_schema
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "149",
    fields=("reason_ceased",),
    title="The reason an episode ceased is not a code of the return",
    severity="note",
    reason="whether the child stays looked after (X1) is read from this code",
    how_to_mend="fill REC with a code of the return's list",
)
def reason_ceased_unknown(tables: Tables) -> pd.Series:
    known = table_schema("care_episodes").field("reason_ceased").allowed_values or []
    given = tables["care_episodes"]["reason_ceased"]
    return given.notna() & ~given.isin(known)
