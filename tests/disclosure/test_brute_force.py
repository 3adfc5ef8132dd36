"""The audit against every world there is: on tables small enough to try them all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from invented_cells import table, worlds

from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.protect import UnprotectableError, protect
from swis.disclosure.engine.required import reach_of, within_reach

TABLES = 200


def _some_table(seed: int):
    """A small table and a pattern: half of them protected, half hidden by chance; the grand total is always printed."""
    rng = np.random.default_rng(seed)
    shape = [(2, 2), (2, 3), (3, 3), (2, 2, 2)][seed % 4]
    most = [9, 5, 2, 2][seed % 4]
    cells = table(rng.integers(0, most, size=shape), zeros="shown" if seed % 3 else "hidden", threshold=2)
    by_chance = cells.hideable & (rng.random(len(cells.names)) < 0.75)
    hidden = protect(cells).hidden if seed % 2 else by_chance
    return cells, hidden & (np.arange(len(hidden)) < len(hidden) - 1)


@pytest.mark.parametrize("block", range(4))
def test_intervals_of_the_audit_are_those_of_all_worlds(block: int) -> None:
    compared = 0
    for seed in range(block, TABLES, 4):
        cells, hidden = _some_table(seed)
        every = np.array(list(worlds(cells, hidden)))
        found = audit(cells, hidden, integer=True, exact=True)
        unseen = np.flatnonzero(hidden)
        np.testing.assert_allclose(found.lower[unseen], every.min(axis=0)[unseen], atol=1e-6, err_msg=f"table {seed}")
        np.testing.assert_allclose(found.upper[unseen], every.max(axis=0)[unseen], atol=1e-6, err_msg=f"table {seed}")
        compared += len(unseen)
    assert compared > 100


@pytest.mark.parametrize("block", range(2))
def test_the_audit_fails_exactly_the_cells_that_some_required_value_is_ruled_out_for(block: int) -> None:
    failures = 0
    for seed in range(100 * block, 100 * (block + 1)):
        cells, hidden = _some_table(seed)
        every = np.array(list(worlds(cells, hidden)))
        wanted = within_reach(cells)
        wanted = reach_of(wanted, np.flatnonzero(cells.sensitive))
        pinned = (every.min(axis=0) > wanted.required_lower) | (every.max(axis=0) < wanted.required_upper)
        truth = set(cells.names[cells.sensitive & pinned])
        assert set(audit(cells, hidden, integer=True).failures) == truth, f"table {seed}"
        failures += len(truth)
    assert failures > 20


@pytest.mark.parametrize("seed", range(4))
def test_no_cheaper_pattern_protects(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = table(rng.integers(0, 12, size=(2, 3)), threshold=3, cost=rng.uniform(1, 5, size=12))
    found = protect(cells)
    cost = cells.cost[found.hidden].sum()
    free = np.flatnonzero(cells.hideable & ~cells.primary)
    for number in range(2 ** len(free)):  # every pattern there is
        hidden = (cells.primary & cells.hideable).copy()
        hidden[free[[bool(number >> bit & 1) for bit in range(len(free))]]] = True
        if cells.cost[hidden].sum() < cost * (1 - 1e-3):
            assert not audit(cells, hidden).is_safe


def test_a_total_of_two_hidden_numbers_is_known_to_be_at_least_two() -> None:
    cells = table([[3, 1], [40, 50]])
    wanted = within_reach(cells)
    row_total = list(cells.names).index("t|0=0|1=2")
    assert wanted.required_lower[row_total] == 2
    assert audit(cells, protect(cells).hidden).is_safe


def test_what_was_released_before_is_no_excuse() -> None:
    cells = table([[3, 8], [9, 12]])
    released = cells.state.copy()
    released[cells.values > 5] = 1
    with pytest.raises(UnprotectableError, match="1 sensitive cells cannot be protected"):
        protect(replace(cells, state=released))
