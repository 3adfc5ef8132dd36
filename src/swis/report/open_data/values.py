"""What a cell of open data shows: the number as the report prints it, bare, or the standard's symbol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swis.disclosure.symbols import LOW, NOT_APPLICABLE, NOT_AVAILABLE
from swis.report.open_data.families import Family
from swis.report.wording import MINUS, count_cell, is_missing, number_text

# An outcome does not compare with other years when its series breaks or it was measured in another way.
NOT_COMPARABLE = frozenset({"break", "teacher assessed"})
UNMEASURED = frozenset({"not observed", "not published"})


def bare(text: str) -> str:
    """A number without commas and with a plain minus, a symbol without brackets."""
    return text.strip("[]").replace(",", "").replace(MINUS, "-")


def numbers_of(row: Mapping[str, Any], family: Family) -> dict[str, str]:
    """The columns of numbers of one protected row of outcomes."""
    symbol = str(row["symbol"])
    hidden = symbol if symbol != LOW else ""
    decimals = int(row["decimals"])
    number = NOT_APPLICABLE if is_missing(row["count"]) and not hidden else count_cell(row["count"], symbol)
    shown = [
        *([number] if family.number else []),
        count_cell(row["denominator"], hidden),
        number_text(row["value"], symbol, decimals),
        *(_end(row[name], hidden, decimals) for name in ("lower", "upper")),
        count_cell(row["schools"], hidden),
        _observed(row["observed_share"]),
        _compares(str(row["comparability"])),
    ]
    return dict(zip(family.columns, map(bare, shown), strict=True))


def no_numbers(family: Family, symbol: str) -> dict[str, str]:
    """The columns of numbers of a combination that has no row."""
    return dict.fromkeys(family.columns, bare(symbol))


def _end(value: Any, hidden: str, decimals: int) -> str:
    """One end of an interval; not applicable where a value has none."""
    return hidden or (NOT_APPLICABLE if is_missing(value) else number_text(value, decimals=decimals))


def _observed(share: Any) -> str:
    """The share of the period that was observed, as a percentage of two digits as files show it."""
    return NOT_AVAILABLE if is_missing(share) else f"{round(float(share), 2) * 100:.0f}"


def _compares(comparability: str) -> str:
    return NOT_APPLICABLE if comparability in UNMEASURED else str(int(comparability not in NOT_COMPARABLE))
