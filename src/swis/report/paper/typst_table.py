"""A table in typst's own source: its headings repeat over pages, its groups keep theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from swis.report.model import Column, Table
from swis.report.paper.lettering import breakable
from swis.report.paper.typst_text import content, string, truth
from swis.report.paper.widths import layout_of, row_heads
from swis.report.render import NUMERIC

# Up to so many rows and letters a table takes at most a third of a page, and stays on one page with its note.
SHORT_ROWS, SHORT_LETTERS = 10, 1_200
# A cell of more letters may go over to the next page: in a narrow column it could be higher than one.
LONGEST_CELL = 1_000


def table_source(table: Table, number: str, targets: Collection[str], *, mark: str) -> str:
    """The call that draws the table; `mark` are the words that stand under the caption of simulated data."""
    layout = layout_of(table)
    fields = {
        "mark": string(mark),
        "note": string(breakable(table.note)),
        "source": string(table.source),
        "size": f"{layout.size:g}pt",
        "is-short": truth(_is_short(table)),
        "has-whole-rows": truth(_has_whole_rows(table)),
        "widths": f"({''.join(f'{width:g}pt, ' for width in layout.widths)})",
        "sides": "".join("right, " if column.kind in NUMERIC else "left, " for column in table.shown_columns).join(
            "()"
        ),
    }
    named = ", ".join(f"{name}: {value}" for name, value in fields.items())
    caption = string(f"{number}: {table.caption}")
    return "\n".join([f"#report-table({string(table.id)}, {caption}, {named},", *_parts(table, targets), ")"])


def _side(column: Column) -> str:
    return "right" if column.kind in NUMERIC else "left"


def _is_short(table: Table) -> bool:
    """Whether a table with its note takes little enough of a page to be kept on one."""
    letters = len(table.note) + sum(len(cell) for row in table.rows for cell in row)
    return len(table.rows) <= SHORT_ROWS and letters <= SHORT_LETTERS


def _has_whole_rows(table: Table) -> bool:
    """Whether no row is so high that a page could not hold it."""
    return all(len(cell) <= LONGEST_CELL for row in table.rows for cell in row)


def _parts(table: Table, targets: Collection[str]) -> Iterator[str]:
    yield _headings(table)
    heads = row_heads(table)
    for label, rows in table.row_groups:
        if label:
            yield f"group-head({len(table.shown_columns)}, {string(label)}),"
        for row in rows:
            yield ", ".join(_cell(cell, targets, is_head=place < heads) for place, cell in enumerate(row)) + ","


def _cell(cell: str, targets: Collection[str], *, is_head: bool) -> str:
    shown = content(breakable(cell) if type(cell) is str else cell, targets)
    return f"row-head({shown})" if is_head else shown


def _headings(table: Table) -> str:
    has_two_rows = len(table.column_groups) < len(table.shown_columns)
    first = [_over(over, columns, rows=2 if has_two_rows else 1) for over, columns in table.column_groups]
    second = [_heading(column) for column in table.shown_columns if column.over and has_two_rows]
    return f"table.header({', '.join([*first, *second])}, rule-under-heads),"


def _over(over: str, columns: list[Column], *, rows: int) -> str:
    if over and rows > 1:
        return f"over-head({len(columns)}, {string(over)})"
    label = columns[0].label
    return f"column-head({string(label)}, rows: {rows})"


def _heading(column: Column) -> str:
    return f"column-head({string(column.label)})"
