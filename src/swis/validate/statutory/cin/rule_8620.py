"""CIN 8620: a closing date lies in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8620",
    tables="referrals",
    fields=("closure_date", "return_year"),
    title="A case closed outside the year of the return",
    severity="note",
    reason="the closing date may be wrong, or the case belongs to another return",
    how_to_mend="correct CINclosureDate",
)
def closed_outside_the_year(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    closed = rows["closure_date"]
    return closed.notna() & ~closed.between(period_start(rows), period_end(rows))
