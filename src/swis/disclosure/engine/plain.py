"""Cells that a reader works out by one subtraction: they are as good as printed, and keep the programmes small."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from swis.disclosure.engine.cells import Cells, Flags, Floats
from swis.disclosure.engine.components import Places

NEGLIGIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Plain:
    """Which cells are plain, in which order, and by which relation each; a relation uses only those before."""

    rank: Places  # (n,) place in the order, -1 for a cell that is not plain
    relation: Places  # (n,)

    @classmethod
    def of(cls, cells: Cells, is_open: Flags) -> Plain:
        """Cells alone unknown in a sum, again and again; sensitive ones stay in, since they are what is attacked."""
        matrix = cells.relations
        pattern = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
        equal = cells.relation_lower == cells.relation_upper
        rank, relation = np.full(len(is_open), -1, dtype=np.intp), np.full(len(is_open), -1, dtype=np.intp)
        left = is_open.copy()
        numbers, sweep = np.arange(len(left), dtype=float), 0
        while True:
            rows = np.flatnonzero(equal & (pattern @ left.astype(float) == 1))
            found = np.round(pattern[rows] @ (left * numbers)).astype(np.intp)
            keep = ~cells.sensitive[found]
            rows, found = rows[keep], found[keep]
            if not len(found):
                return cls(rank, relation)
            rank[found], relation[found] = sweep, rows
            left[found] = False
            sweep += 1

    def in_full(self, cell: int, side: int, rows: Places, weights: Floats, cells: Cells) -> tuple[Places, Floats]:
        """The weights with those of the relations that make cells plain: no plain cell is left in the remainder."""
        matrix = cells.relations
        full: dict[int, float] = {}
        rest: dict[int, float] = {cell: float(side)}
        queue: list[tuple[int, int]] = []

        def add(row: int, weight: float) -> None:
            full[row] = full.get(row, 0.0) + weight
            for entry in range(matrix.indptr[row], matrix.indptr[row + 1]):
                met = int(matrix.indices[entry])
                if self.rank[met] >= 0 and met not in rest:
                    heapq.heappush(queue, (-int(self.rank[met]), met))
                rest[met] = rest.get(met, 0.0) - weight * float(matrix.data[entry])

        for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
            add(row, weight)
        while queue:
            met = heapq.heappop(queue)[1]
            row = int(self.relation[met])
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            own = float(matrix.data[span][matrix.indices[span] == met][0])
            if abs(rest[met]) > NEGLIGIBLE:
                add(row, rest[met] / own)
        kept = sorted(row for row, weight in full.items() if abs(weight) > NEGLIGIBLE)
        return np.array(kept, dtype=np.intp), np.array([full[row] for row in kept], dtype=float)
