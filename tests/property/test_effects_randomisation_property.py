"""What must hold of randomisation inference whatever the counts: arms swapped, rows shuffled, labels permuted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from swis.effects.allocations import allocations, every_allocation
from swis.effects.design import Design, design_from_arrays
from swis.effects.holm import holm
from swis.effects.randomisation import randomisation_test

STRATA = np.repeat([0, 1], [4, 5])
ARM = np.array([1, 1, 0, 0, 1, 0, 1, 0, 0])
COUNTS = st.lists(st.integers(0, 60), min_size=9, max_size=9).filter(lambda values: sum(values) > 0)
SETTINGS = settings(max_examples=25, deadline=None)


def design_of(counts: list[int]) -> Design:
    matrix = np.column_stack([np.ones(9), STRATA])
    names = ("(Intercept)", "C(stratum)[T.1]")
    return design_from_arrays(counts, matrix, names=names, offset=np.log(np.linspace(800, 1600, 9)))


def p_value(design: Design, arm: np.ndarray, strata: np.ndarray = STRATA) -> float:
    """Exact: 60 allocations."""
    return randomisation_test(design, arm, strata, family="poisson", draws=60, rng=np.random.default_rng(0)).p_value


def same(first: float, second: float) -> bool:
    return bool(np.isclose(first, second, atol=1e-12, equal_nan=True))


@SETTINGS
@example([0, 8, 0, 0, 0, 0, 0, 0, 0])
@given(COUNTS)
def test_swapping_the_arms_leaves_the_p_value(counts: list[int]) -> None:
    assert same(p_value(design_of(counts), ARM), p_value(design_of(counts), 1 - ARM))


@SETTINGS
@given(COUNTS, st.permutations(range(9)))
def test_the_order_of_rows_is_irrelevant(counts: list[int], order: list[int]) -> None:
    design = design_of(counts)
    shuffled = replace(
        design, response=design.response[order], matrix=design.matrix[order], offset=design.offset[order]
    )
    assert same(p_value(design, ARM), p_value(shuffled, ARM[order], STRATA[order]))


@settings(max_examples=6, deadline=None)
@given(COUNTS)
def test_over_all_allocations_p_values_are_valid(counts: list[int]) -> None:
    # Under the sharp null every allocation could have been made: P(p <= a) may not exceed a, at any a.
    design = design_of(counts)
    p_values = np.sort([p_value(design, arm) for arm in every_allocation(STRATA, ARM)])
    if np.isnan(p_values).any():
        assert np.isnan(p_values).all()
        return
    share_at_or_below = np.searchsorted(p_values, p_values, side="right") / p_values.size
    assert (share_at_or_below <= p_values + 1e-9).all()


@SETTINGS
@given(st.lists(st.integers(0, 4), min_size=2, max_size=30), st.integers(0, 2**32 - 1))
def test_labels_are_permuted_within_strata_only(strata: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    blocks, arm = np.array(strata), rng.integers(0, 2, len(strata))
    drawn = allocations(blocks, arm, draws=7, rng=rng)
    for block in np.unique(blocks):
        assert (drawn[:, blocks == block].sum(axis=1) == arm[blocks == block].sum()).all()


@SETTINGS
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_raises_keeps_order_and_never_passes_one(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert (adjusted >= np.array(p_values) - 1e-15).all()
    assert adjusted.max() <= 1
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0).all()
