"""CIN 8935: a child has one open protection plan at most."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_OF_RETURN, Tables, has_repeated


@cin(
    "8935",
    tables="protection_plans",
    fields=("plan_end_date",),
    title="A child has more than one open child protection plan",
    severity="note",
    reason="one of them is probably a second record of the same plan",
    how_to_mend="fill CPPendDate of the plan that has ended",
)
def two_open_plans(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    return has_repeated(rows[rows["plan_end_date"].isna()], CHILD_OF_RETURN).reindex(rows.index, fill_value=False)
