"""From the report model to the workbook: cover, contents, symbols, and one sheet for each table, annex included."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from swis.disclosure.symbols import MEANINGS
from swis.report.model import Report, Section, Table
from swis.report.render import SYNTHETIC_MORE, SYNTHETIC_WORDS
from swis.report.sheets.cells import NONE, NONE_MEANS, Cell, cell_of
from swis.report.sheets.workbook import Line, Sheet, Workbook
from swis.report.tables import REMARKS
from swis.report.wording import sentence_case

COVER, CONTENTS, SYMBOLS = "Cover", "Contents", "Symbols"
# A line above a table runs over the columns beside it; longer text goes on in the next row.
LINE_LENGTH = 130
SENTENCE_END = re.compile(r"(?<=[.?!]) (?=[A-Z0-9†‡§¶*\[])")
ABOUT = (
    "Each sheet named Table holds one table of the report, under the number it has there; Contents leads to each.",
    "Numbers are numbers, shown as the report shows them, so that you can calculate with them.",
    "A symbol in square brackets stands where there is no number; Symbols says what each means.",
    "Source and notes stand above each table. Where they are short, the header stays in sight as you scroll.",
)


def workbook_of(report: Report) -> Workbook:
    """Every table of a report, with a cover, a contents list and symbols; WorkbookError where it is not accessible."""
    marker = SYNTHETIC_WORDS if report.is_synthetic else ""
    above = (Line(marker, "warning"),) if marker else ()
    numbers = report.numbering
    tables = [_table_sheet(table, numbers[table.id], above) for table in report.tables]
    front = (_cover(report, above), _contents(report, above), _symbols(above))
    return Workbook(report.title, report.subtitle, marker, (*front, *tables))


def _cover(report: Report, above: Sequence[Line]) -> Sheet:
    marked = (*above, Line(SYNTHETIC_MORE)) if above else ()
    about = [Line(text) for text in ABOUT]
    sheets = [Line(f"Go to {name}", link=name) for name in (CONTENTS, SYMBOLS)]
    protected = [Line("How these numbers were protected", "heading"), *_wrapped(report.policy)]
    made = [line.strip() for line in report.provenance.splitlines() if line.strip()]
    provenance = [Line(made[0], "heading"), *(Line(line) for line in made[1:])] if made else []
    lines = (Line(report.title, "title"), Line(report.subtitle), *marked, Line("About this workbook", "heading"))
    return Sheet(COVER, (*lines, *about, *sheets, *protected, *provenance))


def _contents(report: Report, above: Sequence[Line]) -> Sheet:
    rows = tuple(
        (Cell(name, link=name), Cell(table.caption), Cell(chapter))
        for table, chapter in _chapters(report)
        for name in [report.numbering[table.id]]
    )
    lines = (Line(f"Contents: {len(rows)} tables", "title"), *above, Line("This sheet holds one table."))
    return Sheet(CONTENTS, lines, ("Sheet", "What it shows", "Chapter of the report"), rows)


def _chapters(report: Report) -> Iterator[tuple[Table, str]]:
    """Each table with the chapter it stands in, in reading order."""
    for section, words in [(one, "") for one in report.sections] + [(one, "Annex: ") for one in report.annex]:
        for table in _tables(section):
            yield table, f"{words}{section.title}"


def _tables(section: Section) -> list[Table]:
    return [block for block in section.walk() if isinstance(block, Table)]


def _symbols(above: Sequence[Line]) -> Sheet:
    meanings = {**MEANINGS, NONE: NONE_MEANS, **dict(REMARKS.values())}
    rows = tuple((Cell(symbol), Cell(sentence_case(meaning))) for symbol, meaning in meanings.items())
    more = Line("Where a table gives a symbol a narrower meaning, its notes say so.")
    lines = (Line("Symbols and marks", "title"), *above, Line("This sheet holds one table."), more)
    return Sheet(SYMBOLS, lines, ("Symbol or mark", "Meaning"), rows)


def _table_sheet(table: Table, name: str, above: Sequence[Line]) -> Sheet:
    kinds = [column.kind for column in table.columns]
    rows = tuple(tuple(cell_of(text, kind) for text, kind in zip(row, kinds, strict=True)) for row in table.rows)
    title = textwrap.wrap(f"{name}: {table.caption}", LINE_LENGTH)
    lines = (
        *(Line(part, "title") for part in title),
        *above,
        *_wrapped(f"Source: {table.source}"),
        *_notes(table.note),
        *_legend(table, rows),
        Line(f"Back to {CONTENTS}", link=CONTENTS),
    )
    return Sheet(name, lines, headers(table), rows, row_headers=table.row_headers)


def headers(table: Table) -> tuple[str, ...]:
    """One header row: the heading over a column and its own, joined; numbered where two would be the same."""
    joined = [f"{column.over}: {column.label}" if column.over else column.label for column in table.columns]
    seen = [joined[: place + 1].count(name) for place, name in enumerate(joined)]
    return tuple(name if often == 1 else f"{name} ({often})" for name, often in zip(joined, seen, strict=True))


def _notes(note: str) -> list[Line]:
    """A note sentence by sentence; short ones share a row."""
    rows: list[str] = []
    for sentence in SENTENCE_END.split(note) if note else []:
        fits = rows and len(rows[-1]) + 1 + len(sentence) <= LINE_LENGTH
        rows[-1:] = [f"{rows[-1]} {sentence}"] if fits else [*rows[-1:], sentence]
    return [line for row in rows for line in _wrapped(row)]


def _legend(table: Table, rows: Sequence[Sequence[Cell]]) -> list[Line]:
    """The symbols that stand in cells and that the note does not explain."""
    found = {cell.text for row in rows for cell in row if cell.number is None}
    meanings = {**MEANINGS, NONE: NONE_MEANS}
    needed = [symbol for symbol in meanings if symbol in found and symbol not in table.note]
    return [line for symbol in needed for line in _wrapped(f"{symbol} {meanings[symbol]}.")]


def _wrapped(text: str) -> list[Line]:
    return [Line(part) for part in textwrap.wrap(text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)]
