"""CIN 8930: a protection plan ends in the year of the return."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end, period_start


@cin(
    "8930",
    tables="protection_plans",
    fields=("plan_end_date", "return_year"),
    title="A child protection plan ended outside the year of the return",
    severity="note",
    reason="its end may be wrong; a repeat of an earlier return is dropped when returns are joined",
    how_to_mend="correct CPPendDate, or leave the plan out of this return",
)
def ended_outside_the_year(tables: Tables) -> pd.Series:
    rows = tables["protection_plans"]
    ended = rows["plan_end_date"]
    return ended.notna() & ~ended.between(period_start(rows), period_end(rows))
