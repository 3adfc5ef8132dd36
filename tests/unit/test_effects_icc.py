"""Intraclass correlations and profile intervals: closed forms, boundaries, and what cannot be estimated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from swis.effects.counts import fit_count_model
from swis.effects.design import Design, design_from_arrays
from swis.effects.icc import (
    between_group_variation,
    icc_of_counts,
    icc_of_fit,
    icc_of_trials,
    intraclass_correlation,
)
from swis.effects.linear.deviance import solve
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.profile import profile_interval

GROUPS, SIZE = 18, 10


@pytest.fixture(scope="module")
def design() -> Design:
    rng = np.random.default_rng(314)
    group = np.repeat(np.arange(GROUPS), SIZE)
    x = rng.normal(size=group.size)
    response = 10 + x + rng.normal(size=GROUPS)[group] * 0.7 + rng.normal(size=group.size)
    outer = {"group": group, "area": group // 6}
    return design_from_arrays(response, np.column_stack([np.ones(group.size), x]), names=["1", "x"], groups=outer)


def test_anova_icc_of_equal_groups_is_the_textbook_one(design: Design) -> None:
    table = design.response.reshape(GROUPS, SIZE)
    between = SIZE * table.mean(axis=1).var(ddof=1)
    within = table.var(axis=1, ddof=1).mean()
    found = intraclass_correlation(design.response, [f"school {code}" for code in design.groups["group"]])
    assert found.icc == pytest.approx((between - within) / (between + (SIZE - 1) * within))
    share = between / within / stats.f.ppf(0.975, GROUPS - 1, GROUPS * (SIZE - 1))
    assert found.lower == pytest.approx((share - 1) / (share + SIZE - 1))
    assert found.lower < found.icc < found.upper
    assert "Searle" in found.method


def test_anova_icc_covers_its_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    group = np.repeat(np.arange(12), 6)
    truth, covered = 0.3, 0
    for _ in range(400):
        response = rng.normal(size=12)[group] * np.sqrt(truth) + rng.normal(size=72) * np.sqrt(1 - truth)
        found = intraclass_correlation(response, group)
        covered += found.lower <= truth <= found.upper
    # Exact for equal groups: within four binomial standard errors of 95 in 100.
    assert abs(covered / 400 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 400)


def test_an_icc_that_cannot_be_estimated_says_why() -> None:
    for values, group in (([1.0, 2.0], ["a", "a"]), ([1.0, 2.0], ["a", "b"]), ([1.0, 1.0, 2.0, 2.0], [1, 1, 2, 2])):
        found = intraclass_correlation(values, group)
        assert np.isnan([found.icc, found.lower, found.upper]).all()
        assert found.method.startswith("not estimable: ")
    assert intraclass_correlation([1, 2, 3, 5, np.nan], [1, 1, 2, 2, 3]).icc == pytest.approx(
        intraclass_correlation([1, 2, 3, 5], [1, 1, 2, 2]).icc
    )


@pytest.mark.parametrize("reml", [True, False])
def test_limits_of_a_models_icc_are_where_the_likelihood_has_fallen(design: Design, reml: bool) -> None:
    fit = fit_linear_mixed(design.without("x"), random=["group", "area"], reml=reml)
    found = icc_of_fit(fit, "group")
    total = sum(fit.variances.values())
    assert found.icc == pytest.approx(fit.variances["group"] / total)
    places = [factor.name for factor in fit.factors]

    def lowest(share: float) -> float:
        def deviance(other: float) -> float:
            thetas = {"area": other, "group": np.sqrt(share / (1 - share) * (1 + other**2))}
            assert fit.solution is not None
            theta = np.array([thetas[name] for name in places])
            return solve(theta, fit.solution.products, reml=reml).deviance

        found = [optimize.minimize_scalar(deviance, bounds=(0, top), method="bounded").fun for top in (0.1, 3)]
        return float(min(found))

    for limit in (found.lower, found.upper):
        assert lowest(limit) - fit.deviance == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-3)


def test_icc_at_a_variance_of_zero_still_has_an_upper_limit(design: Design) -> None:
    rng = np.random.default_rng(3)
    response = rng.normal(size=design.observations)
    means = response.reshape(GROUPS, SIZE).mean(axis=1)
    flat = design_from_arrays(response - means[design.groups["group"]], design.matrix[:, :1], groups=design.groups)
    fit = fit_linear_mixed(flat, random=["group"])
    found = icc_of_fit(fit, "group")
    assert fit.status == "zero variance"
    assert (found.icc, found.lower) == (0.0, 0.0)
    assert 0 < found.upper < 0.1


def test_profile_interval_of_a_mean_of_equal_groups_is_in_closed_form(design: Design) -> None:
    plain = design.without("x")
    fit = fit_linear_mixed(plain, random=["group"], reml=False)
    found = profile_interval(fit, plain, "1")
    means = plain.response.reshape(GROUPS, SIZE).mean(axis=1)
    # Between groups only the variance of the means changes with the mean held: a rise of m log(1 + (x - v)² / s²).
    reach = np.sqrt(np.expm1(stats.chi2.ppf(0.95, 1) / GROUPS) * means.var())
    assert (found.lower, found.upper) == pytest.approx((means.mean() - reach, means.mean() + reach), abs=1e-6)


def test_profile_limits_lie_where_the_deviance_has_risen_by_the_quantile(design: Design) -> None:
    fit = fit_linear_mixed(design, random=["group"], reml=False)
    for name in ("x", "group", "Residual"):
        found = profile_interval(fit, design, name)
        assert found.lower < found.value < found.upper
    held = profile_interval(fit, design, "Residual")
    assert fit.solution is not None
    for sigma in (held.lower, held.upper):

        def deviance(theta: float, sigma: float = sigma) -> float:
            solution = solve(np.array([theta]), fit.solution.products, reml=False)  # type: ignore[union-attr]
            rest = solution.freedom * np.log(2 * np.pi * sigma**2) + solution.residual / sigma**2
            return float(solution.log_determinant + rest)

        lowest = optimize.minimize_scalar(deviance, bounds=(0, 3), method="bounded", options={"xatol": 1e-9}).fun
        assert lowest - fit.deviance == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-5)


def test_profile_asks_for_maximum_likelihood_and_known_names(design: Design) -> None:
    with pytest.raises(ValueError, match="maximum likelihood"):
        profile_interval(fit_linear_mixed(design, random=["group"]), design, "x")
    fit = fit_linear_mixed(design, random=[("x", "group")], reml=False)
    with pytest.raises(KeyError):
        profile_interval(fit, design, "area")
    with pytest.raises(KeyError, match="no random intercept"):
        icc_of_fit(fit, "group")


def test_icc_of_counts_and_trials_are_shares_on_the_scale_of_the_link() -> None:
    rng = np.random.default_rng(12)
    group = np.repeat(np.arange(40), 6)
    eta = 1.0 + 0.5 * rng.normal(size=40)[group]
    counts = design_from_arrays(rng.poisson(np.exp(eta)), np.ones(240), groups={"group": group})
    poisson = fit_count_model(counts, family="poisson", random=["group"])
    share = icc_of_counts(poisson, "group", mean_count=3.0)
    variance = poisson.variances["group"]
    assert share.icc == pytest.approx(variance / (variance + np.log(4 / 3)))
    assert "approximation" in share.method and np.isnan(share.lower)
    assert between_group_variation(variance) == pytest.approx(np.sqrt(np.exp(variance) - 1))
    trials = design_from_arrays((eta + rng.logistic(size=240) > 1).astype(float), np.ones(240), groups={"group": group})
    logistic = fit_count_model(trials, family="binomial", random=["group"])
    variance = logistic.variances["group"]
    assert icc_of_trials(logistic, "group").icc == pytest.approx(variance / (variance + np.pi**2 / 3))
