"""What must hold of every count model: arms swapped flips the sign, order is nothing, person-time only shifts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_trials import invented_trial

from swis.effects.counts import fit_count_model
from swis.effects.counts.families import FamilyName
from swis.effects.design import Design, design_from_formula
from swis.effects.fit import Fit

MODELS: tuple[tuple[FamilyName, tuple[str, ...]], ...] = (
    ("negative binomial", ()),
    ("poisson", ("la",)),
    ("negative binomial", ("la",)),
    ("poisson", ("la", "school")),
    ("binomial", ("school",)),
)
seeds = st.integers(min_value=0, max_value=10_000)
few = settings(max_examples=8, deadline=None)


def trial(seed: int, family: FamilyName) -> Design:
    frame = invented_trial(seed, authorities=5, schools=6, years=2)
    if family == "binomial":
        return design_from_formula("successes ~ arm + covariate", frame, groups=("la", "school"), trials="trials")
    return design_from_formula("count ~ arm + covariate", frame, groups=("la", "school"), offset="log(person_time)")


def fitted(design: Design, family: FamilyName, random: tuple[str, ...]) -> Fit:
    fit = fit_count_model(design, family=family, random=random, quadrature_points=9)
    assert fit.is_usable, fit.message
    return fit


@pytest.mark.parametrize(("family", "random"), MODELS)
@few
@given(seed=seeds)
def test_arms_swapped_flips_the_sign(family: FamilyName, random: tuple[str, ...], seed: int) -> None:
    design = trial(seed, family)
    matrix = design.matrix.copy()
    matrix[:, 1] = 1.0 - matrix[:, 1]
    one, other = fitted(design, family, random), fitted(replace(design, matrix=matrix), family, random)
    error = one.standard_error("arm")
    assert other.coefficient("arm") == pytest.approx(-one.coefficient("arm"), abs=1e-4 * error)
    assert other.standard_error("arm") == pytest.approx(error, rel=1e-4)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)


@pytest.mark.parametrize(("family", "random"), MODELS)
@few
@given(seed=seeds)
def test_order_of_rows_is_nothing(family: FamilyName, random: tuple[str, ...], seed: int) -> None:
    design = trial(seed, family)
    order = np.random.default_rng(seed).permutation(design.observations)
    one, other = fitted(design, family, random), fitted(design.subset(order), family, random)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-6)
    assert other.fitted == pytest.approx(one.fitted[order], rel=1e-5)


@pytest.mark.parametrize(("family", "random"), MODELS[:4])
@few
@given(seed=seeds, factor=st.floats(min_value=1e-3, max_value=1e4))
def test_person_time_in_another_unit_moves_only_the_intercept(
    family: FamilyName, random: tuple[str, ...], seed: int, factor: float
) -> None:
    design = trial(seed, family)
    one = fitted(design, family, random)
    other = fitted(replace(design, offset=design.offset + np.log(factor)), family, random)
    assert other.coefficient("(Intercept)") == pytest.approx(one.coefficient("(Intercept)") - np.log(factor), abs=1e-5)
    assert other.coefficients[1:] == pytest.approx(one.coefficients[1:], abs=1e-5)
    assert other.standard_errors == pytest.approx(one.standard_errors, rel=1e-4)


@pytest.mark.parametrize(("family", "random"), MODELS)
@few
@given(seed=seeds)
def test_a_covariate_in_another_unit_scales_its_coefficient_alone(
    family: FamilyName, random: tuple[str, ...], seed: int
) -> None:
    design = trial(seed, family)
    matrix = design.matrix * np.array([1.0, 1.0, 1000.0])
    one, other = fitted(design, family, random), fitted(replace(design, matrix=matrix), family, random)
    assert other.coefficients * [1.0, 1.0, 1000.0] == pytest.approx(one.coefficients, abs=1e-6)
