"""Tables that several chapters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.disclosure import Protected
from swis.disclosure.symbols import LOW, MEANINGS, NOT_APPLICABLE, NOT_AVAILABLE
from swis.report.measures import MeasureText
from swis.report.model import Column, Table
from swis.report.wording import DASH, count_cell, count_text, interval_text, number_text, percent_text, sentence_case

Cell = Mapping[str, Any]
ARM_TITLES: Mapping[str, str] = {"intervention": "Intervention", "control": "Control"}
REMARKS: Mapping[str, str] = {
    "break": "break in series",
    "teacher assessed": "graded by teachers",
    "not published": "no national data",
    "not observed": "not observed",
    "partly observed": "partly observed",
}


def outcome_table(
    outcomes: Protected,
    measures: Sequence[MeasureText],
    *,
    id: str,
    caption: str,
    source: str,
    period_kind: str = "academic year",
    period_title: str = "Academic year",
) -> Table:
    """Measures by period with both arms side by side: number, out of, value with its interval, and a remark."""
    kept = outcomes.where(period_kind=period_kind, measure=[measure.name for measure in measures], arm=list(ARM_TITLES))
    found = by_measure_and_period(kept.frame, "period")
    rows = [
        _row(measure, period, cells) for measure in measures for period, cells in found.get(measure.name, {}).items()
    ]
    arms = [
        Column(sentence_case(label), kind, over=f"{title} schools")
        for title in ARM_TITLES.values()
        for label, kind in (("number", "count"), ("out of", "count"), ("value", "value"), ("95% interval", "interval"))
    ]
    columns = (Column("Measure"), Column(period_title), *arms, Column("Remark"))
    return Table(
        id, caption, columns, tuple(rows), source, note=symbols_note(rows), row_headers=2, is_grouped=True, data=kept
    )


def by_measure_and_period(frame: pd.DataFrame, period: str) -> dict[str, dict[str, list[Cell]]]:
    """The rows of a frame under their measure and, in order, their period (the column named)."""
    found: dict[str, dict[str, list[Cell]]] = {}
    for cell in frame.sort_values(period, kind="stable").to_dict("records"):
        found.setdefault(cell["measure"], {}).setdefault(cell[period], []).append(cell)
    return found


def _row(measure: MeasureText, period: str, cells: Sequence[Cell]) -> tuple[str, ...]:
    arms = [text for arm in ARM_TITLES for text in _arm_cells([cell for cell in cells if cell["arm"] == arm])]
    return (measure.heading, period, *arms, _remark(cells))


def _arm_cells(cells: Sequence[Cell]) -> tuple[str, str, str, str]:
    if not cells:
        return (NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, DASH)
    cell = cells[0]
    symbol = cell["symbol"]
    hidden = symbol if symbol != LOW else ""
    interval = interval_text(cell["lower"], cell["upper"], symbol)
    # A median or a mean has no count of its own: only how many stand behind it.
    number = NOT_APPLICABLE if pd.isna(cell["count"]) and not hidden else count_text(cell["count"], symbol)
    behind = hidden or count_cell(cell["denominator"])
    return (number, behind, number_text(cell["value"], symbol), interval)


def _remark(cells: Sequence[Cell]) -> str:
    found = {cell["comparability"] for cell in cells}
    words = [REMARKS[kind] for kind in REMARKS if kind in found]
    share = min((cell["observed_share"] for cell in cells if pd.notna(cell["observed_share"])), default=1.0)
    if 0 < share < 1:
        words = [word for word in words if word != "partly observed"] + [
            f"{percent_text(share)} of the period observed"
        ]
    return "; ".join(words) or DASH


def symbols_note(rows: Sequence[Sequence[str]]) -> str:
    """What the symbols in these rows mean; nothing where there is none."""
    seen = [symbol for symbol in MEANINGS if any(symbol in cell for row in rows for cell in row)]
    return " ".join(f"{symbol} {MEANINGS[symbol]}." for symbol in seen)


def counts_table(
    frame: Protected,
    columns: Mapping[str, Column],
    *,
    id: str,
    caption: str,
    source: str,
    row_headers: int = 1,
    note: str = "",
) -> Table:
    """A protected frame as it stands: the named columns under their headings, counts with their symbols."""
    rows = [
        tuple(_cell(row, name, column) for name, column in columns.items()) for row in frame.frame.to_dict("records")
    ]
    words = " ".join(part for part in (note, symbols_note(rows)) if part)
    return Table(
        id, caption, tuple(columns.values()), tuple(rows), source, note=words, row_headers=row_headers, data=frame
    )


def _cell(row: Mapping[str, Any], name: str, column: Column) -> str:
    value = row[name]
    if column.kind == "count":
        return count_cell(value, str(row.get("symbol", "")))
    return DASH if pd.isna(value) or value == "" else str(value)
