"""Small invented tables as systems of cells, and every world that fits what is printed of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from swis.disclosure.engine.cells import Cells, sums_to_zero


def table(
    counts: Any, *, zeros: str = "shown", threshold: int = 5, cost: Any = None, safe: tuple[int, int] | None = None
) -> Cells:
    """A table of any number of ways with all its margins; counts from 1 to `threshold` are sensitive."""
    full = np.asarray(counts, dtype=float)
    for way in range(full.ndim):
        full = np.concatenate([full, full.sum(axis=way, keepdims=True)], axis=way)
    places = np.arange(full.size).reshape(full.shape)
    rows = []
    for way, length in enumerate(full.shape):
        lines = np.moveaxis(places, way, -1).reshape(-1, length)
        rows += [(line.tolist(), [1.0] * (length - 1) + [-1.0]) for line in lines]
    values, n = full.ravel(), full.size
    least = 1.0 if zeros == "shown" else 0.0
    names = np.array(
        ["t|" + "|".join(f"{way}={at}" for way, at in enumerate(place)) for place in np.ndindex(full.shape)]
    )
    first, last = safe or (least, threshold)
    return Cells(
        names=names,
        values=values,
        shown_lower=values,
        shown_upper=values,
        hidden_lower=np.full(n, least),
        hidden_upper=np.full(n, np.inf),
        sensitive=(values >= least) & (values <= threshold),
        required_lower=np.full(n, float(first)),
        required_upper=np.full(n, float(last)),
        cost=np.ones(n) if cost is None else np.asarray(cost, dtype=float),
        state=np.zeros(n, dtype=np.int8),
        relations=sums_to_zero(rows, n),
        relation_lower=np.zeros(len(rows)),
        relation_upper=np.zeros(len(rows)),
    )


def worlds(cells: Cells, hidden: np.ndarray) -> Iterator[np.ndarray]:
    """Every way to fill the hidden cells with whole numbers that fits what is printed, by trying them one by one.

    Slow and plain on purpose: it shares nothing with the engine. Only for sums to zero, and for tables whose grand
    total is printed: no cell can be above that.
    """
    total = cells.values.max()
    unseen = hidden | (cells.state == -1)
    ranges = [
        range(int(max(low, -total)), int(min(high, total)) + 1) if out else (value,)
        for out, low, high, value in zip(unseen, cells.hidden_lower, cells.hidden_upper, cells.values, strict=True)
    ]
    for filled in _fill(cells.relations.toarray(), cells, ranges):
        yield np.array(filled, dtype=float)


def _fill(dense: np.ndarray, cells: Cells, ranges: list[Any]) -> Iterator[list[float]]:
    """Depth first; the last cell of a sum, its total, is what the parts come to; they stop where that is too much."""
    last = [int(np.flatnonzero(row).max()) for row in dense]
    lines = [[(int(at), float(row[at])) for at in np.flatnonzero(row)] for row in dense]
    most = [max(ranges[end]) for end in last]
    parts_at = [np.flatnonzero(dense[:, at] * (np.array(last) != at)).tolist() for at in range(len(ranges))]
    filled = [0.0] * len(ranges)

    def go(at: int) -> Iterator[list[float]]:
        if at == len(ranges):
            yield list(filled)
            return
        wanted: Any = ranges[at]
        for row, end in enumerate(last):
            if end == at:
                before = sum(weight * filled[place] for place, weight in lines[row] if place != at)
                left = -before / dense[row, at]
                wanted = [left] if left in wanted else []
        for value in wanted:
            filled[at] = float(value)
            if all(sum(filled[place] for place, _ in lines[row] if place <= at) <= most[row] for row in parts_at[at]):
                yield from go(at + 1)

    return go(0)


def shuffled(cells: Cells, rng: np.random.Generator) -> tuple[Cells, np.ndarray]:
    """The same system with cells and relations in another order, and where each cell came from."""
    order, rows = rng.permutation(len(cells.names)), rng.permutation(cells.relations.shape[0])
    moved = replace(
        cells.part(order),
        relations=cells.relations[rows][:, order],
        relation_lower=cells.relation_lower[rows],
        relation_upper=cells.relation_upper[rows],
    )
    return moved, order
