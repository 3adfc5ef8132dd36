"""What a reader can work out of a release with some cells hidden, and why: the attack as linear programmes.

A reader who wants the greatest value that a cell can have solves a linear programme over the hidden cells; its dual is
the chain of sums by which the cell is pinned down (Fischetti and Salazar, Management Science 47(7), 2001).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from swis.disclosure.engine.batch import DOWN, NEGLIGIBLE, UP, Aim, Programmes
from swis.disclosure.engine.cells import NEVER, Cells, Flags, Floats
from swis.disclosure.engine.components import Places, connected

Goal = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Exposure:
    """One side of a sensitive cell that is pinned down too closely, and the relations that pin it, with their weights.

    UP: the greatest value that a reader can reach is too small; DOWN: the least one is too great.
    """

    cell: int
    side: int
    relations: Places
    weights: Floats


@dataclass(frozen=True, eq=False)
class View:
    """What a reader is told: the interval of every cell before any sums are used."""

    cells: Cells
    hidden: Flags
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, cells: Cells, hidden: Flags) -> View:
        """The view with these cells hidden; implied cells always are."""
        out = hidden | (cells.state == NEVER)
        lower = np.where(out, cells.hidden_lower, cells.shown_lower)
        return cls(cells, out, lower, np.where(out, cells.hidden_upper, cells.shown_upper))

    def stands(self, side: int) -> Flags:
        """Cells that need no proof on a side: the truth itself is as far out as is required."""
        cells = self.cells
        far: Flags = cells.values >= cells.required_upper if side == UP else cells.values <= cells.required_lower
        return far


@dataclass(eq=False)
class Attacker:
    """Finds exposures, and remembers which parts of a release have been found safe before."""

    cells: Cells
    safe_parts: set[bytes] = field(default_factory=set)

    def exposures(self, hidden: Flags) -> list[Exposure]:
        """Every sensitive cell and side that a reader of this pattern can pin down too closely."""
        view = View.of(self.cells, hidden)
        is_open = view.upper > view.lower
        row_labels, labels = connected(_open_rows(self.cells.relations, is_open))
        keys = _keys(view, is_open, labels)
        known = np.isin(labels, [label for label, key in keys.items() if key in self.safe_parts])
        goals = [
            (int(cell), side)
            for side in (UP, DOWN)
            for cell in np.flatnonzero(self.cells.sensitive & ~known & ~view.stands(side))
        ]
        # A cell that is told exactly is pinned down by nothing but its own number.
        told = [Exposure(*goal, np.zeros(0, dtype=np.intp), np.zeros(0)) for goal in goals if not is_open[goal[0]]]
        goals = [goal for goal in goals if is_open[goal[0]]]
        found = told + (_pinned(view, is_open, labels, row_labels, goals) if goals else [])
        exposed = {labels[exposure.cell] for exposure in found}
        self.safe_parts.update(key for label, key in keys.items() if label not in exposed)
        return sorted(found, key=lambda exposure: (exposure.cell, exposure.side))


def _pinned(view: View, is_open: Flags, labels: Places, row_labels: Places, goals: list[Goal]) -> list[Exposure]:
    """Exposures among the goals: first all goals of a part and side at once, then what is left one by one."""
    programmes = Programmes.of(view, is_open, labels, row_labels, np.unique(labels[[cell for cell, _ in goals]]))
    together: dict[tuple[int, int], list[int]] = {}
    for cell, side in goals:
        together.setdefault((int(labels[cell]), side), []).append(cell)
    alone: list[Goal] = []
    while together:
        aims = [Aim(part, side, np.array(cells)) for (part, side), cells in together.items()]
        together = {}
        for aim, answer in zip(aims, programmes.solve(aims), strict=True):
            left = aim.cells[~answer.reached].tolist()
            if 0 < len(left) < len(aim.cells):
                together[aim.part, aim.side] = left
            else:
                alone += [(cell, aim.side) for cell in left]
    aims = [Aim(int(labels[cell]), side, np.array([cell])) for cell, side in alone]
    answers = zip(aims, programmes.solve(aims), strict=True)
    return [
        Exposure(int(aim.cells[0]), aim.side, answer.relations[heavy], np.round(answer.weights[heavy], 9))
        for aim, answer in answers
        if not answer.reached[0]
        for heavy in [np.abs(answer.weights) > NEGLIGIBLE]
    ]


def _open_rows(rows: sparse.csr_array, is_open: Flags) -> sparse.csr_array:
    kept = sparse.csr_array(rows @ sparse.diags_array(is_open.astype(float)))
    kept.eliminate_zeros()
    return kept


def _keys(view: View, is_open: Flags, labels: Places) -> dict[int, bytes]:
    """What tells one part of a release with its hidden cells from any other: the open cells and which are hidden."""
    places = np.flatnonzero(is_open)
    order = places[np.argsort(labels[places], kind="stable")]
    names, starts = np.unique(labels[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(names) else []
    return {int(name): part.tobytes() + view.hidden[part].tobytes() for name, part in zip(names, parts, strict=True)}
