"""What must be hidden beside the sensitive cells, at the least cost.

A pattern is attacked, each attack that succeeds says what must be hidden against it, and the cheapest pattern that
meets all that has been said is attacked again, until no attack succeeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from swis.disclosure.engine.attack import Attacker
from swis.disclosure.engine.cells import NEVER, Cells, Flags, Floats
from swis.disclosure.engine.components import Places, connected, in_order, numbered
from swis.disclosure.engine.cuts import Choice, Cut, Unmeetable
from swis.disclosure.engine.master import Master
from swis.disclosure.engine.required import reach_of, within_reach
from swis.disclosure.engine.settle import GOOD_ENOUGH, Learner, settle

NODE_LIMIT = 1_000
ROUNDS_TOGETHER = 4
NOTHING, EXACT, GREEDY = "nothing to hide", "integer programme", "greedy"


class UnprotectableError(Exception):
    """Too much is released already, or too little can be hidden; names statistics and how many cells, never values."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is hidden, cell by cell in the order given; `components`, `methods` and `excess` say how it was decided."""

    hidden: Flags  # (n,) not shown: primary, secondary and implied cells
    primary: Flags  # (n,) hidden for their own sake
    components: Places  # (n,) which part of the system a cell hangs in
    methods: tuple[str, ...]  # one a component
    excess: tuple[float, ...]  # by what share a component may cost more than the cheapest pattern of all

    @property
    def secondary(self) -> Flags:
        """Cells hidden for the sake of others."""
        return self.hidden & ~self.primary


def protect(cells: Cells, *, node_limit: int = NODE_LIMIT) -> Pattern:
    """The cheapest pattern that leaves no sensitive cell exposed; UnprotectableError where none does.

    Cells and relations may come in any order: the pattern is the same. A part of the choice that takes more than
    `node_limit` nodes is decided by simple steps instead. Of the cells hidden for the sake of others, none can be shown
    without exposing a sensitive one.
    """
    ordered, places = in_order(within_reach(cells))
    ordered = _within_exact_reach(ordered)
    choice = Choice.of(ordered)
    stuck = np.flatnonzero(ordered.primary & ~choice.always)
    if len(stuck):
        raise _unprotectable(ordered, stuck, "already released")
    try:
        hidden, excess = _decide(ordered, choice, node_limit)
    except Unmeetable as found:
        where = np.array(found.cells, dtype=np.intp)
        easier = reach_of(ordered, where)
        if (easier.required_upper - easier.required_lower >= ordered.required_upper - ordered.required_lower).all():
            raise _unprotectable(ordered, where, "pinned down by what cannot be hidden") from None
        return protect(_given(easier, places), node_limit=node_limit)
    return _pattern(ordered, choice, hidden, excess, places)


def _within_exact_reach(cells: Cells) -> Cells:
    """The requirement of what is exposed though all that can be hidden is, cut to what sums and symbols leave open.

    One by one the same would be found on the way, each time at the cost of starting anew.
    """
    exposed = Attacker(cells).exposures(cells.hideable | (cells.state == NEVER))
    found = np.unique([exposure.cell for exposure in exposed]).astype(np.intp)
    return reach_of(cells, found) if len(found) else cells


def _given(ordered: Cells, places: Places) -> Cells:
    """Cells in the order in which they were given; relations may stay in any."""
    back = np.empty(len(places), dtype=np.intp)
    back[places] = np.arange(len(places))
    return ordered.part(back)


def _decide(cells: Cells, choice: Choice, node_limit: int) -> tuple[Flags, Floats]:
    """The cells hidden by choice, and for each cell the excess of its part.

    Most parts are settled in a few rounds, all at once; what is left after them is taken part by part.
    """
    attacker, learner = Attacker(cells), Learner(cells, choice)
    master = Master(cells.cost, node_limit)
    exposures = attacker.exposures(choice.always)
    for _ in range(ROUNDS_TOGETHER):
        master.add(learner.cuts(exposures))
        master.solve()
        exposures = attacker.exposures(choice.always | master.hidden)
    labels = connected(cells.relations)[1]
    hidden, excess = master.hidden.copy(), np.zeros(len(labels))
    unsettled = np.unique(
        labels[[exposure.cell for exposure in exposures] + np.flatnonzero(master.approximate).tolist()]
    )
    for label in unsettled:
        where = np.flatnonzero(labels == label)
        try:
            settled = settle(cells.part(where), choice.part(where), _moved(master.cuts.values(), where), node_limit)
        except Unmeetable as found:
            raise Unmeetable(where[found.cells].tolist()) from None
        hidden[where], excess[where] = settled.hidden, settled.excess
    return hidden, excess


def _moved(cuts: Iterable[Cut], where: Places) -> list[Cut]:
    """The cuts that lie among the cells at `where`, as cuts of that part."""
    mine = [cut for cut in cuts if where[min(np.searchsorted(where, cut.cells[0]), len(where) - 1)] == cut.cells[0]]
    return [Cut(np.searchsorted(where, cut.cells), cut.gains) for cut in mine]


def _pattern(cells: Cells, choice: Choice, hidden: Flags, excess: Floats, places: Places) -> Pattern:
    """The pattern in the order in which the cells were given."""
    back = np.empty(len(places), dtype=np.intp)
    back[places] = np.arange(len(places))
    labels = numbered(connected(cells.relations)[1])
    most = np.zeros(labels.max(initial=-1) + 1)
    most[labels] = excess
    methods = np.where(most > GOOD_ENOUGH, GREEDY, EXACT).astype(object)
    methods[np.setdiff1d(labels, labels[(choice.always & (cells.state != NEVER)) | hidden])] = NOTHING
    given = numbered(labels[back])
    order = np.empty(len(most), dtype=np.intp)
    order[given] = labels[back]
    return Pattern(
        (choice.always | hidden)[back],
        cells.primary[back],
        given,
        tuple(methods[order].tolist()),
        tuple(most[order].tolist()),
    )


def _unprotectable(cells: Cells, places: Places, why: str) -> UnprotectableError:
    counts = Counter(str(name).split("|", 1)[0] for name in cells.names[places])
    said = ", ".join(f"{count} of {name}" for name, count in sorted(counts.items()))
    return UnprotectableError(f"{len(places)} sensitive cells cannot be protected, {why}: {said}")
