"""Laws of linear mixed models, effect sizes and intraclass correlations that hold whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swis.effects.design import Design, design_from_arrays
from swis.effects.hedges import hedges_g
from swis.effects.icc import intraclass_correlation
from swis.effects.linear.cross_products import cross_products
from swis.effects.linear.deviance import solve
from swis.effects.linear.gradient import derivatives
from swis.effects.linear.random_factors import random_factors
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.satterthwaite import satterthwaite_df

SEEDS = st.integers(0, 2**32 - 1)


def trial(seed: int) -> Design:
    """A small trial: 4 authorities of 6 schools, unequal numbers of pupils, one covariate."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(24), rng.integers(2, 9, 24))
    arm, prior = (school % 2).astype(float), rng.normal(size=school.size)
    spread = rng.uniform(0, 1.5, 3)
    response = 50 + arm + 2 * prior + spread[0] * rng.normal(size=24)[school]
    response = response + spread[1] * rng.normal(size=4)[school // 6] * (1 + prior) + rng.normal(size=school.size)
    columns = np.column_stack([np.ones(school.size), arm, prior])
    groups = {"school": school, "la": school // 6}
    return design_from_arrays(response, columns, names=["(Intercept)", "arm", "prior"], groups=groups)


TERMS = st.sampled_from([["school"], ["school", "la"], ["school", ("1+prior", "la")], [("prior", "school"), "la"]])


@settings(max_examples=25, deadline=None)
@given(SEEDS, TERMS, st.booleans())
def test_gradient_is_the_derivative_of_the_deviance(seed: int, random: list, reml: bool) -> None:
    design = trial(seed)
    factors = random_factors(design, random)
    products = cross_products(design.response, design.matrix, factors)
    theta = np.random.default_rng(seed).uniform(-1.5, 1.5, sum(int(factor.free.sum()) for factor in factors))
    solution = solve(theta, products, reml=reml)
    gradient = derivatives(solution).profiled(solution)
    for place, step in enumerate(np.eye(theta.size) * 1e-5):
        ahead, behind = (solve(theta + sign * step, products, reml=reml).deviance for sign in (1, -1))
        assert gradient[place] == pytest.approx((ahead - behind) / 2e-5, rel=1e-5, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(SEEDS, TERMS)
def test_order_of_rows_and_names_of_groups_do_not_matter(seed: int, random: list) -> None:
    design = trial(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(design.observations)
    renamed = {name: rng.permutation(1000)[codes][order] for name, codes in design.groups.items()}
    other = design_from_arrays(design.response[order], design.matrix[order], names=design.names, groups=renamed)
    here, there = fit_linear_mixed(design, random=random), fit_linear_mixed(other, random=random[::-1])
    assert here.status == there.status
    np.testing.assert_allclose(here.coefficients, there.coefficients, rtol=1e-5)
    # A fit that did not settle has no likelihood.
    assert here.log_likelihood == pytest.approx(there.log_likelihood, abs=1e-6, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_swapping_the_arms_turns_the_sign_only(seed: int) -> None:
    design = trial(seed)
    swapped = design.matrix.copy()
    swapped[:, 1] = 1 - swapped[:, 1]
    other = design_from_arrays(design.response, swapped, names=design.names, groups=design.groups)
    here, there = fit_linear_mixed(design, random=["school"]), fit_linear_mixed(other, random=["school"])
    assert there.coefficient("arm") == pytest.approx(-here.coefficient("arm"), rel=1e-5, abs=1e-8)
    assert there.standard_error("arm") == pytest.approx(here.standard_error("arm"), rel=1e-5)
    assert satterthwaite_df(there, "arm") == pytest.approx(satterthwaite_df(here, "arm"), rel=1e-3)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_maximum_likelihood_is_never_below_the_model_without_the_variance(seed: int) -> None:
    design = trial(seed)
    both = fit_linear_mixed(design, random=["school", "la"], reml=False)
    one = fit_linear_mixed(design, random=["school"], reml=False)
    assert both.log_likelihood >= one.log_likelihood - 1e-6
    if both.variances["la"] == 0:
        assert both.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
        assert satterthwaite_df(both, "arm") == pytest.approx(satterthwaite_df(one, "arm"), rel=1e-3)


@given(SEEDS, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_an_icc_knows_neither_units_nor_origin(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 5, 30)
    values = rng.normal(size=30) + group
    here, there = intraclass_correlation(values, group), intraclass_correlation(scale * values + shift, group)
    assert (there.icc, there.lower, there.upper) == pytest.approx((here.icc, here.lower, here.upper), rel=1e-6)
    assert here.lower <= here.icc <= here.upper <= 1


@given(st.floats(-3, 3), st.floats(0.1, 10), st.floats(0.01, 2), st.integers(3, 500))
def test_g_is_drawn_towards_zero_and_its_interval_holds_it(
    difference: float, variance: float, se: float, df: int
) -> None:
    found = hedges_g(difference, variance, se, df, "total")
    assert abs(found.value) <= abs(difference) / np.sqrt(variance)
    assert found.lower <= found.value <= found.upper
