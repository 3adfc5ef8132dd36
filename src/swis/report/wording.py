"""Numbers and words in sentences and cells: one formatter, so that a figure reads the same wherever it stands.

Counts come with thousands commas; other values with at most two decimals, fewer as they grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from swis.disclosure.symbols import HIDDEN, LOW, NOT_APPLICABLE, NOT_AVAILABLE

DASH = "–"
MINUS = "−"
THREE_DIGITS, TWO_DIGITS = 100, 10


def is_missing(value: Any) -> bool:
    """Whether a cell holds no number."""
    return value is None or bool(pd.isna(value))


def number_text(value: Any, symbol: str = "", decimals: int | None = None) -> str:
    """A value with these decimals, or at most two ('170', '45.3', '7.25'); the symbol where there is no number."""
    if symbol:
        return symbol
    if is_missing(value):
        return NOT_AVAILABLE
    number = float(value)
    if number == 0 and decimals is None:
        return "0"
    return f"{number:z,.{_decimals(number) if decimals is None else decimals}f}".replace("-", MINUS)


def _decimals(number: float) -> int:
    size = abs(round(number, 1))
    return 0 if size >= THREE_DIGITS else 1 if size >= TWO_DIGITS else 2


def published_text(value: Any, symbol: str = "") -> str:
    """A published figure as its release prints it: one decimal, or two under 10."""
    if symbol:
        return symbol
    if is_missing(value):
        return NOT_AVAILABLE
    return f"{float(value):z,.{1 if abs(float(value)) >= TWO_DIGITS else 2}f}".replace("-", MINUS)


def count_text(value: Any, symbol: str = "") -> str:
    """A count with thousands commas; the symbol where there is one."""
    if symbol:
        return symbol
    return NOT_AVAILABLE if is_missing(value) else f"{int(value):,}"


def count_cell(value: Any, symbol: str = "") -> str:
    """A count as a cell shows it: what was let through, else the row's symbol; '[low]' only where it is zero."""
    if is_missing(value):
        return symbol or NOT_AVAILABLE
    return LOW if value == 0 and symbol == LOW else count_text(value)


def pounds_text(value: Any, symbol: str = "") -> str:
    """'£1,250', '−£140', '£2.35' under 100 pounds; the symbol, or [z] where there is none such."""
    if is_missing(value):
        return symbol or NOT_APPLICABLE
    number = float(value)
    decimals = 2 if 0 < abs(number) < THREE_DIGITS else 0
    return f"{MINUS if number < 0 else ''}£{abs(number):,.{decimals}f}"


def interval_text(lower: Any, upper: Any, symbol: str = "", decimals: int | None = None) -> str:
    """'4.1 to 6.3', or a dash where there is none."""
    if symbol not in {"", LOW} or is_missing(lower) or is_missing(upper):
        return DASH
    return f"{number_text(lower, decimals=decimals)} to {number_text(upper, decimals=decimals)}"


def percent_text(share: Any) -> str:
    """A share from 0 to 1 as a whole percentage; never rounded up to 100% nor down to 0%."""
    if is_missing(share):
        return NOT_AVAILABLE
    percent = float(share) * 100
    if 0 < percent < 1:
        return "under 1%"
    return "over 99%" if 99 < percent < 100 else f"{percent:.0f}%"


def count_span(value: Any, symbol: str = "") -> Markup:
    """A count inside a sentence, marked so that the door's last check can find it; in words where it is hidden."""
    if symbol == LOW or (symbol == HIDDEN and is_missing(value)):
        return escape("a number too small to show" if symbol == LOW else "a number that is not shown")
    return Markup('<span data-kind="count">{}</span>').format(count_text(value, symbol))


def value_span(value: Any, unit: str = "", symbol: str = "", decimals: int | None = None) -> Markup:
    """A value with its unit inside a sentence."""
    if symbol:
        return escape("too few to show" if symbol == LOW else symbol)
    text = number_text(value, decimals=decimals)
    joined = f"{text}%" if unit == "%" else f"{text} {unit}".strip()
    return Markup('<span data-kind="value">{}</span>').format(joined)


def listed(words: Iterable[str | Markup]) -> Markup:
    """'a', 'a and b', 'a, b and c'."""
    parts = [escape(word) for word in words]
    if len(parts) < 2:
        return Markup("").join(parts)
    return Markup(", ").join(parts[:-1]) + Markup(" and ") + parts[-1]


def listed_text(words: Iterable[str]) -> str:
    """As `listed`, for text that is not markup yet."""
    return str(listed(words).unescape())


def sentence_case(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
