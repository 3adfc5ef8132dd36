"""Grades of 2019/20 and 2020/21 were given by teachers."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

BY_TEACHERS = ["2019/20", "2020/21"]


@plausible(
    "exam grades in a year without exams",
    tables="attainment",
    fields=("graded_by", "academic_year"),
    title="Results of 2019/20 or 2020/21 are said to come from exams, or those of another year from teachers",
    severity="note",
    reason="exams were cancelled in 2020 and 2021; grades given by teachers are not comparable",
    how_to_mend="correct graded_by or the academic year of the results file",
)
def by_whom(tables: Tables) -> pd.Series:
    rows = tables["attainment"]
    by_exam = rows["graded_by"].eq("exam").fillna(False)
    by_teacher = rows["graded_by"].eq("teacher").fillna(False)
    without_exams = rows["academic_year"].isin(BY_TEACHERS)
    return (by_exam & without_exams) | (by_teacher & ~without_exams)
