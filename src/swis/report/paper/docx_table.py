"""A table in Word's own markup: a table style, headings that repeat over pages, rows that stay whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from xml.sax.saxutils import quoteattr

from swis.report.model import Column, Table
from swis.report.paper.docx_text import cell_runs, paragraph, run
from swis.report.paper.widths import Layout, row_heads
from swis.report.render import NUMERIC

# Word counts lengths in twentieths of a point.
TWIPS = 20
RIGHT, CENTRE, KEEP = '<w:jc w:val="right"/>', '<w:jc w:val="center"/>', "<w:keepNext/>"
# A row stays with the next: the first of a table with its heading, a group's words with its first row.
HEADER_ROW = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
WHOLE_ROW = "<w:trPr><w:cantSplit/></w:trPr>"


def table_xml(table: Table, layout: Layout, targets: Collection[str]) -> str:
    """The table without its caption, note and source."""
    drawn = _Drawn(table, layout, targets)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in drawn.widths)
    heads = 1 if drawn.heads else 0
    look = f'<w:tblLook w:val="{"00A0" if heads else "0020"}" w:firstRow="1" w:lastRow="0" w:firstColumn="{heads}" '
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(drawn.widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'{look}w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(table.caption)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(drawn.rows())}</w:tbl>"
    )


def size_style(size: float) -> str:
    """The paragraph style of a table's words in that lettering."""
    return f"TableText{round(size * 10)}"


class _Drawn:
    """A table with what every cell of it needs to know."""

    def __init__(self, table: Table, layout: Layout, targets: Collection[str]) -> None:
        self.table, self.targets, self.style = table, targets, size_style(layout.size)
        self.widths = [int(width * TWIPS) for width in layout.widths]
        self.columns: Sequence[Column] = table.shown_columns
        self.heads = row_heads(table)

    def rows(self) -> Iterator[str]:
        yield from self.headings()
        for label, rows in self.table.row_groups:
            if label:
                words = paragraph(run(label), "TableGroup", KEEP)
                yield f"<w:tr>{WHOLE_ROW}{self.cell(0, len(self.columns), words)}</w:tr>"
            for row in rows:
                cells = (self.cell(place, 1, self.words(place, text)) for place, text in enumerate(row))
                yield f"<w:tr>{WHOLE_ROW}{''.join(cells)}</w:tr>"

    def words(self, place: int, text: str) -> str:
        side = RIGHT if self.columns[place].kind in NUMERIC else ""
        return paragraph(cell_runs(text, self.targets, is_bold=place < self.heads), self.style, side)

    def headings(self) -> Iterator[str]:
        groups = self.table.column_groups
        if len(groups) == len(self.columns):
            yield self.heading_row(self.heading(place, column) for place, column in enumerate(self.columns))
            return
        starts = [sum(len(run) for _, run in groups[:place]) for place in range(len(groups))]
        yield self.heading_row(
            self.over(start, over, run_of) if over else self.heading(start, run_of[0], '<w:vMerge w:val="restart"/>')
            for start, (over, run_of) in zip(starts, groups, strict=True)
        )
        yield self.heading_row(
            self.heading(place, column)
            if column.over
            else self.cell(place, 1, paragraph("", self.style, KEEP), "<w:vMerge/>")
            for place, column in enumerate(self.columns)
        )

    def heading_row(self, cells: Iterator[str]) -> str:
        return f"<w:tr>{HEADER_ROW}{''.join(cells)}</w:tr>"

    def over(self, start: int, over: str, columns: Sequence[Column]) -> str:
        return self.cell(start, len(columns), paragraph(run(over, is_bold=True), self.style, KEEP + CENTRE))

    def heading(self, place: int, column: Column, merge: str = "") -> str:
        side = RIGHT if column.kind in NUMERIC else ""
        return self.cell(place, 1, paragraph(run(column.label, is_bold=True), self.style, KEEP + side), merge)

    def cell(self, place: int, span: int, words: str, merge: str = "") -> str:
        width = sum(self.widths[place : place + span])
        spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merge}</w:tcPr>{words}</w:tc>'
