"""CIN 8815: a child has one open case at most."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_OF_RETURN, Tables, has_repeated


@cin(
    "8815",
    tables="referrals",
    fields=("closure_date", "no_further_action"),
    title="A child has more than one open case at the year's end",
    severity="note",
    reason="by DfE definition no referral is recorded while a case is open, so referrals may be overcounted",
    how_to_mend="close the earlier case, or merge the two",
)
def two_open_cases(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    is_open = rows["closure_date"].isna() & rows["no_further_action"].eq(False).fillna(False)
    return has_repeated(rows[is_open], CHILD_OF_RETURN).reindex(rows.index, fill_value=False)
