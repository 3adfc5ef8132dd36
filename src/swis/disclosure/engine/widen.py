"""The least more to hide so that one sensitive cell is safe: the cheapest world that reaches what is required.

The world may move hidden cells freely, as far as their symbols allow, and shown ones at their cost; those that it moves
are hidden too (Kelly, Golden and Assad, Networks 22, 1992). Cell by cell this gives a pattern that protects, near the
cheapest one where the relations are many, and it needs no cuts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from swis.disclosure.engine.attack import Exposure, View
from swis.disclosure.engine.batch import UP
from swis.disclosure.engine.cells import TOLERANCE, Cells, Flags, Floats
from swis.disclosure.engine.cuts import Choice, Unmeetable

MOVED = 1e-6


def widened(cells: Cells, choice: Choice, hidden: Flags, exposures: Iterable[Exposure]) -> Flags:
    """The pattern with more hidden, until every exposure has a world that reaches what is required."""
    grown = hidden.copy()
    least, greatest = cells.values.copy(), cells.values.copy()
    for exposure in exposures:
        cell, slack = exposure.cell, TOLERANCE * max(1.0, abs(cells.values[exposure.cell]))
        up = exposure.side == UP
        required = cells.required_upper[cell] if up else cells.required_lower[cell]
        if greatest[cell] >= required - slack if up else least[cell] <= required + slack:
            continue
        world, beyond = _cheapest_world(cells, choice, grown, cell, float(required))
        grown |= beyond
        least, greatest = np.minimum(least, world), np.maximum(greatest, world)
    return grown


def _cheapest_world(cells: Cells, choice: Choice, hidden: Flags, cell: int, required: float) -> tuple[Floats, Flags]:
    """The cheapest world in which the cell is what is required, and the cells that must be hidden to allow it."""
    view = View.of(cells, choice.always | hidden)
    more = choice.free & ~hidden
    lower, upper = view.lower.copy(), view.upper.copy()
    lower[cell] = upper[cell] = required
    step = max(abs(required - cells.values[cell]), 1e-3)
    # Cell = what it is told to be + a step up - a step down, the steps only for those that may yet be hidden.
    far = np.flatnonzero(more)
    room_up, room_down = (
        cells.hidden_upper[far] - cells.shown_upper[far],
        cells.shown_lower[far] - cells.hidden_lower[far],
    )
    matrix = sparse.hstack([cells.relations, cells.relations[:, far], -cells.relations[:, far]], format="csr")
    equal = cells.relation_lower == cells.relation_upper
    at_most, at_least = (~equal & np.isfinite(end) for end in (cells.relation_upper, cells.relation_lower))
    per_step = cells.cost[far] / np.minimum(step, np.maximum(room_up, room_down))
    done = linprog(
        np.concatenate([np.zeros(len(lower)), per_step, per_step]),
        A_ub=sparse.vstack([matrix[at_most], -matrix[at_least]], format="csr"),
        b_ub=np.concatenate([cells.relation_upper[at_most], -cells.relation_lower[at_least]]),
        A_eq=matrix[equal],
        b_eq=cells.relation_lower[equal],
        bounds=np.column_stack(
            [np.concatenate([lower, np.zeros(2 * len(far))]), np.concatenate([upper, room_up, room_down])]
        ),
        method="highs-ds",
    )
    if done.status != 0:
        raise Unmeetable([cell])
    up, down = np.split(done.x[len(lower) :], 2)
    beyond = np.zeros(len(lower), dtype=bool)
    beyond[far[(up > MOVED) | (down > MOVED)]] = True
    world = done.x[: len(lower)].copy()
    world[far] += up - down
    return world, beyond
