"""One part of a release that a few rounds of attack did not settle: bounds from both sides until they meet.

From below: the cheapest pattern that meets the cuts. From above: that pattern with more hidden until no attack
succeeds, then without what it does not need.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from swis.disclosure.engine.attack import Attacker, Exposure
from swis.disclosure.engine.cells import Cells, Flags
from swis.disclosure.engine.cuts import Choice, Cut, Unmeetable, cut_against, cuts_by_one_relation
from swis.disclosure.engine.master import PREFERENCE, Master
from swis.disclosure.engine.widen import widened

EXACT_ROUNDS = 3  # so long the cheapest pattern of all is sought; after that one near it will do
GOOD_ENOUGH = 0.05
HOPELESS = 0.15  # so far above the bound, more rounds never closed the gap (tables of three ways and more)
MOST_ROUNDS = 6
SMALL = 150  # cells: a part that is never given up, since its rounds take milliseconds
ROUNDS_IF_SMALL = 40
CLOSE = 1e-6
A_FEW = 4  # exposed cells are enough to see that a hidden cell is needed


class Settled(NamedTuple):
    """A pattern no attack gets past, and by what share it may cost more than the cheapest there is."""

    hidden: Flags
    excess: float


class Learner:
    """Turns successful attacks on one system into cuts."""

    def __init__(self, cells: Cells, choice: Choice) -> None:
        """Remember which cells have been met, since the cuts by one relation are made once."""
        self.cells, self.choice, self.columns = cells, choice, cells.relations.tocsc()
        self.met: set[tuple[int, int]] = set()

    def cuts(self, exposures: Iterable[Exposure]) -> list[Cut]:
        """Cuts against the exposures; Unmeetable where hiding all that can be hidden is not enough."""
        found, hopeless = [], []
        for exposure in exposures:
            cut = cut_against(exposure, self.cells, self.choice)
            found.append(cut)
            if not cut.is_possible:
                hopeless.append(exposure.cell)
            if (exposure.cell, exposure.side) not in self.met:
                self.met.add((exposure.cell, exposure.side))
                found += cuts_by_one_relation(exposure, self.cells, self.choice, self.columns)
        if hopeless:
            raise Unmeetable(hopeless)
        return [cut for cut in found if len(cut.cells)]


def settle(cells: Cells, choice: Choice, cuts: Iterable[Cut], node_limit: int) -> Settled:
    """The cheapest pattern of one part, or the cheapest one found within the rounds and nodes allowed."""
    attacker, learner = Attacker(cells), Learner(cells, choice)
    master = Master(cells.cost, node_limit)
    master.add(cuts)
    best, best_cost, bound = np.zeros(len(cells.values), dtype=bool), np.inf, 0.0
    is_small = len(cells.values) <= SMALL
    for rounds in range(ROUNDS_IF_SMALL if is_small else MOST_ROUNDS):
        master.solve(best)
        if not master.approximate.any():
            bound = float(cells.cost[master.hidden].sum())
        will_do = GOOD_ENOUGH if rounds >= EXACT_ROUNDS and not is_small else 2 * PREFERENCE
        if best_cost <= (1 + will_do) * bound:
            break
        exposures = attacker.exposures(choice.always | master.hidden)
        master.add(learner.cuts(exposures))
        found = _thinned(widened(cells, choice, master.hidden, exposures), master, attacker, learner)
        cost = float(cells.cost[found].sum())
        if cost < best_cost:
            best, best_cost = found, cost
        if master.approximate.any() or (not is_small and best_cost > (1 + HOPELESS) * bound):
            break
    return Settled(best, best_cost / bound - 1 if bound else np.inf if best_cost else 0.0)


def _thinned(hidden: Flags, master: Master, attacker: Attacker, learner: Learner) -> Flags:
    """The pattern without what it does not need; a cell that a cut needs is not even tried."""
    always = learner.choice.always
    kept = hidden.copy()
    needs = _Needs(list(master.cuts.values()), kept)
    for place in sorted(np.flatnonzero(hidden).tolist(), key=lambda place: (-master.cost[place], place)):
        if needs.has(place):
            continue
        kept[place] = False
        exposures = attacker.exposures(always | kept, at_a_time=A_FEW)
        if exposures:
            cuts = learner.cuts(exposures)
            master.add(cuts)
            kept[place] = True
            needs.add(cuts, kept)
        else:
            needs.drop(place)
    return kept


class _Needs:
    """By how much a pattern more than meets each cut, found by the cells in it."""

    def __init__(self, cuts: Iterable[Cut], hidden: Flags) -> None:
        self.slack: list[float] = []
        self.of_cell: dict[int, list[tuple[int, float]]] = {}
        self.add(cuts, hidden)

    def add(self, cuts: Iterable[Cut], hidden: Flags) -> None:
        for cut in cuts:
            mine = hidden[cut.cells]
            for cell, gain in zip(cut.cells[mine].tolist(), cut.gains[mine].tolist(), strict=True):
                self.of_cell.setdefault(cell, []).append((len(self.slack), gain))
            self.slack.append(float(cut.gains[mine].sum()) - 1)

    def has(self, cell: int) -> bool:
        """Whether some cut is not met without the cell."""
        return any(self.slack[cut] - gain < -CLOSE for cut, gain in self.of_cell.get(cell, []))

    def drop(self, cell: int) -> None:
        """The cell is hidden no more."""
        for cut, gain in self.of_cell.pop(cell, []):
            self.slack[cut] -= gain
