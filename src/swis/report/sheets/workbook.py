"""The one structure that both kinds of spreadsheet are written from."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from swis.report.sheets.cells import Cell

LANGUAGE, COUNTRY = "en", "GB"
LONGEST_NAME = 31
# Columns are as wide as their longest text, within these bounds, in characters; longer texts wrap.
NARROWEST, WIDEST = 9, 54
# Bold text and wide letters take more room than an average character.
ROOM = 1.12
POINTS_A_LINE = 15
# A header further down than this would fill the screen of who magnifies it, were it frozen.
MOST_FROZEN_ROWS = 12


class WorkbookError(Exception):
    """A workbook that would not be accessible: a blank cell or header, two headers or two sheets of one name."""


@dataclass(frozen=True)
class Line:
    """A line of text above the table, in the first column; `style` is 'title', 'heading', 'warning' or 'text'."""

    text: str
    style: str = "text"
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """Lines of text and under them at most one table; `row_headers` columns say what a row is about."""

    name: str
    lines: tuple[Line, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    row_headers: int = 1

    def __post_init__(self) -> None:
        """Refuse a sheet that would not be accessible."""
        if not self.lines or not 0 < len(self.name) <= LONGEST_NAME:
            raise WorkbookError(f"sheet {self.name!r} needs a title and a name of up to {LONGEST_NAME} characters")
        if len({name.casefold() for name in self.header}) < len(self.header):
            raise WorkbookError(f"sheet {self.name} has two columns of one name")
        if any(len(row) != len(self.header) for row in self.rows):
            raise WorkbookError(f"sheet {self.name} has rows of unequal length")
        texts = [line.text for line in self.lines] + [*self.header] + [cell.text for row in self.rows for cell in row]
        if blank := sum(not text.strip() for text in texts):
            raise WorkbookError(f"sheet {self.name} has {blank} blank cells")

    @property
    def table_name(self) -> str:
        """The name the table is marked up with: 'table_12'."""
        return self.name.lower().replace(" ", "_")

    @property
    def header_row(self) -> int:
        """Row of the header, counted from zero."""
        return len(self.lines)

    @property
    def frozen_rows(self) -> int:
        """How many rows stay in sight; none where that would fill the screen."""
        return self.header_row + 1 if self.header and self.header_row < MOST_FROZEN_ROWS else 0

    @property
    def widths(self) -> tuple[int, ...]:
        """Width of each column in characters."""
        return tuple(
            _width(header, [row[place].text for row in self.rows]) for place, header in enumerate(self.header)
        ) or (WIDEST * 2,)

    @property
    def right_columns(self) -> frozenset[int]:
        """Columns whose cells, and so whose header, stand on the right."""
        return frozenset(place for row in self.rows[:1] for place, cell in enumerate(row) if cell.is_right)

    @property
    def lines_a_row(self) -> tuple[int, ...]:
        """How many lines of text each row of the table needs, its header first."""
        widths = self.widths
        texts = [self.header, *([cell.text for cell in row] for row in self.rows)] if self.header else []
        return tuple(max(map(_lines, row, widths)) for row in texts)


@dataclass(frozen=True)
class Workbook:
    """Sheets with what the file says of itself; `marker` are the words on every printed page, '' for none."""

    title: str
    subject: str
    marker: str
    sheets: tuple[Sheet, ...]

    def __post_init__(self) -> None:
        """Refuse two sheets of one name."""
        if len({sheet.name.casefold() for sheet in self.sheets}) < len(self.sheets):
            raise WorkbookError("two sheets of one name")


def _lines(text: str, width: int) -> int:
    fits = int(width / ROOM)
    return 1 if len(text) <= fits else len(textwrap.wrap(text, fits))


def _width(header: str, texts: Sequence[str]) -> int:
    """As wide as the longest text and the longest word of the header ask for, within the bounds."""
    longest = max((len(text) for text in texts), default=0)
    word = max(len(word) for word in header.split())
    return math.ceil(max(min(max(longest, NARROWEST), WIDEST), word) * ROOM) + 1
