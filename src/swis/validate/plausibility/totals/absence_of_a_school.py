"""The absence rate of a school in a term is neither nothing nor nearly everything."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.rule import SCHOOLS_TEAM

SMALLEST, LARGEST = 0.005, 0.4
SMALLEST_SCHOOL = 20


@check(
    "absence of a school",
    table="attendance",
    title="The absence rate of a school in a term is below 0.5 % or above 40 %",
    severity="note",
    reason="absences were not exported, or the columns were mixed up",
    how_to_mend="export the session totals of the school and term again",
    owner=SCHOOLS_TEAM,
)
def of_a_school(context: Context) -> pd.DataFrame:
    rows = context.table("attendance")
    absent = rows["sessions_authorised"].fillna(0) + rows["sessions_unauthorised"].fillna(0)
    sums = (
        pd.DataFrame({"absent": absent, "possible": rows["sessions_possible"], "pupils": 1})
        .groupby([rows["urn"], rows["academic_year"], rows["absence_term"]])
        .sum()
        .astype("float64")
        .reset_index()
    )
    sums = sums[(sums["pupils"] >= SMALLEST_SCHOOL) & (sums["possible"] > 0)]
    names = "school " + sums["urn"] + " " + sums["academic_year"] + " " + sums["absence_term"]
    return units(names, (sums["absent"] / sums["possible"]).between(SMALLEST, LARGEST))
