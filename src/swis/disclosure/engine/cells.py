"""One system of cells: numbers, the relations that hold among them, and what a reader knows of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FREE, SHOWN, NEVER = 0, 1, -1
TOLERANCE = 1e-6
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class CellsError(ValueError):
    """A system that does not fit together; names what and how many, never a value."""


@dataclass(frozen=True, eq=False)
class Cells:
    """`n` numbers and `m` relations among them.

    A reader knows of a shown cell that it lies in [shown_lower, shown_upper] (both the value where it is not rounded),
    of a hidden one that it lies in [hidden_lower, hidden_upper], and that every sum in `relations @ x` lies in
    [relation_lower, relation_upper]. What the reader can work out of a sensitive cell must contain all of
    [required_lower, required_upper].

    `state`: FREE may be shown or hidden; SHOWN was released before and cannot be taken back; NEVER is only implied,
    such as a difference of two released numbers: printed nowhere, so always hidden, and hiding it is no loss.
    """

    names: NDArray[Any]  # (n,) str, unique
    values: Floats  # (n,) the truth
    shown_lower: Floats
    shown_upper: Floats
    hidden_lower: Floats
    hidden_upper: Floats
    sensitive: Flags  # (n,)
    required_lower: Floats
    required_upper: Floats
    cost: Floats  # (n,) greater than 0: what hiding the cell loses
    state: NDArray[np.int8]  # (n,)
    relations: sparse.csr_array  # (m, n)
    relation_lower: Floats  # (m,)
    relation_upper: Floats

    def __post_init__(self) -> None:
        """Refuse a system whose own truth contradicts what a reader is told of it; CellsError says what."""
        n, m = len(self.names), self.relations.shape[0]
        lengths = {len(getattr(self, name)) for name in PER_CELL}
        if lengths - {n} or self.relations.shape[1] != n or {len(self.relation_lower), len(self.relation_upper)} - {m}:
            raise CellsError("arrays of cells or relations differ in length")
        faults = {
            "names met twice": n - len(set(self.names.tolist())),
            "values that are not finite": int((~np.isfinite(self.values)).sum()),
            "costs that are not above 0": int((~(self.cost > 0)).sum()),
            "shown cells outside what a reader is told": self._outside(self.shown_lower, self.shown_upper, NEVER),
            "implied cells outside what a reader is told": self._outside(
                self.hidden_lower, self.hidden_upper, FREE, SHOWN
            ),
            "relations that do not hold": int(self._broken().sum()),
        }
        found = [f"{count} {what}" for what, count in faults.items() if count]
        if found:
            raise CellsError(", ".join(found))

    @property
    def hideable(self) -> Flags:
        """Cells that can be hidden: free ones of which the symbol says nothing false, and no more than the number.

        Where zeros are shown a hidden number is at least 1, so a zero is always shown.
        """
        is_true = (self.hidden_lower <= self.values) & (self.values <= self.hidden_upper)
        says_less = (self.hidden_lower <= self.shown_lower) & (self.shown_upper <= self.hidden_upper)
        return (self.state == FREE) & is_true & (self.primary | says_less)

    @property
    def primary(self) -> Flags:
        """Sensitive cells that cannot stand as they would be shown: what is shown of them rules too much out."""
        stands = (self.shown_lower <= self.required_lower) & (self.required_upper <= self.shown_upper)
        return self.sensitive & ~stands

    def part(self, where: NDArray[np.intp]) -> Cells:
        """The cells at `where` with the relations that lie wholly among them."""
        columns = self.relations[:, where]
        whole = np.diff(columns.tocsr().indptr) == np.diff(self.relations.indptr)
        rows = np.flatnonzero(whole & (np.diff(self.relations.indptr) > 0))
        kept: dict[str, Any] = {name: getattr(self, name)[where] for name in PER_CELL}
        kept["relations"] = sparse.csr_array(columns.tocsr()[rows])
        return Cells(**kept, relation_lower=self.relation_lower[rows], relation_upper=self.relation_upper[rows])

    def _outside(self, lower: Floats, upper: Floats, *others: int) -> int:
        mine = ~np.isin(self.state, others)
        return int((mine & ~((lower <= self.values) & (self.values <= upper))).sum())

    def _broken(self) -> Flags:
        sums = self.relations @ self.values
        slack = TOLERANCE * (1 + np.abs(self.relations) @ np.abs(self.values))
        broken: Flags = (sums < self.relation_lower - slack) | (sums > self.relation_upper + slack)
        return broken


PER_CELL = (
    "names",
    "values",
    "shown_lower",
    "shown_upper",
    "hidden_lower",
    "hidden_upper",
    "sensitive",
    "required_lower",
    "required_upper",
    "cost",
    "state",
)


def sums_to_zero(rows: Sequence[tuple[Sequence[int], Sequence[float]]], n: int) -> sparse.csr_array:
    """Relations as a matrix over `n` cells, from each one's places and coefficients."""
    places = np.array([place for columns, _ in rows for place in columns], dtype=np.int64)
    weights = np.array([weight for _, values in rows for weight in values], dtype=float)
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    return sparse.csr_array((weights, places, starts), shape=(len(rows), n))
