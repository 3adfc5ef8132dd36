"""Office files (xlsx, ods, docx, odt, pptx): sheets as columns, and what a reader of the document does not see.

Their members are read one by one as XML; here stands what only the whole document tells.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine

from swis.scan.files.raw_bytes import strings_of
from swis.scan.parts import CODE, DATA_SET, ENCRYPTED, HIDDEN, UNKNOWN, UNREADABLE, Column, Found, Part, Text

SHEET_MEMBERS = ("xl/workbook.xml", "xl/workbook.bin")
ODS_TYPE = "spreadsheet"
HELD = re.compile(
    r"(?:^|/)(?:pivotCache/pivotCacheRecords|externalLinks/externalLink\d|embeddings/|model/item\.data|customData/)"
)
MACRO = re.compile(r"vbaProject\.bin$|(?:^|/)activeX/|^Basic/.+\.xml$|^Scripts/")
HIDDEN_SHEET = re.compile(rb"<sheet\b[^>]*\bstate=\"(?:very)?hidden\"", re.IGNORECASE)
ENCRYPTED_ODF = b"manifest:encryption-data"


def read_office(archive: zipfile.ZipFile, content: bytes) -> Iterator[Part]:
    """What stands in an archive that is an Office document; nothing in another archive."""
    names = archive.namelist()
    held = [name for name in names if HELD.search(name)]
    if held:
        yield Found("workbook or document within", DATA_SET, len(held))
    if any(MACRO.search(name) for name in names):
        yield Found("document", CODE)
    if "META-INF/manifest.xml" in names and ENCRYPTED_ODF in _member(archive, "META-INF/manifest.xml"):
        yield Found("document", ENCRYPTED)
        return
    hidden = len(HIDDEN_SHEET.findall(_member(archive, "xl/workbook.xml"))) if "xl/workbook.xml" in names else 0
    if hidden:
        yield Found("workbook", HIDDEN, hidden)
    if any(name in names for name in SHEET_MEMBERS) or ODS_TYPE in _type_of(archive, names):
        yield from read_workbook(content)


def read_workbook(content: bytes) -> Iterator[Part]:
    """The sheets of a workbook: their columns, and their rows for what is split over the cells of one."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_index(number).to_python() for number in range(len(book.sheet_names))]
    except (python_calamine.CalamineError, OSError, ValueError):
        yield Found("workbook", UNREADABLE)
        return
    for number, rows in enumerate(sheets, 1):
        cells = [[_text(cell) for cell in row] for row in rows]
        yield Text(f"sheet {number}", "\n".join("\t".join(row) for row in cells))
        yield from _columns(cells, f"sheet {number}")


def _columns(rows: list[list[str]], place: str) -> Iterator[Column]:
    """Each column under the last words above its first run of values: a sheet may begin with a title."""
    width = max((len(row) for row in rows), default=0)
    head = next((at for at, row in enumerate(rows) if sum(map(bool, row)) >= max(1, 0.6 * width)), 0)
    for at in range(width):
        cells = [row[at] for row in rows[head + 1 :] if len(row) > at and row[at]]
        heading = rows[head][at] if len(rows[head]) > at else ""
        yield Column(f"{place}, column {at + 1}", heading, cells)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, OSError, KeyError):
        return b""


def _type_of(archive: zipfile.ZipFile, names: list[str]) -> str:
    return _member(archive, "mimetype").decode("ascii", "ignore") if "mimetype" in names else ""


def read_ole(content: bytes) -> Iterator[Part]:
    """An Office file of before 2007: its sheets where it is a workbook, else only its printable bytes, and said so."""
    if _WIDE_ENCRYPTED in content:
        yield Found("document", ENCRYPTED)
        return
    parts = list(read_workbook(content))
    if any(isinstance(part, Found) for part in parts):
        parts = [Found("document", UNKNOWN)]
    yield from parts
    yield from strings_of(content)


_WIDE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
