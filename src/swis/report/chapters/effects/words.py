"""How estimates are written: ratios and differences with their intervals, p-values, degrees of freedom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from swis.plan.specification import RATIOS
from swis.report.wording import DASH, sentence_case

SMALL_P = 0.001
LOGS_DIGITS = 3
# Beyond these a number says only that the data tell nothing; its digits would differ from machine to machine.
LARGEST_RATIO, SMALLEST_RATIO, LARGEST_DIFFERENCE = 1_000.0, 0.0005, 100_000.0
Row = Mapping[str, Any]


def ratio_text(value: Any) -> str:
    """A ratio with three decimals, one from 10 on: '1.055'; 'over 1,000', 'under 0.001'; a dash where there is none."""
    if pd.isna(value) or not np.isfinite(value):
        return DASH
    if value > LARGEST_RATIO:
        return f"over {LARGEST_RATIO:,.0f}"
    if 0 < value < SMALLEST_RATIO:
        return "under 0.001"
    return f"{float(value):.{3 if abs(float(value)) < 10 else 1}f}"


def difference_text(value: Any) -> str:
    """A difference with two decimals and its sign: '+0.31', '−0.45'; three below a tenth, one from 10 on."""
    if pd.isna(value) or not np.isfinite(value):
        return DASH
    size = abs(float(value))
    if size > LARGEST_DIFFERENCE:
        return f"{'over +' if value > 0 else 'under −'}{LARGEST_DIFFERENCE:,.0f}"
    digits = 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{float(value):+.{digits}f}".replace("-", "−")


def estimate_text(row: Row) -> str:
    """The estimate of a row on its own scale, or the symbol that says why there is none."""
    if row.get("symbol"):
        return str(row["symbol"])
    return ratio_text(row["estimate"]) if row["scale"] in RATIOS else difference_text(row["estimate"])


def interval_words(row: Row) -> str:
    """'0.955 to 1.166', or a dash."""
    if pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return DASH
    write = ratio_text if row["scale"] in RATIOS else difference_text
    return f"{write(row['lower'])} to {write(row['upper'])}"


def whole_text(row: Row) -> str:
    """Estimate and interval as one phrase: '1.055 (0.955 to 1.166)'."""
    interval = interval_words(row)
    if row.get("symbol"):
        return str(row["symbol"])
    if interval == DASH:
        return estimate_text(row)
    return f"{estimate_text(row)} ({interval})" if pd.notna(row["estimate"]) else interval


def scale_words(scale: object, unit: str) -> str:
    """The scale of an estimate as a heading, a mean difference with its unit: 'Mean difference, percentage points'."""
    said = sentence_case(str(scale))
    if scale != "mean difference":
        return said
    return f"{said}, {'percentage points' if unit.startswith('%') else unit}"


def lower_first(title: str) -> str:
    """A title within a sentence: its first letter small, unless an abbreviation begins it."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def window_words(window: str) -> str:
    """A window within a sentence: '23 months', 'the school year 2021/22'."""
    return window if window[:1].isdigit() else f"the {window}"


def p_text(value: Any) -> str:
    """A p-value: 'under 0.001', three decimals below 0.1, two above; a dash where there is none."""
    if pd.isna(value):
        return DASH
    if value < SMALL_P:
        return "under 0.001"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def freedom_text(row: Row) -> str:
    """What the standard error is and on how many degrees of freedom: 'CR2 by school, Satterthwaite; 93 df'."""
    if not row["se_type"]:
        return DASH
    freedom = row["degrees_of_freedom"]
    # A test says its degrees of freedom in its own words, and a posterior has none.
    if pd.isna(freedom) or row["scale"] == "p-value" or str(row["se_type"]).startswith("normal prior"):
        return str(row["se_type"])
    return f"{row['se_type']}; normal" if np.isinf(freedom) else f"{row['se_type']}; {freedom:.0f} df"


def error_text(value: Any) -> str:
    """A standard error with three decimals."""
    if pd.isna(value) or not np.isfinite(value):
        return DASH
    return f"{float(value):.{LOGS_DIGITS if value < LARGEST_RATIO else 0}f}"


def symbol_words() -> str:
    """What the symbols of estimates mean."""
    return (
        "[c] hidden: an arm has fewer than 3 schools or fewer than 10 events. [x] not estimated: the remark says why."
    )
