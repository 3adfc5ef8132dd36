"""The description beside a file of open data (`.meta.csv`): what each column is, in the words of the table tool."""

from __future__ import annotations

import pandas as pd

from swis.report.open_data.families import Family
from swis.report.screener.standard import FILTER, INDICATOR, META_COLUMNS

TRIAL_HINT = (
    "Figures are of trial schools only. Rows of level National take a trial's schools of all its authorities together: "
    "they are not figures of England"
)
FILTERS = (
    ("trial", "Trial", TRIAL_HINT, ""),
    ("arm", "Arm of the trial", "Schools drawn to the programme, schools drawn to go on as before, or both", ""),
    ("outcome", "Outcome", "What was counted; the measures page of the compendium defines each", "outcome_group"),
)
OUTCOME, ABOUT = "Outcome in trial schools", "What stands behind it"
# Labels of the columns that every file has.
SHARED = {
    "school_count": "Schools",
    "observed_percent": "Share of the academic year that returns cover",
    "comparable_flag": "Compares with the other years (1 yes, 0 no)",
}
UNITS = {"observed_percent": "%"}


def description_of(family: Family, cells: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """The description of a file: filters with a choice, then indicators; `decimals` are the most that a value has."""
    rows = [
        {"col_name": name, "col_type": FILTER, "label": label, "filter_hint": hint, "filter_grouping_column": group}
        for name, label, hint, group in FILTERS
        if len(cells[name].unique()) > 1
    ]
    labels = _labels(family)
    for name in family.columns:
        is_value = name in family.value_columns
        rows.append(
            {
                "col_name": name,
                "col_type": INDICATOR,
                "label": labels[name],
                "indicator_grouping": OUTCOME if is_value or name == family.number else ABOUT,
                "indicator_unit": family.unit if is_value else UNITS.get(name, ""),
                "indicator_dp": str(decimals if is_value else 0),
            }
        )
    return pd.DataFrame(rows).reindex(columns=list(META_COLUMNS)).fillna("")


def _labels(family: Family) -> dict[str, str]:
    ends = [f"{family.value_label}, {end} end of the 95% interval" for end in ("lower", "upper")]
    values = dict(zip(family.value_columns, [family.value_label, *ends], strict=True))
    return {family.number: family.number_label, family.base: family.base_label, **values, **SHARED}
