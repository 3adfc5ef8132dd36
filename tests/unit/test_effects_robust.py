"""Cluster-robust variances: the fast computation is the textbook's, whatever the model and however clusters lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dense_cluster_robust import dense_cluster_robust

from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.design import Design, design_from_arrays
from swis.effects.fit import Fit
from swis.effects.least_squares import fit_least_squares
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.working_model import working_model_of
from swis.errors import InputError

KINDS = ["CR0", "CR1", "CR1S", "CR2", "CR3"]


def trial(seed: int = 1, authorities: int = 5, rows: int = 90, fixed_effects: bool = False) -> Design:
    """Schools within authorities, each with one arm, pupils within schools; codes neither ordered nor contiguous."""
    rng = np.random.default_rng(seed)
    school = rng.integers(0, 4 * authorities, rows)
    authority, arm = school % authorities, (school // authorities) % 2
    covariate = rng.normal(size=rows) + 0.3 * authority
    columns = [np.ones(rows), arm, covariate]
    names = ["(Intercept)", "arm", "covariate"]
    if fixed_effects:
        columns += [authority == level for level in range(1, authorities)]
        names += [f"authority {level}" for level in range(1, authorities)]
    response = covariate + rng.normal(size=20)[school % 20] + rng.normal(size=rows)
    groups = {"school": 7 * school[::-1][::-1], "authority": authority, "pupil": np.arange(rows)}
    return design_from_arrays(response, np.column_stack(columns).astype(float), names=names, groups=groups)


def same(result: object, dense: object, positions: slice | list[int] = slice(None)) -> None:
    np.testing.assert_allclose(result.covariance, dense.covariance, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(result.degrees_of_freedom[positions], dense.freedom[positions], rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", ["school", "authority", "pupil"])
def test_least_squares_is_the_textbook(kind: str, group: str) -> None:
    design = trial()
    fit = fit_least_squares(design)
    dense = dense_cluster_robust(design.matrix, design.response - fit.fitted, design.groups[group], kind)
    same(cluster_robust(fit, design, group, kind=kind), dense)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", ["school", "pupil"])
def test_weights_that_are_no_variances_are_the_textbook(kind: str, group: str) -> None:
    design = trial(2)
    weights = np.random.default_rng(3).uniform(0.5, 4.0, design.observations)
    fit = fit_least_squares(design, weights)
    residuals = design.response - fit.fitted
    dense = dense_cluster_robust(design.matrix, residuals, design.groups[group], kind, weight=np.diag(weights))
    same(cluster_robust(fit, design, group, kind=kind), dense)


@pytest.mark.parametrize("kind", ["CR0", "CR2", "CR3"])
@pytest.mark.parametrize("weighted", [False, True])
def test_fixed_effects_of_the_cluster_itself_take_the_generalised_inverse(kind: str, weighted: bool) -> None:
    design = trial(4, fixed_effects=True)
    weights = np.random.default_rng(3).uniform(0.5, 4.0, design.observations) if weighted else None
    fit = fit_least_squares(design, weights)
    result = cluster_robust(fit, design, "authority", kind=kind)
    weight = None if weights is None else np.diag(weights)
    residuals = design.response - fit.fitted
    dense = dense_cluster_robust(design.matrix, residuals, design.groups["authority"], kind, weight=weight)
    np.testing.assert_allclose(result.standard_errors[1:3], np.sqrt(np.diag(dense.covariance))[1:3], rtol=1e-9)
    np.testing.assert_allclose(result.degrees_of_freedom[1:3], dense.freedom[1:3], rtol=1e-8)
    assert np.isnan(result.standard_errors[[0, *range(3, 7)]]).all()
    assert np.isnan(result.covariance[3]).all()
    assert result.statuses[1:3] == ("ok", "ok")
    assert "ok" not in result.statuses[3:]
    assert "authority 1" in result.message


def test_fixed_effects_of_another_factor_leave_every_variance_told() -> None:
    design = trial(5, fixed_effects=True)
    fit = fit_least_squares(design)
    dense = dense_cluster_robust(design.matrix, design.response - fit.fitted, design.groups["school"], "CR2")
    same(cluster_robust(fit, design, "school"), dense)


def counts(seed: int) -> tuple[Design, np.ndarray]:
    design = trial(seed)
    mean = np.exp(0.4 + 0.1 * design.column("covariate"))
    return design, np.random.default_rng(seed).poisson(mean).astype(float)


def converged(design: Design, response: np.ndarray, family: str, theta: float | None = None) -> tuple[Fit, Design]:
    """Coefficients by scoring to the last digit, with a status and the method's name."""
    design = design_from_arrays(response, design.matrix, names=design.names, groups=design.groups)
    beta = np.zeros(design.matrix.shape[1])
    for _ in range(50):
        fit = Fit(design.names, beta, np.eye(beta.size), "ok", "", 0.0, response.size, dispersion=theta, method=family)
        model = working_model_of(fit, design)
        bread = model.matrix.T @ (model.matrix / model.variance[:, None])
        beta = beta + np.linalg.solve(bread, model.matrix.T @ (model.residuals / model.variance))
    return fit, design


@pytest.mark.parametrize("family", ["Poisson GLM", "NB2 GLM", "Binomial GLM", "quasi-Poisson GLM"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_generalised_linear_model_takes_clubsandwichs_root(family: str, kind: str) -> None:
    design, response = counts(6)
    fit, design = converged(design, (response > 0).astype(float) if "Bin" in family else response, family, 3.0)
    model = working_model_of(fit, design)
    for group in ("school", "pupil"):
        dense = dense_cluster_robust(
            model.matrix, model.residuals, design.groups[group], kind, theta=np.diag(model.variance)
        )
        same(cluster_robust(fit, design, group, kind=kind), dense)


def test_the_whitened_root_is_another_solution_of_the_same_equation_and_close() -> None:
    design, response = counts(6)
    fit, design = converged(design, response, "Poisson GLM")
    exact = cluster_robust(fit, design, "authority", root="cholesky")
    fast = cluster_robust(fit, design, "authority", root="whitened")
    assert (exact.root, fast.root) == ("cholesky", "whitened")
    np.testing.assert_allclose(fast.standard_errors, exact.standard_errors, rtol=0.03)
    np.testing.assert_allclose(fast.degrees_of_freedom, exact.degrees_of_freedom, rtol=0.03)
    assert not np.allclose(fast.standard_errors, exact.standard_errors, rtol=1e-9)


def test_binomial_trials_are_the_same_as_their_single_rows() -> None:
    design, _ = counts(8)
    rng = np.random.default_rng(9)
    trials = rng.integers(1, 6, design.observations)
    successes = rng.binomial(trials, 0.4)
    rows = np.repeat(np.arange(design.observations), trials)
    single = np.concatenate([np.repeat([1.0, 0.0], [s, t - s]) for s, t in zip(successes, trials, strict=True)])
    beta = np.array([-0.3, 0.1, 0.05])
    fit = Fit(design.names, beta, np.eye(3), "ok", "", 0.0, rows.size, method="Binomial GLM")
    together = design_from_arrays(successes, design.matrix, names=design.names, groups=design.groups, trials=trials)
    groups = {name: codes[rows] for name, codes in design.groups.items()}
    apart = design_from_arrays(single, design.matrix[rows], names=design.names, groups=groups)
    for kind in ("CR0", "CR3"):
        one = cluster_robust(fit, together, "school", kind=kind)
        other = cluster_robust(fit, apart, "school", kind=kind)
        np.testing.assert_allclose(one.standard_errors, other.standard_errors, rtol=1e-10)
        np.testing.assert_allclose(one.degrees_of_freedom, other.degrees_of_freedom, rtol=1e-10)


def mixed(design: Design, variances: dict[str, float]) -> tuple[Fit, np.ndarray]:
    """A generalised least-squares fit at given variances, and its working covariance (n, n)."""
    theta = variances["Residual"] * np.eye(design.observations)
    for name, variance in variances.items():
        if name != "Residual":
            theta += variance * (design.groups[name][:, None] == design.groups[name][None, :])
    weight = np.linalg.inv(theta)
    bread = np.linalg.inv(design.matrix.T @ weight @ design.matrix)
    beta = bread @ design.matrix.T @ weight @ design.response
    fit = Fit(design.names, beta, bread, "ok", "", 0.0, design.observations, variances=variances, method="LMM REML")
    return fit, theta


@pytest.mark.parametrize("kind", KINDS)
def test_a_linear_mixed_model_takes_its_own_covariance_as_working_one(kind: str) -> None:
    design = trial(10)
    fit, theta = mixed(design, {"school": 0.7, "authority": 0.2, "Residual": 1.3})
    residuals = design.response - design.matrix @ fit.coefficients
    dense = dense_cluster_robust(design.matrix, residuals, design.groups["authority"], kind, theta=theta)
    same(cluster_robust(fit, design, "authority", kind=kind), dense)


def test_a_random_effect_across_clusters_is_refused() -> None:
    design = trial(10)
    fit, _ = mixed(design, {"authority": 0.2, "Residual": 1.3})
    result = cluster_robust(fit, design, "school")
    assert result.status == "not nested"
    assert np.isnan(result.standard_errors).all()


def test_a_mixed_fit_without_variance_is_least_squares() -> None:
    design = trial(11)
    fit, _ = mixed(design, {"school": 0.0, "Residual": 2.0})
    plain = cluster_robust(fit_least_squares(design), design, "school")
    np.testing.assert_allclose(cluster_robust(fit, design, "school").standard_errors, plain.standard_errors, rtol=1e-10)


def test_a_side_of_one_school_has_no_variance_and_says_so() -> None:
    design = trial(12)
    lone = (design.groups["school"] == 3).astype(float)
    matrix = np.column_stack([np.ones(design.observations), lone, design.column("covariate")])
    alone = design_from_arrays(design.response, matrix, names=["(Intercept)", "side", "x"], groups=design.groups)
    result = cluster_robust(fit_least_squares(alone), alone, "school")
    assert np.isnan(result.standard_errors[1])
    assert result.statuses == ("ok", "single-school arm", "ok")


def test_residuals_of_rounding_error_are_no_variance() -> None:
    design = trial(12)
    exact = replace(design, response=7.0 + 0.0 * design.response)
    counts = design_from_arrays(exact.response, design.matrix, names=design.names, groups=design.groups)
    for fit, held in ((fit_least_squares(exact), exact), (fit_count_model(counts, family="poisson"), counts)):
        result = cluster_robust(fit, held, "school")
        assert result.status == "not estimable"
        assert np.isnan(result.standard_errors).all()


def test_one_cluster_and_an_unusable_fit_give_no_number() -> None:
    design = trial(13)
    fit = fit_least_squares(design)
    assert cluster_robust(fit, design, np.zeros(design.observations)).status == "not estimable"
    none = Fit.unusable(design.names, "separation", "said", observations=design.observations, method="Poisson GLM")
    result = cluster_robust(none, design, "school")
    assert (result.status, result.message) == ("separation", "said")
    assert np.isnan(result.degrees_of_freedom).all()


def test_a_fit_without_a_working_model_an_unknown_group_or_kind_is_refused() -> None:
    design = trial(14)
    odd = Fit(design.names, np.zeros(3), np.eye(3), "ok", "", 0.0, 90, method="Poisson AGQ 25")
    with pytest.raises(InputError, match="generalised linear"):
        cluster_robust(odd, design, "school")
    fit = fit_least_squares(design)
    with pytest.raises(InputError, match="village"):
        cluster_robust(fit, design, "village")
    with pytest.raises(InputError, match="CR9"):
        cluster_robust(fit, design, "school", kind="CR9")


def test_interval_and_p_value_use_the_degrees_of_freedom() -> None:
    design = trial(15)
    result = cluster_robust(fit_least_squares(design), design, "authority")
    low, high = result.interval("arm")
    assert high - low > 2 * 1.96 * result.standard_errors[1]
    at_limit = result.coefficients[1] - low
    assert at_limit > 0
    assert 0 < result.p_value("arm") < 1
    assert (result.p_value("arm") < 0.05) == (low > 0 or high < 0)


def test_random_slopes_of_a_fitted_mixed_model_are_part_of_the_working_covariance() -> None:
    design = trial(16, rows=160)
    fit = fit_linear_mixed(design, random=[("1+covariate", "school"), "authority"])
    theta = fit.working_covariance(np.arange(design.observations))
    residuals = design.response - design.matrix @ fit.coefficients
    for kind in ("CR0", "CR2", "CR3"):
        dense = dense_cluster_robust(design.matrix, residuals, design.groups["authority"], kind, theta=theta)
        same(cluster_robust(fit, design, "authority", kind=kind), dense)
