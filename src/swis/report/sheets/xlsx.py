"""The workbook as an Excel file, by XlsxWriter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import xlsxwriter

from swis.report.sheets.cells import Cell, NumberFormat
from swis.report.sheets.workbook import COUNTRY, LANGUAGE, POINTS_A_LINE, Line, Sheet, Workbook

# The first day a zip file can carry: the file must not tell when it was made, or no two runs would give the same bytes.
FIXED_DATE = datetime(1980, 1, 1)
FONT = {"font_name": "Arial", "font_size": 11, "valign": "top"}
# The indent keeps a number apart from the words of the next column.
RIGHT = {"align": "right", "indent": 1}
HEADER = {"bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"}
STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12},
    "warning": {"bold": True, "font_color": "#942514"},
    "text": {},
    "header": HEADER,
    "header on the right": {**HEADER, **RIGHT},
    "row header": {"text_wrap": True, "bold": True},
    "words": {"text_wrap": True},
    "words on the right": {**RIGHT, "text_wrap": True},
    "number": RIGHT,
    "link": {"font_color": "#12436D", "underline": 1},
}


def write_xlsx(workbook: Workbook) -> bytes:
    """The bytes of the Excel file."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False}) as book:
        said = {"title": workbook.title, "subject": workbook.subject, "comments": workbook.marker}
        book.set_properties({**said, "created": FIXED_DATE, "category": "Statistics"})
        book.set_custom_property("Language", f"{LANGUAGE}-{COUNTRY}")
        styles = _Styles(book)
        for sheet in workbook.sheets:
            _write_sheet(book, sheet, styles, workbook.marker)
    return stream.getvalue()


class _Styles:
    """The formats of one file, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.named = {name: book.add_format({**FONT, **style}) for name, style in STYLES.items()}
        self.number = cache(
            lambda style: book.add_format({**FONT, **STYLES["number"], "num_format": format_code(style)})
        )


def format_code(style: NumberFormat) -> str:
    """Excel's code for a format; negative numbers carry the minus sign that the report prints."""
    body = ("#,##0" if style.is_grouped else "0") + (f".{'0' * style.decimals}" if style.decimals else "")
    shown = f'"{style.prefix}"{body}{style.suffix}' if style.prefix else f"{body}{style.suffix}"
    return f'{chr(34) + "+" + chr(34) if style.has_plus else ""}{shown};"−"{shown}'


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, styles: _Styles, marker: str) -> None:
    page = book.add_worksheet(sheet.name)
    for place, width in enumerate(sheet.widths):
        page.set_column(place, place, width)
    for row, line in enumerate(sheet.lines):
        _write_line(page, row, line, styles)
    if sheet.header:
        _write_table(page, sheet, styles)
    _set_print(page, sheet, marker)


def _write_line(page: Any, row: int, line: Line, styles: _Styles) -> None:
    if line.link:
        page.write_url(row, 0, f"internal:'{line.link}'!A1", styles.named["link"], line.text)
    else:
        page.write_string(row, 0, line.text, styles.named[line.style])


def _write_table(page: Any, sheet: Sheet, styles: _Styles) -> None:
    """The table, marked up as one: its header row, its first column, no filter buttons."""
    first, last = sheet.header_row, sheet.header_row + len(sheet.rows)
    kinds = ["header on the right" if place in sheet.right_columns else "header" for place in range(len(sheet.header))]
    columns = [
        {"header": name, "header_format": styles.named[kind]} for name, kind in zip(sheet.header, kinds, strict=True)
    ]
    marked = {"name": sheet.table_name, "columns": columns, "autofilter": False, "style": None, "first_column": True}
    if sheet.rows:
        page.add_table(first, 0, last, len(sheet.header) - 1, marked)
    else:
        # Excel has no table without a row: its heads stand alone.
        for place, (name, kind) in enumerate(zip(sheet.header, kinds, strict=True)):
            page.write_string(first, place, name, styles.named[kind])
    for row, lines in enumerate(sheet.lines_a_row, first):
        page.set_row(row, lines * POINTS_A_LINE)
    for row, cells in enumerate(sheet.rows, first + 1):
        for place, cell in enumerate(cells):
            _write_cell(page, row, place, cell, sheet.row_headers, styles)
    if sheet.frozen_rows:
        page.freeze_panes(sheet.frozen_rows, 0)


def _write_cell(page: Any, row: int, place: int, cell: Cell, row_headers: int, styles: _Styles) -> None:
    if cell.link:
        page.write_url(row, place, f"internal:'{cell.link}'!A1", styles.named["link"], cell.text)
    elif cell.number is not None:
        page.write_number(row, place, cell.number, styles.number(cell.format))
    else:
        kind = "row header" if place < row_headers else "words on the right" if cell.is_right else "words"
        page.write_string(row, place, cell.text, styles.named[kind])


def _set_print(page: Any, sheet: Sheet, marker: str) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    if marker:
        page.set_header(f"&C{marker}")
    page.set_footer("&L&A&RPage &P of &N")
    if sheet.header:
        page.repeat_rows(sheet.header_row)
