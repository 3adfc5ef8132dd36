"""Intervals of money and chances in cells of the chapter on costs."""

from __future__ import annotations

from typing import Any

from swis.disclosure.symbols import NOT_APPLICABLE
from swis.report.wording import DASH, is_missing, pounds_text

HUNDRED = 100


def pounds_interval(lower: Any, upper: Any) -> str:
    """'£10 to £20', or a dash."""
    return DASH if is_missing(lower) or is_missing(upper) else f"{pounds_text(lower)} to {pounds_text(upper)}"


def percent_cell(value: Any, symbol: str = "") -> str:
    """A whole percentage; never 0 nor 100, for some replicates may have gone the other way."""
    if is_missing(value):
        return symbol or NOT_APPLICABLE
    number = round(float(value))
    return "under 1%" if number < 1 else "over 99%" if number >= HUNDRED else f"{number}%"
