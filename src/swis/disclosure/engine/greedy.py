"""A pattern that meets every cut, found by simple steps: for where the integer programme runs out of nodes."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from swis.disclosure.engine.cells import Flags, Floats

CLOSE = 1e-6


def cover(gains: sparse.csr_array, cost: Floats) -> Flags:
    """Columns whose gains sum to at least 1 in every row: always the one that gives most for its cost; then thinned.

    Deterministic: of equals the first is taken. ArithmeticError where all columns together are not enough.
    """
    columns = gains.tocsc()
    owner = np.repeat(np.arange(len(cost)), np.diff(columns.indptr))
    chosen = np.zeros(len(cost), dtype=bool)
    missing = np.ones(gains.shape[0])
    while (missing > CLOSE).any():
        useful = np.minimum(columns.data, np.maximum(missing, 0)[columns.indices])
        worth = np.where(chosen, 0.0, np.bincount(owner, useful, len(cost)) / cost)
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            raise ArithmeticError("a cut that nothing can meet was not noticed")
        chosen[best] = True
        span = slice(columns.indptr[best], columns.indptr[best + 1])
        missing[columns.indices[span]] -= columns.data[span]
    return _without_needless(chosen, columns, -missing, cost)


def _without_needless(chosen: Flags, columns: sparse.csc_array, slack: Floats, cost: Floats) -> Flags:
    """The choice without what it can do without, the costliest first."""
    kept = chosen.copy()
    for place in sorted(np.flatnonzero(chosen), key=lambda place: (-cost[place], place)):
        span = slice(columns.indptr[place], columns.indptr[place + 1])
        rows, loss = columns.indices[span], columns.data[span]
        if (slack[rows] - loss >= -CLOSE).all():
            kept[place] = False
            slack[rows] -= loss
    return kept
