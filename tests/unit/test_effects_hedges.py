"""Hedges g: the formulas of Hedges (2007), the small-sample factor, and the variance that is named."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from swis.effects.design import design_from_arrays
from swis.effects.hedges import hedges_g, hedges_g_of_fit, total_variance_df
from swis.effects.linear_mixed import LinearMixedFit, fit_linear_mixed
from swis.effects.satterthwaite import satterthwaite_df
from swis.effects.variance_intervals import total_variance, variance_df, wald_intervals


def test_variance_of_g_within_is_that_of_hedges_2007() -> None:
    arms, size, icc, sigma_within = (14, 14), 25, 0.1, 12.0
    pupils = sum(arms) * size
    total = sigma_within**2 / (1 - icc)
    se = np.sqrt(total * (1 / arms[0] + 1 / arms[1]) * (1 + (size - 1) * icc) / size)
    freedom = pupils - sum(arms)
    found = hedges_g(3.0, sigma_within**2, se, 26, "within", variance_df=freedom)
    ratio = pupils / ((arms[0] * size) * (arms[1] * size))
    in_paper = ratio * (1 + (size - 1) * icc) / (1 - icc) + (3.0 / sigma_within) ** 2 / (2 * freedom)
    assert found.value == pytest.approx(0.25 * (1 - 3 / (4 * freedom - 1)))
    assert found.standard_error**2 == pytest.approx(in_paper * found.correction**2)
    assert found.upper - found.value == pytest.approx(stats.t.ppf(0.975, 26) * found.standard_error)


def test_correction_is_close_to_the_exact_ratio_of_gamma_functions() -> None:
    for freedom in (5, 10, 40):
        exact = np.exp(special.gammaln(freedom / 2) - special.gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2)
        assert hedges_g(1.0, 1.0, 0.1, freedom, "total").correction == pytest.approx(exact, abs=2e-3)
    assert hedges_g(1.0, 1.0, 0.1, float("inf"), "total").correction == 1.0


def test_degrees_of_freedom_of_the_total_variance_have_the_right_limits() -> None:
    assert total_variance_df(400, 20, 0.0) == pytest.approx(398)
    # All variance between clusters: about the number of clusters, less the two arm means.
    assert total_variance_df(400, 20, 1.0) == pytest.approx((398 - 38) ** 2 / (20 * 360))


def test_swapping_the_arms_turns_the_sign_and_units_do_not_matter() -> None:
    there, back = hedges_g(2.0, 9.0, 0.5, 30, "total"), hedges_g(-2.0, 9.0, 0.5, 30, "total")
    assert (there.value, there.lower, there.upper) == pytest.approx((-back.value, -back.upper, -back.lower))
    other = hedges_g(200.0, 90000.0, 50.0, 30, "total")
    assert (other.value, other.standard_error) == pytest.approx((there.value, there.standard_error))


def test_a_variance_that_is_not_there_gives_no_number() -> None:
    for variance in (0.0, float("nan"), -1.0):
        found = hedges_g(1.0, variance, 0.1, 20, "total")
        assert np.isnan([found.value, found.standard_error, found.lower, found.upper]).all()
    with pytest.raises(ValueError, match="names no variance"):
        hedges_g(1.0, 1.0, 0.1, 20, "pooled")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def fits() -> tuple[LinearMixedFit, LinearMixedFit]:
    rng = np.random.default_rng(17)
    school = np.repeat(np.arange(30), 20)
    arm, prior = (school % 2).astype(float), rng.normal(size=600)
    response = 5 + 0.4 * arm + 2 * prior + rng.normal(size=30)[school] * 0.6 + rng.normal(size=600)
    columns = np.column_stack([np.ones(600), arm, prior])
    names = ["(Intercept)", "arm", "prior"]
    adjusted = design_from_arrays(response, columns, names=names, groups={"school": school})
    plain = adjusted.without("arm", "prior")
    return fit_linear_mixed(adjusted, random=["school"]), fit_linear_mixed(plain, random=["school"])


def test_conditional_and_unconditional_variances_are_not_mixed_up(fits: tuple[LinearMixedFit, LinearMixedFit]) -> None:
    fit, plain = fits
    conditional = hedges_g_of_fit(fit, "arm", "conditional total")
    total = hedges_g_of_fit(fit, "arm", "total", unadjusted=plain)
    within = hedges_g_of_fit(fit, "arm", "within", unadjusted=plain)
    assert abs(conditional.value) > abs(within.value) > abs(total.value)
    assert total.value == pytest.approx(total.correction * fit.coefficient("arm") / np.sqrt(total_variance(plain)))
    assert total.degrees_of_freedom == satterthwaite_df(fit, "arm")
    with pytest.raises(ValueError, match="without covariates"):
        hedges_g_of_fit(fit, "arm", "total")


def test_degrees_of_freedom_of_a_variance_agree_with_those_of_balanced_clusters(
    fits: tuple[LinearMixedFit, LinearMixedFit],
) -> None:
    _, plain = fits
    icc = plain.variances["school"] / total_variance(plain)
    assert variance_df(plain, "within") == pytest.approx(570, rel=1e-3)
    assert variance_df(plain, "total") == pytest.approx(total_variance_df(600, 20, icc), rel=0.05)


def test_wald_interval_of_a_residual_standard_deviation_is_that_of_its_logarithm(
    fits: tuple[LinearMixedFit, LinearMixedFit],
) -> None:
    _, plain = fits
    school, residual = wald_intervals(plain)
    assert (school.name, residual.name) == ("school", "Residual")
    assert np.log(residual.upper / residual.value) == pytest.approx(1.959964 / np.sqrt(2 * 570), rel=1e-3)
    assert school.lower < school.value < school.upper
