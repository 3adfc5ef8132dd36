"""Cells that head a row, marked as such in the tags of a PDF.

Typst tags the cells of a table's headings; the function for those that head a row is not switched on in its Python
package. Its tags are plain objects of the file, and what is put in is as long as what it stands for, so that no other
object moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swis.report.model import ReportError

ELEMENT = re.compile(rb"(\d+) 0 obj\n<</Type/StructElem/S/(Table|TBody|TR|TD)/P (\d+) 0 R([^\n]*)")
CHILDREN = re.compile(rb"/K\[([^\]]*)\]")
REFERENCE = re.compile(rb"(\d+) 0 R")
HEADERS = re.compile(rb"/Headers\[[^\]]*\]")
DATA_CELL, HEADING_CELL, SCOPE = b"/S/TD", b"/S/TH", b"/Scope/Row"


def with_row_headings(pdf: bytes, heads: Sequence[int]) -> bytes:
    """The PDF with its row headings tagged; `heads` says for each table how many cells of a row head it.

    ReportError where the tags are not those of as many tables.
    """
    found = {int(match[1]): match for match in ELEMENT.finditer(pdf)}
    tables = sorted(name for name, match in found.items() if match[2] == b"Table")
    if len(tables) != len(heads):
        raise ReportError(f"the tags of the PDF are those of {len(tables)} tables, not of {len(heads)}")
    marked = bytearray(pdf)
    for cell in _heading_cells(found, dict(zip(tables, heads, strict=True))):
        start, end = cell.span()
        marked[start:end] = _as_heading(cell[0])
    return bytes(marked)


def _heading_cells(found: dict[int, re.Match[bytes]], heads: dict[int, int]) -> Iterator[re.Match[bytes]]:
    """The cells at the head of each row of a table's body."""
    for match in found.values():
        body = found.get(int(match[3]))
        if match[2] != b"TR" or body is None or body[2] != b"TBody":
            continue
        cells = REFERENCE.findall(CHILDREN.search(match[4])[1])  # type: ignore[index]  # a row has cells
        for cell in cells[: heads[int(body[3])]]:
            if int(cell) in found:
                yield found[int(cell)]


def _as_heading(element: bytes) -> bytes:
    """A cell's tag as that of a row's heading, of the same length."""
    scoped = HEADERS.sub(lambda headers: SCOPE.ljust(len(headers[0])), element, count=1)
    return scoped.replace(DATA_CELL, HEADING_CELL, 1)
