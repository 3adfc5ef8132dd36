"""Proof that what is hidden stays hidden: other worlds that fit everything that is printed.

For every sensitive cell the audit looks for two of them, one in which the cell is as small as required and one in which
it is as large, by linear programmes over all cells that a reader does not know; each world found is put into every
relation before it counts. What no world reaches is a failure. It shares no code with the protection, on purpose, but
for what can be required at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from swis.disclosure.engine.cells import NEVER, Cells, Flags, Floats
from swis.disclosure.engine.required import reach_of, within_reach

CLOSE = 1e-6
NODE_LIMIT = 10_000
UNBOUNDED = (3, 4)  # scipy's words for a programme whose optimum is endless, the second where presolve saw it


@dataclass(frozen=True, eq=False)
class Audit:
    """What a reader can work out of each cell: [lower, upper].

    Unless the audit was exact, the interval of a cell is what some world was found for: the true one is at least as
    wide, so a safe interval is safe. `failures` names the sensitive cells that are pinned down too closely.
    """

    lower: Floats
    upper: Floats
    failures: tuple[str, ...]
    programmes: int

    @property
    def is_safe(self) -> bool:
        """Whether every sensitive cell could be anything that is required of it."""
        return not self.failures


def audit(cells: Cells, hidden: Flags, *, integer: bool = False, exact: bool = False) -> Audit:
    """Bound what a reader can work out when the cells `hidden` are not printed; implied cells never are.

    `integer`: a reader knows that counts are whole, so only worlds of whole numbers count (for tables of three ways and
    more; in two ways it makes no difference). `exact`: bound every hidden cell, not only as far as is required.
    """
    cells = within_reach(cells)
    reader = _Reader.of(cells, hidden, integer)
    for side in (1, -1):
        reader.look_for_worlds(side)
    if exact:
        reader.bound_exactly(np.flatnonzero((hidden | cells.sensitive) & reader.is_open))
    failed = reader.failed(cells)
    if failed.any():
        failed = reader.failed(reach_of(cells, np.flatnonzero(failed)))
    failures = tuple(sorted(str(name) for name in cells.names[failed]))
    return Audit(reader.lower, reader.upper, failures, reader.programmes)


@dataclass(eq=False)
class _Reader:
    """What is told, and the extremes of the worlds found so far; the truth is the first of them."""

    cells: Cells
    told_lower: Floats
    told_upper: Floats
    is_open: Flags
    part: NDArray[np.intp]  # (n,) which part of what is unknown a cell hangs in
    row_part: NDArray[np.intp]
    whole: Flags  # cells known to be whole numbers
    lower: Floats
    upper: Floats
    programmes: int = 0

    @classmethod
    def of(cls, cells: Cells, hidden: Flags, integer: bool) -> _Reader:
        unseen = hidden | (cells.state == NEVER)
        lower = np.where(unseen, cells.hidden_lower, cells.shown_lower)
        upper = np.where(unseen, cells.hidden_upper, cells.shown_upper)
        is_open = lower < upper
        m, n = cells.relations.shape
        entries = cells.relations.tocoo()
        use = is_open[entries.col] & (entries.data != 0)
        ends = (entries.row[use], m + entries.col[use])
        graph = sparse.coo_array((np.ones(len(ends[0])), ends), shape=(m + n, m + n))
        labels = connected_components(graph, directed=False)[1]
        whole = (cells.values == np.round(cells.values)) & integer
        first = np.where(is_open, cells.values, lower)
        last = np.where(is_open, cells.values, upper)
        return cls(cells, lower, upper, is_open, labels[m:], labels[:m], whole, first, last)

    def look_for_worlds(self, side: int) -> None:
        """Widen what is possible of sensitive cells on one side, until all reach what is required or cannot.

        One programme aims at all cells of all parts at once; where that reaches nothing new in a part, at one cell.
        """
        left = self.cells.sensitive & self.is_open & ~self._is_reached(side)
        single = np.zeros(len(left), dtype=bool)
        while left.any():
            first = np.zeros(len(left), dtype=bool)
            places = np.flatnonzero(left)
            first[places[np.unique(self.part[places], return_index=True)[1]]] = True
            aims = left & (first | ~single)
            before = left.copy()
            self._try(aims, side)
            left &= ~self._is_reached(side)
            left &= ~(aims & single)
            moved = self.part[before & ~left]
            single = np.isin(self.part, np.setdiff1d(self.part[left], moved)) | (single & ~np.isin(self.part, moved))

    def bound_exactly(self, places: NDArray[np.intp]) -> None:
        """The least and the greatest possible value of each cell, each by programmes of its own."""
        for part in np.unique(self.part[places]):
            columns, rows = np.flatnonzero((self.part == part) & self.is_open), np.flatnonzero(self.row_part == part)
            for place in places[self.part[places] == part]:
                for side, ends in ((1, self.upper), (-1, self.lower)):
                    aim = np.where(columns == place, float(side), 0.0)
                    world = self._solve(columns, rows, aim, self.told_lower[columns], self.told_upper[columns], True)
                    ends[place] = side * np.inf if world is None else world[columns == place][0]

    def _try(self, aims: Flags, side: int) -> None:
        """One world that goes as far as it can towards what is required of the cells aimed at."""
        touched = np.unique(self.part[aims])
        columns = np.flatnonzero(np.isin(self.part, touched) & self.is_open)
        rows = np.flatnonzero(np.isin(self.row_part, touched))
        lower, upper = self._stops(aims, side)
        aim = side * aims[columns].astype(float)
        world = self._solve(columns, rows, aim, lower[columns], upper[columns], False)
        if world is None:
            raise ArithmeticError("a programme with a bounded aim has no optimum")
        if self.whole.any():
            world = self._of_whole_numbers(columns, rows, aim, lower, upper, world)
        self._take(columns, rows, world)

    def _stops(self, aims: Flags, side: int) -> tuple[Floats, Floats]:
        """The intervals told, cut at what is required of the cells aimed at: further they need not go."""
        lower, upper = self.told_lower.copy(), self.told_upper.copy()
        if side == 1:
            stop = np.maximum(self.cells.required_upper, self.cells.values)
            upper[aims] = np.minimum(upper, stop)[aims]
        else:
            stop = np.minimum(self.cells.required_lower, self.cells.values)
            lower[aims] = np.maximum(lower, stop)[aims]
        return lower, upper

    def _of_whole_numbers(
        self,
        columns: NDArray[np.intp],
        rows: NDArray[np.intp],
        aim: Floats,
        lower: Floats,
        upper: Floats,
        world: Floats,
    ) -> Floats:
        """The world, parts with fractions solved again over whole numbers; the truth where no such world is found."""
        fraction = self.whole[columns] & (np.abs(world - np.round(world)) > CLOSE)
        world = np.where(self.whole[columns] & ~fraction, np.round(world), world)
        for part in np.unique(self.part[columns[fraction]]):
            mine, own = self.part[columns] == part, rows[self.row_part[rows] == part]
            some = columns[mine]
            found = self._solve(some, own, aim[mine], lower[some], upper[some], True)
            world[mine] = self.cells.values[some] if found is None else found
        return world

    def _solve(
        self, columns: NDArray[np.intp], rows: NDArray[np.intp], aim: Floats, lower: Floats, upper: Floats, whole: bool
    ) -> Floats | None:
        """The world that goes furthest along `aim`; None where there is no end to it, or none within the node limit."""
        self.programmes += 1
        matrix = sparse.csr_array(self.cells.relations[rows])
        known = matrix @ np.where(np.isin(np.arange(len(self.is_open)), columns), 0.0, self._known())
        ends = self.cells.relation_lower[rows] - known, self.cells.relation_upper[rows] - known
        done = milp(
            -aim,
            integrality=self.whole[columns].astype(int) if whole else None,
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(sparse.csc_array(matrix[:, columns]), *ends) if len(rows) else None,
            options={"node_limit": NODE_LIMIT},
        )
        if done.status == 0:
            return np.where(self.whole[columns], np.round(done.x), done.x) if whole else done.x
        if done.status in UNBOUNDED or whole:
            return None
        raise ArithmeticError(f"an audit of {len(columns)} cells ended with status {done.status}")

    def _known(self) -> Floats:
        return np.where(self.is_open, 0.0, self.told_lower)

    def _take(self, columns: NDArray[np.intp], rows: NDArray[np.intp], world: Floats) -> None:
        """Widen the extremes by a world, in those parts of it where it fits all that is told."""
        full = self._known()
        full[columns] = world
        size = 1.0 + np.abs(full)
        off = (full < self.told_lower - CLOSE * size) | (full > self.told_upper + CLOSE * size)
        matrix = sparse.csr_array(self.cells.relations[rows])
        sums, slack = matrix @ full, CLOSE * (1.0 + abs(matrix) @ np.abs(full))
        torn = (sums < self.cells.relation_lower[rows] - slack) | (sums > self.cells.relation_upper[rows] + slack)
        false = np.union1d(self.part[off], self.row_part[rows[torn]])
        kept = columns[~np.isin(self.part[columns], false)]
        self.lower[kept] = np.minimum(self.lower, full)[kept]
        self.upper[kept] = np.maximum(self.upper, full)[kept]

    def failed(self, cells: Cells) -> Flags:
        """The sensitive cells for which no world was found as far out as is required."""
        slack = CLOSE * np.maximum(1.0, np.abs(cells.values))
        reached = (self.lower <= cells.required_lower + slack) & (self.upper >= cells.required_upper - slack)
        failed: Flags = cells.sensitive & ~reached
        return failed

    def _is_reached(self, side: int) -> Flags:
        slack = CLOSE * np.maximum(1.0, np.abs(self.cells.values))
        reached: Flags = (
            self.upper >= self.cells.required_upper - slack
            if side == 1
            else self.lower <= self.cells.required_lower + slack
        )
        return reached
