"""What protection costs: how many numbers of each kind are told, and how many are hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.disclosure.engine.cells import NEVER, Cells
from swis.disclosure.engine.protect import Pattern
from swis.disclosure.further import further_families

AUTHORITY = re.compile(r"\|authority=([^|]+)")
# First words of a statistic, and what a reader calls it.
FAMILIES: Mapping[str, str] = {
    "count:": "Outcomes: what was counted",
    "denominator:": "Outcomes: what it is out of",
    "pupils in January": "Pupils on roll",
    "pupil-years on roll": "Pupils on roll",
    "pupils in the flow": "Pupils on roll",
    "linkage": "What became of events",
    "unlinked events": "What became of events",
    "events in": "What became of events",
    "return:": "The authorities' whole returns",
    "records": "Records and checks",
    "analysed ": "Numbers behind the effects",
    "schools by bin": "Numbers behind the effects",
}


@dataclass(frozen=True)
class Costs:
    """One row a number told [area, table, small, others]; `small` and `others`: whether and why it is hidden."""

    numbers: pd.DataFrame

    @classmethod
    def of_pattern(cls, cells: Cells, pattern: Pattern) -> Costs:
        """From the pattern: implied cells are told nowhere and not counted."""
        told = np.flatnonzero(cells.state != NEVER)
        names = [str(name) for name in cells.names[told]]
        frame = pd.DataFrame(
            {
                "area": [_area(name) for name in names],
                "table": [family(name) for name in names],
                "small": pattern.primary[told],
                "others": pattern.secondary[told],
            }
        )
        return cls(frame)

    def of(self, area: str) -> pd.DataFrame:
        """Numbers told and hidden [table, cells, small, others] of an area; of the whole release for 'all'."""
        mine = self.numbers if area == "all" else self.numbers[self.numbers["area"] == area]
        grouped = mine.assign(cells=1).groupby("table")[["cells", "small", "others"]].sum()
        order = [name for name in dict.fromkeys(_families().values()) if name in grouped.index]
        return grouped.loc[order].reset_index().assign(symbol="")


def family(name: str) -> str:
    """What a reader calls the table that a cell is of; KeyError for a statistic without a name there."""
    for start, words in _families().items():
        if name.startswith(start):
            return words
    raise KeyError(name.split("|", 1)[0])


def _families() -> dict[str, str]:
    return {**FAMILIES, **further_families()}


def _area(name: str) -> str:
    found = AUTHORITY.search(name)
    return found.group(1) if found else "all"
