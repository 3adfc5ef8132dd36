"""The workbook as an OpenDocument spreadsheet, by odfpy."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from lxml import etree
from odf import dc, text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import (
    DatabaseRange,
    DatabaseRanges,
    Table,
    TableCell,
    TableColumn,
    TableHeaderColumns,
    TableHeaderRows,
    TableRow,
)

from swis.report.sheets.cells import Cell
from swis.report.sheets.ods_styles import Styles
from swis.report.sheets.ods_view import freeze
from swis.report.sheets.workbook import COUNTRY, LANGUAGE, Line, Sheet, Workbook

# As in the Excel file: a date of the day would make other bytes of the same tables.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def write_ods(workbook: Workbook) -> bytes:
    """The bytes of the OpenDocument file."""
    book = OpenDocumentSpreadsheet()
    for said in (
        dc.Title(text=workbook.title),
        dc.Subject(text=workbook.subject),
        dc.Description(text=workbook.marker),
        dc.Language(text=f"{LANGUAGE}-{COUNTRY}"),
    ):
        book.meta.addElement(said)
    styles = Styles(book, workbook.marker)
    for sheet in workbook.sheets:
        book.spreadsheet.addElement(_sheet(sheet, styles))
    book.spreadsheet.addElement(_marked_tables(workbook))
    freeze(book, workbook.sheets)
    stream = BytesIO()
    book.write(stream)
    return _reproducible(stream)


def _reproducible(stream: BytesIO) -> bytes:
    """The same archive with one fixed date, its kind (`mimetype`) first and not compressed, as the format asks.

    odfpy declares every namespace its process has met so far; the canonical form has those that are used.
    """
    fixed = BytesIO()
    with zipfile.ZipFile(stream) as given, zipfile.ZipFile(fixed, "w") as made:
        for name in sorted(given.namelist(), key=lambda name: (name != "mimetype", name)):
            member = zipfile.ZipInfo(name, FIXED_DATE)
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            content = given.read(name)
            made.writestr(member, content if name == "mimetype" else _canonical(content))
    return fixed.getvalue()


def _canonical(content: bytes) -> bytes:
    """XML with the namespaces it uses; 'ooo' is used by the names of settings."""
    root = etree.fromstring(content)
    return etree.tostring(root, method="c14n", exclusive=True, inclusive_ns_prefixes=["ooo"])


def _sheet(sheet: Sheet, styles: Styles) -> Any:
    page = Table(name=sheet.name, stylename=styles.page)
    headers = TableHeaderColumns()
    for place, width in enumerate(sheet.widths):
        column = TableColumn(stylename=styles.column(width), defaultcellstylename=styles.named["words"])
        (headers if sheet.header and place < sheet.row_headers else page).addElement(column)
        if sheet.header and place == sheet.row_headers - 1:
            page.addElement(headers)
    for line in sheet.lines:
        page.addElement(_row([_line(line, styles)], styles.row(2 if line.style in {"title", "heading"} else 1)))
    if sheet.header:
        top = TableHeaderRows()
        top.addElement(_row(_header(sheet, styles), styles.row(sheet.lines_a_row[0])))
        page.addElement(top)
    for row, lines in zip(sheet.rows, sheet.lines_a_row[1:], strict=True):
        cells = [_cell(cell, place < sheet.row_headers, styles) for place, cell in enumerate(row)]
        page.addElement(_row(cells, styles.row(lines)))
    return page


def _header(sheet: Sheet, styles: Styles) -> list[Any]:
    kinds = ["header on the right" if place in sheet.right_columns else "header" for place in range(len(sheet.header))]
    return [_words(name, styles.named[kind]) for name, kind in zip(sheet.header, kinds, strict=True)]


def _row(cells: list[Any], style: Any) -> Any:
    row = TableRow(stylename=style)
    for cell in cells:
        row.addElement(cell)
    return row


def _line(line: Line, styles: Styles) -> Any:
    return _linked(line.text, line.link, styles) if line.link else _words(line.text, styles.named[line.style])


def _cell(cell: Cell, is_row_header: bool, styles: Styles) -> Any:
    if cell.link:
        return _linked(cell.text, cell.link, styles)
    if cell.number is None:
        kind = "row header" if is_row_header else "words on the right" if cell.is_right else "words"
        return _words(cell.text, styles.named[kind])
    kind = "percentage" if cell.format.suffix else "float"
    made = TableCell(valuetype=kind, value=repr(cell.number), stylename=styles.number(cell.format))
    made.addElement(text.P(text=cell.text))
    return made


def _words(words: str, style: Any) -> Any:
    cell = TableCell(valuetype="string", stylename=style)
    cell.addElement(text.P(text=words))
    return cell


def _linked(words: str, sheet: str, styles: Styles) -> Any:
    cell = TableCell(valuetype="string", stylename=styles.named["link"])
    paragraph = text.P()
    paragraph.addElement(text.A(href=f"#'{sheet}'.A1", type="simple", text=words))
    cell.addElement(paragraph)
    return cell


def _marked_tables(workbook: Workbook) -> Any:
    """Each table as a named range with a header, which is how OpenDocument marks a table up."""
    ranges = DatabaseRanges()
    for sheet in workbook.sheets:
        if sheet.header:
            first, last = sheet.header_row + 1, sheet.header_row + 1 + len(sheet.rows)
            area = f"'{sheet.name}'.A{first}:'{sheet.name}'.{column_letter(len(sheet.header))}{last}"
            marks = {"displayfilterbuttons": "false", "containsheader": "true"}
            ranges.addElement(DatabaseRange(name=sheet.table_name, targetrangeaddress=area, **marks))
    return ranges


def column_letter(number: int) -> str:
    """'A' for 1, 'Z' for 26, 'AA' for 27."""
    first, last = divmod(number - 1, 26)
    return (column_letter(first) if first else "") + chr(ord("A") + last)
