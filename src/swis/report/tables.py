"""Tables that several chapters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.disclosure.symbols import LOW, MEANINGS, NOT_APPLICABLE, NOT_AVAILABLE
from swis.report.measures import MeasureText
from swis.report.model import Column, Table
from swis.report.wording import DASH, count_cell, interval_text, number_text, percent_text, sentence_case

Cell = Mapping[str, Any]
ARM_TITLES: Mapping[str, str] = {"intervention": "Intervention", "control": "Control"}
# The mark beside a period and what it says of it.
REMARKS: Mapping[str, tuple[str, str]] = {
    "break": ("†", "does not compare with the other years"),
    "teacher assessed": ("‡", "graded by teachers"),
    "not published": ("§", "no national data"),
    "not observed": ("¶", "no return covers the period"),
    "partly observed": ("*", "observed only in part"),
}
BASELINE = "baseline"


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
    """Measures by period, both arms side by side: number, out of, value with interval; remarks as marks on a period."""
    kept = outcomes.where(period_kind=period_kind, measure=[measure.name for measure in measures], arm=list(ARM_TITLES))
    in_time = kept.frame.sort_values("period", key=lambda periods: periods.map(_in_time), kind="stable")
    found = by_measure_and_period(in_time, "period")
    rows = [
        _row(measure, period, cells) for measure in measures for period, cells in found.get(measure.name, {}).items()
    ]
    arms = [
        Column(sentence_case(label), kind, over=f"{title} schools")
        for title in ARM_TITLES.values()
        for label, kind in (("number", "count"), ("out of", "count"), ("value", "value"), ("95% interval", "interval"))
    ]
    columns = (Column("Measure"), Column(period_title), *arms)
    note = " ".join(part for part in (_remarks_note(kept.frame), symbols_note(rows)) if part)
    return Table(id, caption, columns, tuple(rows), source, note=note, row_headers=2, is_grouped=True, data=kept)


def _in_time(period: str) -> str:
    """The baseline comes before every window and year."""
    return "" if period == BASELINE else period


def by_measure_and_period(frame: pd.DataFrame, period: str) -> dict[str, dict[str, list[Cell]]]:
    """The rows of a frame under their measure and their period (the column named), in the order of the frame."""
    found: dict[str, dict[str, list[Cell]]] = {}
    for cell in frame.to_dict("records"):
        found.setdefault(cell["measure"], {}).setdefault(cell[period], []).append(cell)
    return found


def _row(measure: MeasureText, period: str, cells: Sequence[Cell]) -> tuple[str, ...]:
    arms = [text for arm in ARM_TITLES for text in _arm_cells([cell for cell in cells if cell["arm"] == arm])]
    return (measure.heading, " ".join([sentence_case(period), *_marks(cells)]), *arms)


def _arm_cells(cells: Sequence[Cell]) -> tuple[str, str, str, str]:
    if not cells:
        return (NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, DASH)
    cell = cells[0]
    symbol = cell["symbol"]
    hidden = symbol if symbol != LOW else ""
    decimals = int(cell["decimals"])
    interval = interval_text(cell["lower"], cell["upper"], symbol, decimals)
    # A median or a mean has no count of its own: only how many stand behind it.
    number = NOT_APPLICABLE if pd.isna(cell["count"]) and not hidden else count_cell(cell["count"], symbol)
    behind = count_cell(cell["denominator"], hidden)
    return (number, behind, number_text(cell["value"], symbol, decimals), interval)


def _marks(cells: Sequence[Cell]) -> list[str]:
    found = {cell["comparability"] for cell in cells}
    if any(0 < cell["observed_share"] < 1 for cell in cells if pd.notna(cell["observed_share"])):
        found.add("partly observed")
    return [mark for kind, (mark, _) in REMARKS.items() if kind in found]


def _remarks_note(frame: pd.DataFrame) -> str:
    """What the marks on the periods mean, with how much was observed where it was not all."""
    shares = frame["observed_share"].astype("Float64")
    part = shares[(shares > 0) & (shares < 1)]
    found = set(frame["comparability"]) | ({"partly observed"} if len(part) else set())
    words = {kind: f"{mark} {meaning}" for kind, (mark, meaning) in REMARKS.items() if kind in found}
    if "break" in words and "window" in set(frame["period_kind"]):
        words["break"] = f"{REMARKS['break'][0]} holds an academic year that does not compare with the others"
    if len(part):
        ends = list(dict.fromkeys([percent_text(part.min()), percent_text(part.max())]))
        words["partly observed"] += f" ({' to '.join(ends)} of the period)"
    return " ".join(f"{one}." for one in words.values())


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
