"""A table in typst's own source: its headings repeat over pages, its groups keep theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from swis.report.model import Column, Table
from swis.report.paper.lettering import breakable
from swis.report.paper.typst_text import content, string, truth
from swis.report.paper.widths import layout_of
from swis.report.render import NUMERIC


def table_source(table: Table, number: str, targets: Collection[str], *, mark: str) -> str:
    """The call that draws the table; `mark` are the words that stand under the caption of simulated data."""
    layout = layout_of(table)
    widths = ", ".join(f"{width:g}pt" for width in layout.widths)
    sides = ", ".join("right" if column.kind in NUMERIC else "left" for column in table.shown_columns)
    return (
        f"#report-table({string(table.id)}, {string(f'{number}: {table.caption}')}, mark: {string(mark)}, "
        f"note: {string(breakable(table.note))}, source: {string(table.source)}, size: {layout.size:g}pt, "
        f"sideways: {truth(layout.is_sideways)}, widths: ({widths},), sides: ({sides},),\n"
        + "\n".join(_parts(table, targets))
        + "\n)"
    )


def _parts(table: Table, targets: Collection[str]) -> Iterator[str]:
    yield _headings(table)
    heads = table.row_headers - (1 if table.is_grouped else 0)
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
    return f"table.header({', '.join([*first, *second])}),"


def _over(over: str, columns: list[Column], *, rows: int) -> str:
    if over and rows > 1:
        return f"over-head({len(columns)}, {string(over)})"
    label = columns[0].label
    return f"column-head({string(label)}, rows: {rows})"


def _heading(column: Column) -> str:
    return f"column-head({string(column.label)})"
