"""903 442: every child has a unique pupil number or a reason why not."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "442",
    tables="looked_after_children",
    fields=("upn", "upn_unknown_reason"),
    title="A child has neither a unique pupil number nor a reason why there is none",
    severity="note",
    reason="the child's care cannot be linked to a school",
    how_to_mend="fill UPN, or a code UN1 to UN5",
)
def number_and_reason_missing(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    return rows["upn"].isna() & rows["upn_unknown_reason"].isna()
