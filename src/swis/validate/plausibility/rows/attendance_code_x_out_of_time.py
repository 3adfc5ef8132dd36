"""Code X was in use for coronavirus from September 2020 to March 2022 only."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

WHOLE_YEAR = "2020/21"
PART_YEAR, PART_TERMS = "2021/22", ["autumn", "spring"]


@plausible(
    "code X out of time",
    tables="attendance",
    fields=("sessions_code_x", "academic_year", "absence_term"),
    title="Sessions under code X lie in a term in which it did not mean coronavirus",
    severity="note",
    reason="from April 2022, and before September 2020, code X is not a possible session, so the rate would be wrong",
    how_to_mend="export the session totals of the term again with the codes of that year",
)
def code_x_out_of_time(tables: Tables) -> pd.Series:
    rows = tables["attendance"]
    year = rows["academic_year"]
    in_time = year.eq(WHOLE_YEAR) | (year.eq(PART_YEAR) & rows["absence_term"].isin(PART_TERMS))
    return rows["sessions_code_x"].gt(0).fillna(False) & ~in_time.fillna(False)
