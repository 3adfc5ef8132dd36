"""Linear mixed models against the multivariate normal written out in full, and what they say when there is no fit."""

from __future__ import annotations

import numpy as np
import pytest

from swis.effects.design import Design, design_from_arrays
from swis.effects.linear import cross_products as reduction
from swis.effects.linear_mixed import LinearMixedFit, fit_linear_mixed
from swis.effects.satterthwaite import satterthwaite_df

ROWS = 240


@pytest.fixture(scope="module")
def design() -> Design:
    rng = np.random.default_rng(20260904)
    school, year = rng.integers(0, 24, ROWS), rng.integers(0, 5, ROWS)
    area, x = school // 6, rng.normal(size=ROWS)
    by_school = rng.multivariate_normal([0, 0], [[2.0, 0.4], [0.4, 0.5]], 24)
    response = 400 + 3 * x + by_school[school, 0] + by_school[school, 1] * x + rng.normal(size=5)[year]
    response = response + rng.normal(size=4)[area] + rng.normal(size=ROWS)
    groups = {"school": school, "area": area, "year": year}
    return design_from_arrays(response, np.column_stack([np.ones(ROWS), x]), names=["(Intercept)", "x"], groups=groups)


def in_full(design: Design, fit: LinearMixedFit) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients, their covariance and the log-likelihood from the (n, n) covariance matrix of the rows."""
    total = fit.working_covariance(np.arange(design.observations))
    inverse, columns = np.linalg.inv(total), design.matrix
    information = columns.T @ inverse @ columns
    coefficients = np.linalg.solve(information, columns.T @ inverse @ design.response)
    residual = design.response - columns @ coefficients
    freedom = design.observations - columns.shape[1] * fit.reml
    deviance = np.linalg.slogdet(total)[1] + residual @ inverse @ residual + freedom * np.log(2 * np.pi)
    deviance += np.linalg.slogdet(information)[1] * fit.reml
    return coefficients, np.linalg.inv(information), -deviance / 2


TERMS = [
    ["school"],
    ["area", "school"],
    ["year", "school"],
    [("1+x", "school"), "year"],
    ["school", ("x", "school"), "area"],
    [("x", "year"), "school"],
]


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("random", TERMS, ids=str)
def test_coefficients_covariance_and_likelihood_are_those_of_the_whole_matrix(
    design: Design, random: list, reml: bool
) -> None:
    fit = fit_linear_mixed(design, random=random, reml=reml)
    coefficients, covariance, log_likelihood = in_full(design, fit)
    assert fit.is_usable
    np.testing.assert_allclose(fit.coefficients, coefficients, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-8)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)


@pytest.mark.parametrize("random", TERMS, ids=str)
def test_no_other_variances_are_more_likely(design: Design, random: list) -> None:
    fit = fit_linear_mixed(design, random=random)
    from swis.effects.linear.deviance import solve

    assert fit.solution is not None
    for place in range(fit.theta.size):
        for step in (-0.02, 0.02):
            moved = fit.theta + step * np.eye(fit.theta.size)[place]
            assert solve(moved, fit.solution.products, reml=True).deviance >= fit.deviance - 1e-9


def test_large_and_small_problems_take_two_ways_to_one_answer(design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    random = [("1+x", "school"), "year", "area"]
    dense = fit_linear_mixed(design, random=random)
    monkeypatch.setattr(reduction, "DENSE_UP_TO", 0)
    sparse = fit_linear_mixed(design, random=random[::-1])
    assert sparse.log_likelihood == pytest.approx(dense.log_likelihood, abs=1e-9)
    np.testing.assert_allclose(sparse.coefficients, dense.coefficients, rtol=1e-9)
    assert satterthwaite_df(sparse, "x") == pytest.approx(satterthwaite_df(dense, "x"), rel=1e-5)


def test_fitted_values_leave_the_residual_that_the_model_predicts(design: Design) -> None:
    fit = fit_linear_mixed(design, random=[("1+x", "school"), "year"])
    total = fit.working_covariance(np.arange(ROWS))
    left = fit.sigma**2 * np.linalg.solve(total, design.response - design.matrix @ fit.coefficients)
    np.testing.assert_allclose(design.response - fit.fitted, left, atol=1e-9)
    assert fit.random_effects["school"].shape == (24, 2)


def test_balanced_one_way_layout_gives_the_anova_variances_and_degrees_of_freedom() -> None:
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(12), 8)
    response = rng.normal(size=12)[group] * 1.5 + rng.normal(size=96)
    fit = fit_linear_mixed(design_from_arrays(response, np.ones(96), groups={"group": group}), random=["group"])
    means = response.reshape(12, 8).mean(axis=1)
    within = ((response.reshape(12, 8) - means[:, None]) ** 2).sum() / 84
    assert fit.variances["Residual"] == pytest.approx(within, rel=1e-8)
    assert fit.variances["group"] == pytest.approx(means.var(ddof=1) - within / 8, rel=1e-7)
    assert satterthwaite_df(fit, "x1") == pytest.approx(11, rel=1e-6)


def test_adding_a_constant_or_changing_units_changes_nothing_else(design: Design) -> None:
    fit = fit_linear_mixed(design, random=[("1+x", "school")])
    matrix = design.matrix * np.array([1.0, 1e6])
    other = design_from_arrays(design.response * 1e-3 + 1e4, matrix, names=design.names, groups=design.groups)
    moved = fit_linear_mixed(other, random=[("1+x", "school")])
    assert moved.coefficient("x") == pytest.approx(fit.coefficient("x") * 1e-9, rel=1e-6)
    assert moved.variances["school"] == pytest.approx(fit.variances["school"] * 1e-6, rel=1e-5)
    assert moved.variances["school:x"] == pytest.approx(fit.variances["school:x"] * 1e-18, rel=1e-5)
    assert satterthwaite_df(moved, "x") == pytest.approx(satterthwaite_df(fit, "x"), rel=1e-4)


def test_an_offset_is_taken_off_and_put_back(design: Design) -> None:
    plain = fit_linear_mixed(design, random=["school"])
    shifted = design_from_arrays(
        design.response + 7, design.matrix, names=design.names, groups=design.groups, offset=np.full(ROWS, 7.0)
    )
    fit = fit_linear_mixed(shifted, random=["school"])
    np.testing.assert_allclose(fit.coefficients, plain.coefficients)
    np.testing.assert_allclose(fit.fitted, plain.fitted + 7)


def test_a_variance_of_zero_is_said_and_the_fit_is_least_squares(design: Design) -> None:
    rng = np.random.default_rng(2)
    response = design.matrix @ [1.0, 2.0] + rng.normal(size=ROWS)
    # Equal means in every area: nothing is left between them.
    area = design.groups["area"]
    for level in np.unique(area):
        rows = area == level
        basis = np.linalg.qr(np.column_stack([design.matrix[rows]]))[0]
        noise = response[rows] - design.matrix[rows] @ [1.0, 2.0]
        response[rows] -= basis @ (basis.T @ noise)
    fit = fit_linear_mixed(
        design_from_arrays(response, design.matrix, names=design.names, groups=design.groups), random=["area"]
    )
    squares, residual, *_ = np.linalg.lstsq(design.matrix, response, rcond=None)
    assert fit.status == "zero variance" and fit.is_usable
    assert fit.variances["area"] == 0.0
    assert "area" in fit.message
    np.testing.assert_allclose(fit.coefficients, squares)
    assert fit.variances["Residual"] == pytest.approx(residual[0] / (ROWS - 2))
    assert satterthwaite_df(fit, "x") == pytest.approx(ROWS - 2)


def test_a_small_variance_is_found_though_zero_is_stationary_too() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(40), 50)
    noise = rng.normal(size=2000)
    noise -= (np.bincount(group, noise) / 50)[group]
    means = rng.normal(size=40)
    means = (means - means.mean()) / means.std(ddof=1) * np.sqrt(1.2 / 50)
    response = noise / np.sqrt((noise**2).sum() / 1960) + means[group]
    fit = fit_linear_mixed(design_from_arrays(response, np.ones(2000), groups={"group": group}), random=["group"])
    assert fit.status == "ok"
    assert fit.variances["group"] == pytest.approx(0.2 / 50, rel=1e-5)


def test_perfectly_correlated_effects_are_said(design: Design) -> None:
    rng = np.random.default_rng(4)
    school = design.groups["school"]
    effect = rng.normal(size=24)[school]
    response = effect * (1 + 0.8 * design.column("x")) + 0.05 * rng.normal(size=ROWS)
    fit = fit_linear_mixed(
        design_from_arrays(response, design.matrix, names=design.names, groups=design.groups),
        random=[("1+x", "school")],
    )
    covariance = fit.covariances["school"]
    correlation = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert (fit.status == "zero variance") == (correlation > 1 - 1e-6)
    assert correlation > 0.99


def test_each_thing_that_cannot_be_estimated_is_said(design: Design) -> None:
    def fit(response: np.ndarray, matrix: np.ndarray = design.matrix, **groups: np.ndarray) -> LinearMixedFit:
        named = {**design.groups, **groups}
        built = design_from_arrays(response, matrix, groups=named)
        return fit_linear_mixed(built, random=list(groups) or ["school"])

    said = {
        "one level": fit(design.response, single=np.zeros(ROWS)),
        "as many effects as there are rows": fit(design.response, row=np.arange(ROWS)),
        "same grouping": fit(design.response, left=design.groups["school"], right=-design.groups["school"]),
        "Linear combinations of other columns: x3": fit(
            design.response, np.column_stack([design.matrix, design.matrix.sum(axis=1)])
        ),
        "reproduce the response exactly": fit(design.matrix @ [1.0, 2.0]),
        "does not vary within levels of school": fit(design.groups["school"].astype(float), np.ones(ROWS)),
    }
    for sentence, result in said.items():
        assert sentence in result.message
        assert result.status == "not estimable" and not result.is_usable
        assert np.isnan(result.coefficients).all() and np.isnan(result.log_likelihood)
        assert np.isnan(satterthwaite_df(result, np.ones(len(result.names))))
    assert fit(np.zeros(ROWS)).status == "all zero"
    few = design.subset(np.arange(2))
    assert fit_linear_mixed(few, random=["school"]).status == "not estimable"


def test_a_factor_that_the_columns_determine_cannot_be_random_too(design: Design) -> None:
    area = design.groups["area"]
    columns = (area[:, None] == np.unique(area)).astype(float)
    built = design_from_arrays(design.response, columns, groups=design.groups)
    fit = fit_linear_mixed(built, random=["area"])
    assert fit.status == "not estimable" and "area" in fit.message
    assert fit_linear_mixed(built, random=["school"]).is_usable


def test_effects_that_the_data_cannot_tell_apart_are_said(design: Design) -> None:
    arm = (design.groups["school"] % 2).astype(float)
    columns = np.column_stack([np.ones(ROWS), arm])
    rng = np.random.default_rng(31)
    response = rng.normal(size=24)[design.groups["school"]] * (1 + 2 * arm) + rng.normal(size=ROWS)
    built = design_from_arrays(response, columns, names=["(Intercept)", "arm"], groups=design.groups)
    confounded = fit_linear_mixed(built, random=[("1+arm", "school")])
    distinct = fit_linear_mixed(built, random=["school", ("arm", "school")])
    assert confounded.log_likelihood == pytest.approx(distinct.log_likelihood, abs=1e-6)
    assert "as likely" in confounded.message
    assert "as likely" not in distinct.message


@pytest.mark.parametrize("ratio", [1e-3, 1.0, 1e4])
def test_variances_of_any_proportion_are_found(ratio: float) -> None:
    rng = np.random.default_rng(6)
    group = np.repeat(np.arange(10), 6)
    response = ratio * rng.normal(size=10)[group] + rng.normal(size=60)
    fit = fit_linear_mixed(design_from_arrays(response, np.ones(60), groups={"group": group}), random=["group"])
    means = response.reshape(10, 6).mean(axis=1)
    within = response.reshape(10, 6).var(axis=1, ddof=1).mean()
    assert fit.variances["group"] == pytest.approx(max(means.var(ddof=1) - within / 6, 0.0), rel=1e-5)


def test_an_arm_of_one_school_is_said(design: Design) -> None:
    matrix = np.column_stack([np.ones(ROWS), design.groups["school"] == 3])
    lonely = design_from_arrays(design.response, matrix, names=["(Intercept)", "arm"], groups=design.groups)
    fit = fit_linear_mixed(lonely, random=["school"])
    assert fit.status == "single-school arm" and "school" in fit.message
    assert np.isnan(fit.coefficients).all()


def test_wrong_terms_are_refused_by_name(design: Design) -> None:
    with pytest.raises(KeyError, match="no grouping factor 'town'"):
        fit_linear_mixed(design, random=["town"])
    with pytest.raises(KeyError, match="no column 'z'"):
        fit_linear_mixed(design, random=[("1+z", "school")])
    with pytest.raises(ValueError, match="given twice"):
        fit_linear_mixed(design, random=["school", ("1+x", "school")])
    with pytest.raises(ValueError, match="at least one random term"):
        fit_linear_mixed(design, random=[])
    with pytest.raises(ValueError, match="one weight a coefficient"):
        satterthwaite_df(fit_linear_mixed(design, random=["school"]), np.ones(3))


def test_which_clusters_share_no_effect(design: Design) -> None:
    fit = fit_linear_mixed(design, random=["school"])
    assert fit.is_independent_between(design.groups["area"])
    assert not fit.is_independent_between(design.groups["year"])
    rows = design.groups["area"] == 1
    whole = fit.working_covariance(np.arange(ROWS))
    np.testing.assert_allclose(fit.working_covariance(rows), whole[np.ix_(rows, rows)])
    assert not whole[np.ix_(rows, ~rows)].any()
