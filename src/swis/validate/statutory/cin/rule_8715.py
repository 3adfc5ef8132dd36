"""CIN 8715: an initial conference lies in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8715",
    tables="conferences",
    fields=("conference_date", "return_year"),
    title="An initial conference lies outside the year of the return",
    severity="note",
    reason="its date may be wrong; a repeat of an earlier return is dropped when returns are joined",
    how_to_mend="correct DateOfInitialCPC, or leave the conference out of this return",
)
def outside_the_year(tables: Tables) -> pd.Series:
    rows = tables["conferences"]
    return ~rows["conference_date"].between(period_start(rows), period_end(rows))
