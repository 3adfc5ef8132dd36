"""Small multiples by the page: as many panels as fit one sheet of paper make a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swis.report.measures import MeasureText

MOST_PANELS = 8


@dataclass(frozen=True)
class Page:
    """What tells figures of one group apart: the ending of the id, words for the caption; empty where there is one."""

    ending: str = ""
    words: str = ""


def pages_of(measures: Sequence[MeasureText]) -> list[tuple[Page, list[MeasureText]]]:
    """The measures by page, shared out alike, so that the last one is not left with a single panel."""
    if not measures:
        return []
    pages = -(-len(measures) // MOST_PANELS)
    if pages == 1:
        return [(Page(), list(measures))]
    size = -(-len(measures) // pages)
    parts = [list(measures[start : start + size]) for start in range(0, len(measures), size)]
    return [(Page(f"-{number}", f" (part {number} of {len(parts)})"), part) for number, part in enumerate(parts, 1)]
