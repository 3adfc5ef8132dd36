"""Code X was in use for coronavirus from September 2020 to March 2022 only."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

YEARS = ["2020/21", "2021/22"]


@plausible(
    "code X out of time",
    tables="attendance",
    fields=("sessions_code_x", "academic_year"),
    title="Sessions under code X lie in an academic year in which it did not mean coronavirus",
    severity="note",
    reason="outside 2020/21 and 2021/22 code X is not a possible session, so the rate would be wrong",
    how_to_mend="export the session totals of the term again with the codes of that year",
)
def code_x_out_of_time(tables: Tables) -> pd.Series:
    rows = tables["attendance"]
    return rows["sessions_code_x"].gt(0).fillna(False) & ~rows["academic_year"].isin(YEARS)
