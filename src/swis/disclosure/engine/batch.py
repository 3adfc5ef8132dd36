"""Many small linear programmes in one call: a call costs more than a small programme does.

Programmes that share no variable, put side by side, are solved by one call as if each were alone, duals and all. A part
of a release that is attacked for several cells stands there several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from swis.disclosure.engine.cells import TOLERANCE, Flags, Floats
from swis.disclosure.engine.components import Places

if TYPE_CHECKING:
    from swis.disclosure.engine.attack import View

UP, DOWN = 1, -1
NEGLIGIBLE = 1e-9
MOST_COLUMNS = 50_000  # of one call: larger ones are no faster and take memory


class Aim(NamedTuple):
    """A part of a release, a side, and the cells whose sum is driven that way."""

    part: int
    side: int
    cells: Places


class Answer(NamedTuple):
    """Which of the cells aimed at were seen to reach what is required, in what world, and the dual weights."""

    reached: Flags
    moved: Places  # cells that are not what they truly are in that world
    relations: Places
    weights: Floats


@dataclass(frozen=True, eq=False)
class _Part:
    """The open cells and relations of one part, what is told exactly taken to the other side."""

    cells: Places
    relations: Places
    matrix: sparse.csr_array
    lower: Floats  # of the relations
    upper: Floats


@dataclass(frozen=True, eq=False)
class Programmes:
    """The parts of a release as a reader sees it, each to be attacked as often as asked."""

    view: View
    parts: dict[int, _Part]

    @classmethod
    def of(cls, view: View, is_open: Flags, labels: Places, row_labels: Places, wanted: Places) -> Programmes:
        """The programmes of the wanted parts."""
        shift = view.cells.relations @ np.where(is_open, 0.0, view.lower)
        lower, upper = view.cells.relation_lower - shift, view.cells.relation_upper - shift
        cells, rows = _grouped(labels, wanted, is_open), _grouped(row_labels, wanted, np.ones(len(row_labels), bool))
        relations = view.cells.relations
        parts = {}
        for label in wanted.tolist():
            mine, own = cells[label], rows[label]
            parts[label] = _Part(mine, own, _block(relations, own, mine), lower[own], upper[own])
        return cls(view, parts)

    def solve(self, aims: Sequence[Aim]) -> list[Answer]:
        """One answer an aim, in as few calls as fit."""
        answers: list[Answer] = []
        batch: list[Aim] = []
        size = 0
        for aim in aims:
            width = len(self.parts[aim.part].cells)
            if batch and size + width > MOST_COLUMNS:
                answers += self._call(batch)
                batch, size = [], 0
            batch.append(aim)
            size += width
        return answers + (self._call(batch) if batch else [])

    def _call(self, aims: list[Aim]) -> list[Answer]:
        parts = [self.parts[aim.part] for aim in aims]
        matrix = _side_by_side([part.matrix for part in parts])
        row_lower, row_upper = (np.concatenate([getattr(part, end) for part in parts]) for end in ("lower", "upper"))
        ends = [self._ends(part, aim) for part, aim in zip(parts, aims, strict=True)]
        lower, upper, drive = (np.concatenate(column) for column in zip(*ends, strict=True))
        truth = self.view.cells.values[np.concatenate([part.cells for part in parts])]
        point, weights = _optimum(-drive, matrix, (row_lower, row_upper), (lower, upper), truth)
        points = np.split(point, np.cumsum([len(part.cells) for part in parts])[:-1])
        duals = np.split(weights, np.cumsum([len(part.relations) for part in parts])[:-1])
        return [self._answer(*each) for each in zip(aims, parts, points, duals, strict=True)]

    def _ends(self, part: _Part, aim: Aim) -> tuple[Floats, Floats, Floats]:
        """Bounds of the part's cells and the drive on them.

        A cell need not go beyond what is required of it: without that stop the programme could be endless.
        """
        lower, upper = self.view.lower[part.cells], self.view.upper[part.cells]
        at = np.searchsorted(part.cells, aim.cells)
        truth = self.view.cells.values[aim.cells]
        if aim.side == UP:
            upper[at] = np.minimum(upper[at], np.maximum(self.view.cells.required_upper[aim.cells], truth))
        else:
            lower[at] = np.maximum(lower[at], np.minimum(self.view.cells.required_lower[aim.cells], truth))
        drive = np.zeros(len(part.cells))
        drive[at] = aim.side
        return lower, upper, drive

    def _answer(self, aim: Aim, part: _Part, point: Floats, weights: Floats) -> Answer:
        cells = self.view.cells
        required = (cells.required_upper if aim.side == UP else cells.required_lower)[aim.cells]
        beyond = aim.side * (point[np.searchsorted(part.cells, aim.cells)] - required)
        moved = part.cells[np.abs(point - cells.values[part.cells]) > TOLERANCE]
        return Answer(beyond >= -TOLERANCE * np.maximum(1.0, np.abs(required)), moved, part.relations, weights)


def _optimum(
    cost: Floats, matrix: sparse.csr_array, rows: tuple[Floats, Floats], bounds: tuple[Floats, Floats], truth: Floats
) -> tuple[Floats, Floats]:
    """The cheapest point, and how much one more of each relation's end would gain.

    It is sought as steps up and down from the truth: the solver then starts where all relations hold, and worlds differ
    from the truth in few cells.
    """
    at_truth = matrix @ truth
    row_lower, row_upper = rows[0] - at_truth, rows[1] - at_truth
    equal = rows[0] == rows[1]
    row_lower[equal] = row_upper[equal] = 0.0
    at_most, at_least = (~equal & np.isfinite(end) for end in rows[::-1])
    steps = sparse.hstack([matrix, -matrix], format="csr")
    furthest = np.concatenate([bounds[1] - truth, truth - bounds[0]])
    done = linprog(
        np.concatenate([cost, -cost]),
        A_ub=sparse.vstack([steps[at_most], -steps[at_least]], format="csr"),
        b_ub=np.concatenate([row_upper[at_most], -row_lower[at_least]]),
        A_eq=steps[equal],
        b_eq=row_lower[equal],
        bounds=np.column_stack([np.zeros(len(furthest)), np.maximum(furthest, 0.0)]),
        method="highs-ds",
    )
    if done.status != 0:
        raise ArithmeticError(f"an attack on {len(cost)} cells ended with status {done.status}")
    up, down = np.split(done.x, 2)
    weights = np.zeros(len(row_lower))
    weights[equal] = -done.eqlin.marginals
    split = int(at_most.sum())
    weights[at_most] -= done.ineqlin.marginals[:split]
    weights[at_least] += done.ineqlin.marginals[split:]
    return truth + up - down, weights


def _grouped(labels: Places, wanted: Places, kept: Flags) -> dict[int, Places]:
    """The places that carry each wanted label, in order."""
    places = np.flatnonzero(kept & np.isin(labels, wanted))
    order = places[np.argsort(labels[places], kind="stable")]
    starts = np.searchsorted(labels[order], wanted)
    ends = np.searchsorted(labels[order], wanted, side="right")
    return {int(label): order[start:end] for label, start, end in zip(wanted, starts, ends, strict=True)}


def _block(matrix: sparse.csr_array, rows: Places, columns: Places) -> sparse.csr_array:
    """The entries of some rows that stand in some columns (in order); for small blocks faster than slicing."""
    spans = [np.arange(matrix.indptr[row], matrix.indptr[row + 1]) for row in rows]
    entries = np.concatenate([*spans, np.zeros(0, dtype=np.intp)]).astype(np.intp)
    line = np.repeat(np.arange(len(rows)), [len(span) for span in spans])
    at = np.minimum(np.searchsorted(columns, matrix.indices[entries]), len(columns) - 1)
    inside = columns[at] == matrix.indices[entries]
    starts = np.concatenate([[0], np.cumsum(np.bincount(line[inside], minlength=len(rows)))])
    return sparse.csr_array((matrix.data[entries[inside]], at[inside], starts), shape=(len(rows), len(columns)))


def _side_by_side(blocks: list[sparse.csr_array]) -> sparse.csr_array:
    """The block-diagonal matrix of the blocks."""
    widths = np.cumsum([0, *(block.shape[1] for block in blocks)])
    fills = np.cumsum([0, *(block.nnz for block in blocks)])
    data = np.concatenate([block.data for block in blocks])
    indices = np.concatenate([block.indices + width for block, width in zip(blocks, widths[:-1], strict=True)])
    starts = [block.indptr[:-1] + fill for block, fill in zip(blocks, fills[:-1], strict=True)]
    indptr = np.concatenate([*starts, fills[-1:]])
    return sparse.csr_array((data, indices, indptr), shape=(len(indptr) - 1, int(widths[-1])))
