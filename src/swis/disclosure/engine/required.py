"""What can be required at all: the symbols and the sums leave some things plain whatever is hidden.

Where zeros are shown a hidden number is at least 1, so the total of two of them is at least 2, though every number be
hidden. Nothing can be required beyond that. Numbers that are or were released do not count: they are no excuse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from swis.disclosure.engine.cells import Cells, Floats
from swis.disclosure.engine.components import Places, connected

MOST_SWEEPS = 100
CLOSE = 1e-9


def within_reach(cells: Cells) -> Cells:
    """The same system with `required` cut to what is left open when every number that can have a symbol has one.

    Found by passing bounds from one relation to the next, which sees nearly all of it; `reach_of` sees the rest.
    """
    least, greatest = _untold(cells)
    for _ in range(MOST_SWEEPS):
        lower, upper = _passed_on(cells, least, greatest)
        if (lower <= least + CLOSE).all() and (upper >= greatest - CLOSE).all():
            break
        least, greatest = np.maximum(least, lower), np.minimum(greatest, upper)
    return _cut(cells, least, greatest)


def reach_of(cells: Cells, places: Places) -> Cells:
    """The same for the cells at `places`, by linear programmes: exact, and one or two a cell."""
    least, greatest = _untold(cells)
    row_labels, labels = connected(cells.relations)
    ends = {1: greatest.copy(), -1: least.copy()}
    for place in places:
        mine = np.flatnonzero(labels == labels[place])
        own = np.flatnonzero(row_labels == labels[place])
        for side, required in ((1, cells.required_upper[place]), (-1, cells.required_lower[place])):
            lower, upper = least[mine].copy(), greatest[mine].copy()
            at = int(np.searchsorted(mine, place))
            if side == 1:
                upper[at] = min(upper[at], max(required, cells.values[place]))
            else:
                lower[at] = max(lower[at], min(required, cells.values[place]))
            aim = np.zeros(len(mine))
            aim[at] = -side
            rows = sparse.csc_array(cells.relations[own][:, mine])
            limits = LinearConstraint(rows, cells.relation_lower[own], cells.relation_upper[own])
            done = milp(aim, bounds=Bounds(lower, upper), constraints=limits if len(own) else None)
            if done.status != 0:
                raise ArithmeticError(f"the reach of a cell among {len(mine)} ended with status {done.status}")
            ends[side][place] = done.x[at]
    kept = np.zeros(len(labels), dtype=bool)
    kept[places] = True
    return _cut(cells, np.where(kept, ends[-1], least), np.where(kept, ends[1], greatest))


def _untold(cells: Cells) -> tuple[Floats, Floats]:
    """What is known of each cell when all that can be hidden is, whether or not it was released before."""
    can = (cells.hidden_lower <= cells.values) & (cells.values <= cells.hidden_upper)
    return np.where(can, cells.hidden_lower, cells.shown_lower), np.where(can, cells.hidden_upper, cells.shown_upper)


class Left(NamedTuple):
    """Of each entry of the relations (its row, cell and weight) what that relation alone leaves open of the cell."""

    row: Places
    cell: Places
    weight: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, cells: Cells, least: Floats, greatest: Floats) -> Left:
        """With the bounds of the other cells given."""
        matrix = cells.relations
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        cell, weight = matrix.indices, matrix.data
        low = np.where(weight > 0, weight * least[cell], weight * greatest[cell])
        high = np.where(weight > 0, weight * greatest[cell], weight * least[cell])
        most = cells.relation_upper[row] - _of_others(low, row, matrix.shape[0])
        fewest = cells.relation_lower[row] - _of_others(high, row, matrix.shape[0])
        one, other = most / weight, fewest / weight
        return cls(row, cell, weight, np.where(weight > 0, other, one), np.where(weight > 0, one, other))


def _passed_on(cells: Cells, least: Floats, greatest: Floats) -> tuple[Floats, Floats]:
    """What each cell's bounds are by the best of its relations, the bounds of the other cells being given."""
    left = Left.of(cells, least, greatest)
    lower, upper = np.full(len(least), -np.inf), np.full(len(least), np.inf)
    np.maximum.at(lower, left.cell, left.lower)
    np.minimum.at(upper, left.cell, left.upper)
    return lower, upper


def _of_others(ends: Floats, row: Places, rows: int) -> Floats:
    """Of each entry the sum of the other ends of its row; endless where one of those is."""
    endless = ~np.isfinite(ends)
    sums = np.bincount(row, np.where(endless, 0.0, ends), rows)[row] - np.where(endless, 0.0, ends)
    others = np.bincount(row, endless.astype(float), rows)[row] - endless
    # Ends of one kind are endless in one direction only: that of the kind.
    direction = np.sign(ends[endless][:1]).sum() or 1.0
    return np.where(others > 0, direction * np.inf, sums)


def _cut(cells: Cells, least: Floats, greatest: Floats) -> Cells:
    lower = np.where(cells.sensitive, np.maximum(cells.required_lower, least), cells.required_lower)
    upper = np.where(cells.sensitive, np.minimum(cells.required_upper, greatest), cells.required_upper)
    return replace(cells, required_lower=lower, required_upper=upper)
