"""CIN 8775Q: no case goes on after the 25th birthday."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, matched, period_end

OLDEST = pd.DateOffset(years=25)


@cin(
    "8775Q",
    tables="children",
    needs=("referrals",),
    fields=("birth_date", "closure_date"),
    title="A child of the return is over 25 years old, and a case of it was open then",
    severity="note",
    reason="the date of birth is probably wrong (a century or a typing slip)",
    how_to_mend="correct PersonBirthDate, or close the case",
)
def too_old(tables: Tables) -> pd.Series:
    rows, closed = tables["children"], tables["referrals"]["closure_date"]
    birthday = tables.child_of("referrals")["birth_date"] + OLDEST
    open_then = tables["referrals"][closed.isna() | (closed > birthday)]
    return (rows["birth_date"] < period_end(rows) - OLDEST) & matched(rows, open_then, CHILD_BLOCK)["is_matched"]
