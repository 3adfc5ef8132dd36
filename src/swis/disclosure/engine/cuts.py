"""From a way to pin a cell down to what must be hidden against it: one inequality over the cells that can be hidden.

With weights g on the relations, a reader's greatest value of cell p is at most g @ b + sum over cells of r+ * upper +
r- * lower with r = e_p - A'g, whatever is hidden. A pattern protects only if that bound reaches what is required, and
the bounds of a cell widen when it is hidden: an inequality over the pattern (Fischetti and Salazar, 2001). No cell need
give more than the whole that is missing, so each coefficient is cut down to it, which makes endless intervals finite.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from swis.disclosure.engine.attack import Exposure
from swis.disclosure.engine.batch import UP
from swis.disclosure.engine.cells import NEVER, Cells, Flags, Floats
from swis.disclosure.engine.components import Places

SMALL = 1e-7


class Unmeetable(Exception):  # noqa: N818 — a finding that `protect` words for the reader
    """Cells that nothing protects."""

    def __init__(self, cells: Iterable[int]) -> None:
        """Hold their places."""
        self.cells = sorted(set(cells))
        super().__init__(f"{len(self.cells)} cells")


@dataclass(frozen=True, eq=False)
class Cut:
    """What must be hidden: the `gains` of the hidden ones among `cells` sum to at least 1; no gain is above 1."""

    cells: Places
    gains: Floats

    @property
    def key(self) -> bytes:
        """Equal for equal cuts."""
        return self.cells.tobytes() + np.round(self.gains, 6).tobytes()

    @property
    def is_possible(self) -> bool:
        """Whether hiding everything in it is enough."""
        return float(self.gains.sum()) >= 1 - 1e-6


def unmet(cuts: Iterable[Cut], hidden: Flags) -> list[Cut]:
    """The cuts that a pattern does not meet."""
    return [cut for cut in cuts if cut.gains[hidden[cut.cells]].sum() < 1 - 1e-6]


@dataclass(frozen=True, eq=False)
class Choice:
    """The cells of which there is a choice, and those that are hidden whatever happens."""

    free: Flags
    always: Flags

    @classmethod
    def of(cls, cells: Cells) -> Choice:
        """Primary cells and implied ones are always hidden; of the rest those may be that can be."""
        return cls(cells.hideable & ~cells.primary, (cells.hideable & cells.primary) | (cells.state == NEVER))

    def part(self, where: Places) -> Choice:
        """The choice among the cells at `where`."""
        return Choice(self.free[where], self.always[where])


def cut_against(exposure: Exposure, cells: Cells, choice: Choice) -> Cut:
    """What must be hidden so that these weights no longer pin the cell down on that side."""
    places, rest = _rest(exposure, cells)
    weights, rows = exposure.weights, exposure.relations
    up, down = np.maximum(rest, 0), np.minimum(rest, 0)
    always = choice.always[places]
    lower = np.where(always, cells.hidden_lower[places], cells.shown_lower[places])
    upper = np.where(always, cells.hidden_upper[places], cells.shown_upper[places])
    bound = (_times(up, upper) + _times(down, lower)).sum()
    bound += (_times(np.maximum(weights, 0), cells.relation_upper[rows])).sum()
    bound += (_times(np.minimum(weights, 0), cells.relation_lower[rows])).sum()
    required = cells.required_upper[exposure.cell] if exposure.side == UP else -cells.required_lower[exposure.cell]
    # Of a cell that is hidden anyway there is nothing to gain (and endless less endless is no number).
    more = np.where(always, 0.0, cells.hidden_upper[places]) - np.where(always, 0.0, upper)
    less = np.where(always, 0.0, cells.hidden_lower[places]) - np.where(always, 0.0, lower)
    wider = _times(up, more) + _times(down, less)
    useful = choice.free[places] & (wider > SMALL)
    missing = float(required - bound)
    if missing <= SMALL:
        return Cut(places[:0], np.ones(0))
    # Rounded up, so that a cut never asks for more than the attack does.
    return Cut(places[useful], np.ceil(np.minimum(wider[useful] / missing, 1.0) * 1e6) / 1e6)


def cuts_by_one_relation(exposure: Exposure, cells: Cells, choice: Choice, columns: sparse.csc_array) -> list[Cut]:
    """Cuts from each relation of an exposed cell alone: cheap, and they spare many rounds of attack."""
    span = slice(columns.indptr[exposure.cell], columns.indptr[exposure.cell + 1])
    pairs = zip(columns.indices[span], columns.data[span], strict=True)
    alone = [
        Exposure(exposure.cell, exposure.side, np.array([row]), np.array([exposure.side / weight]))
        for row, weight in pairs
    ]
    return [cut_against(single, cells, choice) for single in alone]


def _rest(exposure: Exposure, cells: Cells) -> tuple[Places, Floats]:
    """What is left of the aim after the weighted relations are taken off it: e_p - A'g, where it is not 0."""
    matrix = cells.relations
    spans = [np.arange(matrix.indptr[row], matrix.indptr[row + 1]) for row in exposure.relations]
    entries = np.concatenate([*spans, np.zeros(0, dtype=np.intp)]).astype(np.intp)
    times = np.repeat(exposure.weights, [len(span) for span in spans])
    met = np.append(matrix.indices[entries], exposure.cell)
    places, inverse = np.unique(met, return_inverse=True)
    terms = np.append(-times * matrix.data[entries], float(exposure.side))
    rest = np.bincount(inverse, weights=terms, minlength=len(places))
    kept = np.abs(rest) > SMALL
    return places[kept].astype(np.intp), rest[kept].astype(float)


def _times(weights: Floats, ends: Floats) -> Floats:
    """The product, 0 where the weight is 0 though the end be infinite."""
    return np.multiply(weights, ends, out=np.zeros(len(weights)), where=weights != 0)
