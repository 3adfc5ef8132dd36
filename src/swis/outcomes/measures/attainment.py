"""Attainment at the end of key stages 4 and 2."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import ROW_COLUMNS
from swis.params import Definitions

COLUMNS = {
    "attainment8": ("KS4", "attainment8"),
    "progress8": ("KS4", "progress8"),
    "english_maths_grade5": ("KS4", "english_maths_grade5"),
    "ks2_expected_standard": ("KS2", "ks2_expected_standard"),
}
LAST_EXAM_DAY = (6, 30)


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Results of the pupils whose last exam day (30 June) falls in the period; teachers' grades are flagged."""
    results = derived.attainment
    exam_year = results["academic_year"].str[:4].astype("int64") + 1
    day = pd.to_datetime({"year": exam_year, "month": LAST_EXAM_DAY[0], "day": LAST_EXAM_DAY[1]})
    inside = results[(day >= period.start) & (day < period.end)]
    return {name: _rows(inside[inside["key_stage"] == stage], column) for name, (stage, column) in COLUMNS.items()}


def _rows(results: pd.DataFrame, column: str) -> pd.DataFrame:
    known = results[results[column].notna()]
    flagged = known.assign(
        amount=known[column].astype("float64"),
        base=1.0,
        year_group=pd.NA,
        is_teacher=known["graded_by"].eq("teacher").fillna(False).astype(bool),
    )
    return flagged[[*ROW_COLUMNS, "is_teacher"]]
