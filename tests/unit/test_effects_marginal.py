"""Generalised estimating equations: both covariances, what clusters can carry, and nothing said by warnings."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_estimating_equations import GEE

from swis.effects.design import Design, design_from_arrays
from swis.effects.least_squares import fit_least_squares
from swis.effects.marginal import fit_marginal
from swis.errors import InputError

CLUSTERS = 24


@pytest.fixture(scope="module")
def design() -> Design:
    rng = np.random.default_rng(99)
    cluster = np.repeat(np.arange(CLUSTERS), rng.integers(3, 12, CLUSTERS))
    arm, size = (cluster % 2).astype(float), rng.uniform(200, 1500, cluster.size)
    mean = size * np.exp(-5 + 0.2 * arm + 0.4 * rng.normal(size=CLUSTERS)[cluster])
    columns = np.column_stack([np.ones(cluster.size), arm, rng.normal(size=cluster.size) * 1000])
    names = ["(Intercept)", "arm", "covariate"]
    groups = {"school": rng.permutation(CLUSTERS)[cluster] * 7}
    return design_from_arrays(rng.poisson(mean), columns, names=names, groups=groups, offset=np.log(size))


def test_bias_reduced_covariance_is_that_of_statsmodels(design: Design) -> None:
    fit = fit_marginal(design, family="poisson", group="school")
    model = GEE(
        design.response,
        design.matrix,
        groups=design.groups["school"],
        family=Poisson(),
        cov_struct=Exchangeable(),
        offset=design.offset,
    )
    whole = model.fit(cov_type="bias_reduced", maxiter=200, ddof_scale=0)
    np.testing.assert_allclose(fit.coefficients, whole.params, rtol=1e-6)
    np.testing.assert_allclose(fit.covariance, whole.cov_robust, rtol=1e-5)
    np.testing.assert_allclose(fit.bias_reduced_covariance, whole.cov_robust_bc, rtol=1e-5)
    assert fit.bias_reduced_error("arm") > fit.standard_error("arm")
    assert fit.clusters == CLUSTERS and 0 < fit.correlation < 1
    assert fit.method == "Poisson GEE exchangeable"


def test_gaussian_independence_is_least_squares(design: Design) -> None:
    fit = fit_marginal(design, family="gaussian", group="school", working="independence")
    squares = fit_least_squares(design)
    np.testing.assert_allclose(fit.coefficients, squares.coefficients, rtol=1e-9)
    assert fit.correlation == 0.0


def test_clusters_of_one_row_are_independent_and_say_no_warning(design: Design) -> None:
    single = design_from_arrays(
        design.response, design.matrix, names=design.names, groups={"row": np.arange(design.observations)}
    )
    exchangeable = fit_marginal(single, family="poisson", group="row")
    independent = fit_marginal(single, family="poisson", group="row", working="independence")
    np.testing.assert_array_equal(exchangeable.covariance, independent.covariance)


def test_order_of_rows_does_not_matter(design: Design) -> None:
    order = np.random.default_rng(1).permutation(design.observations)
    here = fit_marginal(design, family="poisson", group="school")
    there = fit_marginal(design.subset(order), family="poisson", group="school")
    np.testing.assert_allclose(here.coefficients, there.coefficients, rtol=1e-8)
    np.testing.assert_allclose(here.bias_reduced_covariance, there.bias_reduced_covariance, rtol=1e-6)


def test_binomial_rows_are_trials_and_separation_is_said(design: Design) -> None:
    above = (design.response > np.median(design.response)).astype(float)
    binary = design_from_arrays(above, design.matrix[:, :2], names=["(Intercept)", "arm"], groups=design.groups)
    assert fit_marginal(binary, family="binomial", group="school").status == "ok"
    perfect = design_from_arrays(binary.column("arm"), binary.matrix, names=binary.names, groups=design.groups)
    assert fit_marginal(perfect, family="binomial", group="school").status == "separation"
    one_sided = np.where(binary.column("arm") == 1, 0.0, above)
    empty_arm = design_from_arrays(one_sided, binary.matrix, names=binary.names, groups=design.groups)
    for family in ("binomial", "poisson"):
        fit = fit_marginal(empty_arm, family=family, group="school")  # type: ignore[arg-type]
        assert fit.status == "separation"
        assert np.isnan(fit.coefficients).all() and np.isnan(fit.bias_reduced_covariance).all()


def test_each_thing_that_cannot_be_estimated_is_said(design: Design) -> None:
    def status(response: np.ndarray, **groups: np.ndarray) -> str:
        built = design_from_arrays(response, design.matrix, names=design.names, groups=groups or design.groups)
        return fit_marginal(built, family="poisson", group=next(iter(groups), "school")).status

    rows = np.arange(design.observations)
    assert status(np.zeros(rows.size)) == "all zero"
    assert status(design.response, three=rows % 3) == "not estimable"
    lonely = design_from_arrays(
        design.response,
        np.column_stack([np.ones(rows.size), design.groups["school"] == 0]),
        names=["(Intercept)", "arm"],
        groups=design.groups,
    )
    assert fit_marginal(lonely, family="poisson", group="school").status == "single-school arm"
    alone = design_from_arrays(lonely.response, lonely.matrix, names=["(Intercept)", "town"], groups=design.groups)
    fit = fit_marginal(alone, family="poisson", group="school")
    assert fit.is_usable and np.isnan(fit.bias_reduced_covariance).all()
    assert "alone determines" in fit.message


def test_rows_of_a_cluster_less_alike_than_any_correlation_allows_are_said_so() -> None:
    rng = np.random.default_rng(3)
    # Pairs that differ much more than by chance, beside a cluster of four, where alpha may not be below -1/3.
    response = np.concatenate([np.tile([40, 60], 12) + rng.integers(-4, 5, 24), rng.poisson(50, 4)])
    cluster = np.concatenate([np.repeat(np.arange(12), 2), np.full(4, 12)])
    columns = np.column_stack([np.ones(cluster.size), cluster % 2])
    built = design_from_arrays(response, columns, names=["(Intercept)", "arm"], groups={"school": cluster})
    fit = fit_marginal(built, family="poisson", group="school")
    assert fit.status == "not converged"
    assert "lower than any correlation" in fit.message
    assert fit_marginal(built, family="poisson", group="school", working="independence").is_usable


def test_wrong_requests_are_refused_all_at_once(design: Design) -> None:
    with pytest.raises(InputError) as refused:
        fit_marginal(design, family="gamma", group="town", working="banded")  # type: ignore[arg-type]
    assert len(refused.value.problems) == 3
    with pytest.raises(InputError, match="one row a trial"):
        fit_marginal(design, family="binomial", group="school")
