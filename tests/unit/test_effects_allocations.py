"""Allocations drawn or listed by the scheme of the trial."""

from __future__ import annotations

import numpy as np
import pytest

from swis.effects.allocations import (
    Scheme,
    allocations,
    count_allocations,
    every_allocation,
    one_arm_strata,
)

STRATA = np.array(["b", "a", "b", "a", "b", "a", "c"])
ARM = np.array([1, 0, 0, 1, 0, 1, 1])


def by_stratum(drawn: np.ndarray) -> np.ndarray:
    return np.stack([drawn[:, stratum == STRATA].sum(axis=1) for stratum in "abc"], axis=1)


def test_every_draw_keeps_the_arms_of_every_stratum() -> None:
    drawn = allocations(STRATA, ARM, draws=500, rng=np.random.default_rng(1))
    assert drawn.dtype == np.int8
    assert (by_stratum(drawn) == [2, 1, 1]).all()


def test_every_allocation_is_drawn_equally_often() -> None:
    drawn = allocations(STRATA, ARM, draws=9_000, rng=np.random.default_rng(2))
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert counts.size == 9
    assert ((counts - 1000) ** 2 / 1000).sum() < 26.1  # 99.9 % point of chi-squared with 8 degrees of freedom


def test_the_list_holds_every_allocation_once() -> None:
    listed = every_allocation(STRATA, ARM)
    assert count_allocations(STRATA, ARM) == len(listed) == 9
    assert len(np.unique(listed, axis=0)) == 9
    assert (by_stratum(listed) == [2, 1, 1]).all()


def test_the_number_of_allocations_of_the_full_trial_is_no_machine_number() -> None:
    strata, arm = np.repeat(np.arange(21), 13), np.tile(np.repeat([1, 0], [7, 6]), 21)
    assert count_allocations(strata, arm) == 1716**21


def test_the_same_generator_gives_the_same_allocations() -> None:
    first, second = (allocations(STRATA, ARM, draws=20, rng=np.random.default_rng(5)) for _ in range(2))
    assert (first == second).all()


def test_strata_of_one_arm_are_counted() -> None:
    assert one_arm_strata(STRATA, ARM) == 1


def test_the_allocation_made_stands_first() -> None:
    drawn, is_exact = Scheme.of_rows(ARM, STRATA).sample(9, np.random.default_rng(1))
    assert is_exact
    assert (drawn[0] == ARM).all()
    assert len(np.unique(drawn, axis=0)) == 9
    drawn, is_exact = Scheme.of_rows(ARM, STRATA).sample(8, np.random.default_rng(1))
    assert not is_exact
    assert (drawn[0] == ARM).all()
    assert len(drawn) == 9


def test_rows_of_a_cluster_are_allocated_together() -> None:
    cluster = np.array([5, 5, 9, 9, 7])
    scheme = Scheme.of_rows(np.array([1, 1, 0, 0, 0]), np.zeros(5), cluster)
    assert scheme.arm.tolist() == [1, 0, 0]
    assert scheme.unit is not None
    assert scheme.unit.tolist() == [0, 0, 2, 2, 1]
    with pytest.raises(ValueError, match="cluster"):
        Scheme.of_rows(np.array([1, 0, 0, 0, 0]), np.zeros(5), cluster)


def test_arms_but_0_and_1_and_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="an arm must be 0"):
        allocations(STRATA, ARM + 1, draws=1, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="one length"):
        count_allocations(STRATA[:3], ARM)
