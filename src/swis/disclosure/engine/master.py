"""The cheapest pattern that meets every cut found so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from swis.disclosure.engine.cells import Flags, Floats
from swis.disclosure.engine.components import Places, connected
from swis.disclosure.engine.cuts import Cut, unmet
from swis.disclosure.engine.greedy import cover

PREFERENCE = 1e-4  # how much cheaper a cell of a known pattern counts: of equals the known one is taken


@dataclass(eq=False)
class Master:
    """Cuts, and the pattern that meets them; parts of it whose cuts share no cell are solved each for itself."""

    cost: Floats
    node_limit: int
    hidden: Flags = field(init=False)
    approximate: Flags = field(init=False)  # cells decided without a proof that nothing cheaper would do
    cuts: dict[bytes, Cut] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is hidden before there is a cut."""
        self.hidden = np.zeros(len(self.cost), dtype=bool)
        self.approximate = np.zeros(len(self.cost), dtype=bool)

    def add(self, cuts: Iterable[Cut]) -> None:
        """Take in cuts."""
        self.cuts.update({cut.key: cut for cut in cuts})

    @property
    def gains(self) -> sparse.csr_array:
        """The cuts as rows."""
        return as_rows(list(self.cuts.values()), len(self.cost))

    def solve(self, preferred: Flags | None = None) -> None:
        """Decide anew every part of the pattern that does not meet its cuts."""
        fresh = unmet(self.cuts.values(), self.hidden)
        if not fresh:
            return
        gains = self.gains
        row_labels, labels = connected(gains)
        touched = np.unique(labels[np.concatenate([cut.cells for cut in fresh])])
        rows, columns = np.flatnonzero(np.isin(row_labels, touched)), np.flatnonzero(np.isin(labels, touched))
        cost = self.cost if preferred is None else self.cost * (1 - PREFERENCE * preferred)
        chosen = _by_linear_programme(sparse.csr_array(gains[rows][:, columns]), cost[columns])
        is_whole = np.abs(chosen - np.round(chosen)) < 1e-6
        self.hidden[columns] = np.round(chosen).astype(bool)
        self.approximate[columns] = False
        for label in np.unique(labels[columns[~is_whole]]):
            mine = np.flatnonzero(labels == label)
            part = sparse.csr_array(gains[np.flatnonzero(row_labels == label)][:, mine])
            self._solve_part(part, mine, cost[mine])

    def _solve_part(self, part: sparse.csr_array, columns: Places, cost: Floats) -> None:
        done = milp(
            cost,
            integrality=np.ones(len(columns)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(part, lb=1.0 - 1e-7),
            options={"node_limit": self.node_limit, "mip_rel_gap": PREFERENCE},
        )
        self.approximate[columns] = done.status != 0
        chosen = np.round(done.x).astype(bool) if done.x is not None else np.zeros(len(columns), dtype=bool)
        is_met = bool((part @ chosen.astype(float) >= 1 - 1e-5).all())
        self.hidden[columns] = chosen if is_met else cover(part, cost)


def _by_linear_programme(gains: sparse.csr_array, cost: Floats) -> Floats:
    """All parts at once without asking for whole numbers; a part whose numbers come out whole is solved."""
    done = linprog(cost, A_ub=-gains, b_ub=np.full(gains.shape[0], -1.0), bounds=(0, 1), method="highs-ds")
    if done.status != 0:
        raise ArithmeticError(f"the choice among {len(cost)} cells ended with status {done.status}")
    chosen: Floats = done.x
    return chosen


def as_rows(cuts: list[Cut], n: int) -> sparse.csr_array:
    """Cuts as the rows of a matrix over `n` cells."""
    starts = np.cumsum([0, *(len(cut.cells) for cut in cuts)])
    gains = np.concatenate([cut.gains for cut in cuts])
    return sparse.csr_array((gains, np.concatenate([cut.cells for cut in cuts]), starts), shape=(len(cuts), n))
