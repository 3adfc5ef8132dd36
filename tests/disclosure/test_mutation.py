"""Attacks and sabotage: what the audit must see, whoever made the pattern."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from invented_cells import table
from scipy import sparse

from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import NEVER, Cells, sums_to_zero
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import load_policy


def _counts(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(1, 0.06, size=(8, 5))


@pytest.mark.parametrize("seed", range(5))
def test_showing_any_hidden_cell_is_noticed(seed: int) -> None:
    cells = table(_counts(seed))
    pattern = protect(cells)
    assert pattern.secondary.any()
    for place in np.flatnonzero(pattern.hidden):
        hidden = pattern.hidden.copy()
        hidden[place] = False
        assert not audit(cells, hidden).is_safe, "a hidden cell that can be shown was not needed"


def test_hiding_the_next_smallest_only_is_noticed() -> None:
    """The usual rule of thumb, one more cell in each row with one hidden cell, leaves columns open."""
    failed = 0
    for seed in range(30):
        cells = table(_counts(seed))
        hidden = cells.primary & cells.hideable
        for row in np.arange(len(cells.values)).reshape(9, 6)[:, :5]:
            if hidden[row].sum() == 1:
                others = [place for place in row if not hidden[place] and cells.hideable[place]]
                hidden[min(others, key=lambda place: cells.values[place], default=row[0])] = True
        failed += not audit(cells, hidden).is_safe
    assert failed > 5


def _added(cells: Cells, names: list[str], values: list[float], rows: list[tuple[list[int], list[float]]]) -> Cells:
    """The system with implied cells and the relations that imply them; small ones are sensitive."""
    more, n = len(values), len(cells.values) + len(values)
    truth = np.array(values)
    columns = {
        "names": np.array(names), "values": truth, "shown_lower": truth, "shown_upper": truth,
        "hidden_lower": np.zeros(more), "hidden_upper": np.full(more, np.inf), "sensitive": (truth >= 1) & (truth <= 5),
        "required_lower": np.ones(more), "required_upper": np.full(more, 5.0), "cost": np.ones(more),
        "state": np.full(more, NEVER, dtype=np.int8),
    }  # fmt: skip
    wide = sparse.hstack([cells.relations, sparse.csr_array((cells.relations.shape[0], more))])
    relations = sparse.csr_array(sparse.vstack([wide, sums_to_zero(rows, n)]))
    ends = np.zeros(relations.shape[0])
    kept = {name: np.concatenate([getattr(cells, name), column]) for name, column in columns.items()}
    return Cells(**kept, relations=relations, relation_lower=ends, relation_upper=ends)


def test_two_releases_whose_difference_is_small_are_noticed_and_the_new_one_is_hidden() -> None:
    """A number was 120, and is 123 after three late records: the difference is three children."""
    counts = np.array([[123, 80, 95], [200, 150, 90], [77, 88, 99]])
    cells = table(counts)
    known = {f"before|{at}": 120.0 for at in ("0=0|1=0",)}
    place = list(cells.names).index("t|0=0|1=0")
    n = len(cells.values)
    system = _added(cells, [*known, "difference"], [120.0, 3.0], [([place, n, n + 1], [1.0, -1.0, -1.0])])
    # The number released before is known exactly and cannot be taken back.
    state = system.state.copy()
    state[n] = 1
    system = replace(system, state=state)
    assert audit(system, np.zeros(n + 2, dtype=bool)).failures == ("difference",)
    pattern = protect(system)
    assert pattern.hidden[place]
    assert audit(system, pattern.hidden).is_safe


def test_an_authority_beside_the_pooled_table_is_noticed() -> None:
    """Two authorities: one's report and the pooled table give the other's small count by subtraction."""
    authorities = np.array([[40, 3], [60, 25], [90, 70]])
    cells = table(authorities)
    alone = np.array([str(name).startswith(("t|0=0", "t|0=1")) for name in cells.names])
    # What each authority's report hides by itself: its small count and its own total.
    hidden = cells.primary & cells.hideable
    hidden |= np.isin(cells.names, ["t|0=0|1=2"])
    assert alone[hidden].all()
    assert not audit(cells, hidden).is_safe
    assert audit(cells, protect(cells).hidden).is_safe


def test_rounded_numbers_are_attacked_as_the_intervals_they_stand_for(project_root: Path) -> None:
    """Four parts of 2, each shown as 0, and a total of 8, shown as 10: nothing but 2 in each comes to 8 or more."""
    policy = load_policy(project_root / "params" / "disclosure", "round_to_5")
    counts = np.array([[2, 2, 2, 2], [30, 40, 50, 60]])
    cells = table(counts)
    lower, upper = policy.shown_interval(cells.values)
    required_lower, required_upper = policy.required(cells.values)
    rounded = replace(
        cells, shown_lower=lower, shown_upper=upper, sensitive=policy.is_small(cells.values),
        hidden_lower=np.full(len(lower), float(policy.least_hidden)),
        required_lower=required_lower, required_upper=required_upper,
    )  # fmt: skip
    assert not rounded.primary.any()
    nothing = np.zeros(len(lower), dtype=bool)
    assert set(audit(rounded, nothing).failures) == {f"t|0=0|1={at}" for at in range(4)}
    pattern = protect(rounded)
    assert audit(rounded, pattern.hidden).is_safe


def test_a_rounding_that_the_sums_undo_is_noticed() -> None:
    """0 and 0, each 0 to 2, with a total shown as 5, from 3 to 7: at least one part is not 0."""
    cells = table([2, 2])
    told = replace(
        cells,
        shown_lower=np.array([0.0, 0.0, 4.0]),
        shown_upper=np.array([2.0, 2.0, 4.0]),
        hidden_lower=np.zeros(3),
        sensitive=np.array([True, True, False]),
        required_lower=np.array([1.0, 1.0, 4.0]),
        required_upper=np.array([2.0, 2.0, 4.0]),
    )
    assert len(audit(told, np.zeros(3, dtype=bool)).failures) == 2
    pattern = protect(told)
    assert audit(told, pattern.hidden).is_safe
