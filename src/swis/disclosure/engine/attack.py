"""What a reader can work out of a release with some cells hidden, and why: the attack as linear programmes.

A reader who wants the greatest value that a cell can have solves a linear programme over the hidden cells; its dual is
the chain of sums by which the cell is pinned down (Fischetti and Salazar, Management Science 47(7), 2001).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from swis.disclosure.engine.batch import DOWN, NEGLIGIBLE, UP, Aim, Answer, Programmes
from swis.disclosure.engine.cells import NEVER, TOLERANCE, Cells, Flags, Floats
from swis.disclosure.engine.components import Places, connected
from swis.disclosure.engine.plain import Plain
from swis.disclosure.engine.required import CLOSE, Left

Goal = tuple[int, int]
ALL = 1_000_000_000
# Open cells of a part in which a programme takes longer than a look at every relation. In small ones it does not, and
# its dual says more where several relations hold a cell.
LARGE = 1_000


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

    def with_plain(self, plain: Flags) -> View:
        """The view with these cells told exactly."""
        truth = self.cells.values
        lower, upper = np.where(plain, truth, self.lower), np.where(plain, truth, self.upper)
        return View(self.cells, self.hidden, lower, upper)

    def stands(self, side: int) -> Flags:
        """Cells that need no proof on a side: the truth itself is as far out as is required."""
        cells = self.cells
        far: Flags = cells.values >= cells.required_upper if side == UP else cells.values <= cells.required_lower
        return far


@dataclass(eq=False)
class Attacker:
    """Finds exposures, and remembers worlds: a cell stays safe while all that its world moves is hidden."""

    cells: Cells
    worlds: dict[Goal, Places] = field(default_factory=dict)

    def exposures(self, hidden: Flags, *, at_a_time: int = ALL) -> list[Exposure]:
        """Every sensitive cell and side that a reader of this pattern can pin down too closely.

        With `at_a_time` the search stops at the first so many among which there is one.
        """
        view = View.of(self.cells, hidden)
        plain = Plain.of(self.cells, view.upper > view.lower)
        view = view.with_plain(plain.rank >= 0)
        is_open = view.upper > view.lower
        row_labels, labels = connected(_open_rows(self.cells.relations, is_open))
        goals = [
            (cell, side)
            for side in (UP, DOWN)
            for cell in np.flatnonzero(self.cells.sensitive & ~view.stands(side)).tolist()
            if not ((cell, side) in self.worlds and view.hidden[self.worlds[cell, side]].all())
        ]
        # A cell that is told exactly is pinned down by nothing but its own number.
        told = [Exposure(*goal, np.zeros(0, dtype=np.intp), np.zeros(0)) for goal in goals if not is_open[goal[0]]]
        goals = [goal for goal in goals if is_open[goal[0]]]
        found = told + (self._pinned(view, plain, labels, row_labels, goals, at_a_time) if goals else [])
        return sorted(found, key=lambda exposure: (exposure.cell, exposure.side))

    def _pinned(
        self, view: View, plain: Plain, labels: Places, row_labels: Places, goals: list[Goal], at_a_time: int
    ) -> list[Exposure]:
        """Exposures among the goals: in large parts by one relation, then by programmes."""
        sizes = np.bincount(labels[view.upper > view.lower])
        stuck = self._by_one_relation(view, plain, [goal for goal in goals if sizes[labels[goal[0]]] >= LARGE])
        if stuck and at_a_time < len(goals):
            return stuck[:at_a_time]
        known = {(exposure.cell, exposure.side) for exposure in stuck}
        goals = [goal for goal in goals if goal not in known]
        return stuck + (self._by_programmes(view, plain, labels, row_labels, goals, at_a_time) if goals else [])

    def _by_one_relation(self, view: View, plain: Plain, goals: list[Goal]) -> list[Exposure]:
        """Exposures of cells that one relation alone leaves no room: most of all, and they need no programme."""
        if not goals:
            return []
        truth = self.cells.values
        left = Left.of(self.cells, view.lower, view.upper)
        entries = np.arange(len(left.cell))
        is_held = {UP: left.upper <= truth[left.cell] + CLOSE, DOWN: left.lower >= truth[left.cell] - CLOSE}
        # Of several the first relation of a cell: the last one written to a dictionary stays.
        first = {
            side: dict(zip(left.cell[held][::-1].tolist(), entries[held][::-1].tolist(), strict=True))
            for side, held in is_held.items()
        }
        found = []
        for cell, side in goals:
            entry = first[side].get(cell)
            if entry is not None and not self._is_reached(cell, side):
                pins = left.row[[entry]], np.array([side / left.weight[entry]])
                found.append(Exposure(cell, side, *plain.in_full(cell, side, *pins, self.cells)))
        return found

    def _is_reached(self, cell: int, side: int) -> bool:
        """Whether the truth itself is, but for rounding, what is required on a side."""
        required = (self.cells.required_upper if side == UP else self.cells.required_lower)[cell]
        return bool(side * (self.cells.values[cell] - required) >= -TOLERANCE * max(1.0, abs(required)))

    def _by_programmes(
        self, view: View, plain: Plain, labels: Places, row_labels: Places, goals: list[Goal], at_a_time: int
    ) -> list[Exposure]:
        """Exposures among the goals: first all goals of a part and side at once, then what is left one by one."""
        is_open = view.upper > view.lower
        wanted = np.unique(labels[[cell for cell, _ in goals]])
        programmes = Programmes.of(view, is_open, labels, row_labels, wanted)
        alone = self._not_together(programmes, labels, goals)
        aims = [Aim(int(labels[cell]), side, np.array([cell])) for cell, side in alone]
        found: list[Exposure] = []
        while aims and not found:
            some, aims = aims[:at_a_time], aims[at_a_time:]
            for aim, answer in zip(some, programmes.solve(some), strict=True):
                self._keep(aim, answer, view)
                if not answer.reached[0]:
                    found.append(self._exposure(aim, answer, plain))
        return found

    def _exposure(self, aim: Aim, answer: Answer, plain: Plain) -> Exposure:
        heavy = np.abs(answer.weights) > NEGLIGIBLE
        pins = answer.relations[heavy], np.round(answer.weights[heavy], 9)
        cell = int(aim.cells[0])
        return Exposure(cell, aim.side, *plain.in_full(cell, aim.side, *pins, self.cells))

    def _not_together(self, programmes: Programmes, labels: Places, goals: list[Goal]) -> list[Goal]:
        """The goals that are left when aiming at all of a part reaches nothing more."""
        together: dict[tuple[int, int], list[int]] = {}
        for cell, side in goals:
            together.setdefault((int(labels[cell]), side), []).append(cell)
        alone: list[Goal] = []
        while together:
            aims = [Aim(part, side, np.array(cells)) for (part, side), cells in together.items()]
            together = {}
            for aim, answer in zip(aims, programmes.solve(aims), strict=True):
                self._keep(aim, answer, programmes.view)
                left = aim.cells[~answer.reached].tolist()
                if 0 < len(left) < len(aim.cells):
                    together[aim.part, aim.side] = left
                else:
                    alone += [(cell, aim.side) for cell in left]
        return alone

    def _keep(self, aim: Aim, answer: Answer, view: View) -> None:
        """Remember the hidden cells that the world of an answer moves, for the cells that it makes safe."""
        moved = answer.moved[view.hidden[answer.moved]]
        self.worlds.update({(int(cell), aim.side): moved for cell in aim.cells[answer.reached]})


def _open_rows(rows: sparse.csr_array, is_open: Flags) -> sparse.csr_array:
    kept = sparse.csr_array(rows @ sparse.diags_array(is_open.astype(float)))
    kept.eliminate_zeros()
    return kept
