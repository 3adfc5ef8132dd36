"""Measures that were not made in 2019/20 and 2020/21 have no values in those years."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

WITHOUT = ["2019/20", "2020/21"]


@plausible(
    "result of a year without results",
    tables="attainment",
    fields=("progress8", "ks2_expected_standard", "academic_year"),
    title="A Progress 8 score or key stage 2 result stands in a year in which there was none",
    severity="note",
    reason="Progress 8 was not made and key stage 2 tests were cancelled in 2019/20 and 2020/21",
    how_to_mend="check the academic year of the results file",
)
def result_of_no_year(tables: Tables) -> pd.Series:
    rows = tables["attainment"]
    key_stage_2 = rows["key_stage"].eq("KS2").fillna(False) & rows["ks2_expected_standard"].notna()
    return rows["academic_year"].isin(WITHOUT) & (rows["progress8"].notna() | key_stage_2)
