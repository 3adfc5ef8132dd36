"""How wide the columns of a table are on paper and how large its lettering, so that nothing is cut or overlaps.

Lengths are in points. A table that is too wide for an upright page in the smallest easy lettering gets a page that
lies on its side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache

from swis.report.model import Column, Table
from swis.report.paper.lettering import pieces_of, width_em
from swis.report.paper.runs import words_of
from swis.report.render import NUMERIC

POINTS_PER_MM = 72 / 25.4
MARGIN_MM, PAGE_MM = 20, (210, 297)
UPRIGHT, SIDEWAYS = ((side - 2 * MARGIN_MM) * POINTS_PER_MM for side in PAGE_MM)
# From the lettering of most tables down to the smallest that is easily read; the last ones are for the widest only.
EASY_SIZES, SMALL_SIZES = (9.0, 8.5, 8.0, 7.5), (7.0, 6.5, 6.0)
SIZES = (*EASY_SIZES, *SMALL_SIZES)
# Blank on both sides of a cell's words together, in ems of its lettering.
GUTTER_EM = 1.0
# A column of words is rather given this much than a word a line; and where there is little room, this.
WORDS_EM = 12.0
FEW_WORDS_EM = 7.0
# What is given to columns, whether the page lies on its side, and in which lettering: the first that fits is taken.
TRIES = (
    ("like", False, EASY_SIZES),
    ("fair", False, EASY_SIZES[-2:]),
    ("like", True, EASY_SIZES),
    ("least", True, (*EASY_SIZES[-1:], *SMALL_SIZES)),
)
# Cells of numbers longer than this may go over two lines.
NUMBER_LETTERS = 22


@dataclass(frozen=True)
class Layout:
    """Lettering and columns of one table."""

    size: float
    widths: tuple[float, ...]
    is_sideways: bool


@dataclass(frozen=True)
class Need:
    """What a column needs, in ems: at `least` so that no word is cut, `fair`ly, to its `like` and at `most`."""

    least: float
    fair: float
    like: float
    most: float


# It is asked for twice in a row: which way the page lies, and how the table is drawn.
@lru_cache(maxsize=4)
def layout_of(table: Table, scale: float = 1.0) -> Layout:
    """The largest lettering in which every column has what it would like, on an upright page if there is one.

    `scale` is how wide the form's lettering is beside the measured one.
    """
    needs = column_needs(table)
    for choice, is_sideways, sizes in TRIES:
        room = SIDEWAYS if is_sideways else UPRIGHT
        for size in sizes:
            if sum(getattr(need, choice) for need in needs) * size * scale <= room:
                return Layout(size, _shared(needs, choice, room, size * scale), is_sideways)
    size = SIZES[-1]
    return Layout(size, _shared(needs, "least", SIDEWAYS, size * scale), True)


def row_heads(table: Table) -> int:
    """How many shown cells of a row head it: a group's words stand above its rows."""
    return table.row_headers - (1 if table.is_grouped else 0)


def column_needs(table: Table) -> list[Need]:
    """What each shown column needs for its heading and its cells."""
    rows = [row for _, rows in table.row_groups for row in rows]
    heads = row_heads(table)
    cells: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) or [()] * len(table.shown_columns)
    needs = [
        _need(column, [words_of(cell) for cell in dict.fromkeys(column_cells)], is_head=place < heads)
        for place, (column, column_cells) in enumerate(zip(table.shown_columns, cells, strict=True))
    ]
    return _wide_enough_for_shared_headings(table, needs)


def _need(column: Column, cells: Sequence[str], *, is_head: bool) -> Need:
    heading = max((width_em(piece, is_heavy=True) for piece in pieces_of(column.label)), default=0.0)
    whole = max((width_em(cell, is_heavy=is_head) for cell in cells), default=0.0)
    is_number = column.kind in NUMERIC and max(map(len, cells), default=0) <= NUMBER_LETTERS
    pieces = cells if is_number else [piece for cell in cells for piece in pieces_of(cell)]
    longest = max((width_em(piece, is_heavy=is_head) for piece in pieces), default=0.0)
    least = max(heading, longest) + GUTTER_EM
    # A heading over two lines is easily read; more lines are for where there is no room.
    folded = width_em(column.label, is_heavy=True) / 2 + GUTTER_EM
    most = max(least, whole + GUTTER_EM, folded)
    fair, like = (max(least, min(most, words)) for words in (FEW_WORDS_EM, WORDS_EM))
    return Need(least, fair, like, most)


def _wide_enough_for_shared_headings(table: Table, needs: list[Need]) -> list[Need]:
    """A heading over several columns may ask for more than they do; they share what is lacking."""
    start, widened = 0, list(needs)
    for over, run in table.column_groups:
        places = range(start, start + len(run))
        start += len(run)
        asked = max((width_em(piece, is_heavy=True) for piece in pieces_of(over)), default=0.0) + GUTTER_EM
        lacking = max(0.0, asked - sum(needs[place].least for place in places)) / len(run)
        for place in places if lacking else ():
            need = needs[place]
            widened[place] = Need(*(width + lacking for width in astuple(need)))
    return widened


def _shared(needs: Sequence[Need], choice: str, room: float, em: float) -> tuple[float, ...]:
    """The room shared out: what was chosen, then towards the most, then alike; all cut alike where it is too little."""
    given = [getattr(need, choice) * em for need in needs]
    if (total := sum(given)) > room:
        return tuple(round(width * room / total, 2) for width in given)
    wished = [max(0.0, need.most * em - width) for need, width in zip(needs, given, strict=True)]
    share = min(1.0, (room - total) / sum(wished)) if sum(wished) else 0.0
    grown = [width + wish * share for width, wish in zip(given, wished, strict=True)]
    rest = (room - sum(grown)) / len(grown)
    # Rounded down, so that the sum never passes the room.
    return tuple(int((width + rest) * 100) / 100 for width in grown)
