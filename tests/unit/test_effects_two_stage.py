"""Least squares and two-stage least squares: numbers by hand, first stages that are weak, absent or perfect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from swis.effects.cluster_robust import cluster_robust
from swis.effects.design import Design, design_from_arrays
from swis.effects.least_squares import fit_least_squares
from swis.effects.two_stage import first_stage_f_robust, fit_two_stage
from swis.errors import InputError


def offered(seed: int, taken: float = 0.7, schools: int = 40, pupils: int = 30) -> tuple[Design, np.ndarray]:
    """Pupils in schools; the arm is offered to half the schools and taken by a share of the pupils offered."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), pupils)
    arm = (school % 2).astype(float)
    ability = rng.normal(size=school.size)
    received = arm * (rng.random(school.size) < taken + 0.2 * (ability > 0)).astype(float)
    response = 2.0 * received + ability + rng.normal(scale=0.5, size=schools)[school] + rng.normal(size=school.size)
    matrix = np.column_stack([np.ones(school.size), received])
    return design_from_arrays(response, matrix, names=["(Intercept)", "received"], groups={"school": school}), arm


def test_least_squares_agrees_with_the_normal_equations() -> None:
    rng = np.random.default_rng(1)
    matrix = np.column_stack([np.ones(30), rng.normal(size=(30, 2))])
    response, weights = rng.normal(size=30), rng.uniform(1, 3, 30)
    design = design_from_arrays(response, matrix)
    for given in (None, weights):
        fit = fit_least_squares(design, given)
        w = np.ones(30) if given is None else given
        bread = np.linalg.inv(matrix.T @ (w[:, None] * matrix))
        beta = bread @ matrix.T @ (w * response)
        squares = float(w @ (response - matrix @ beta) ** 2)
        np.testing.assert_allclose(fit.coefficients, beta, rtol=1e-10)
        np.testing.assert_allclose(fit.covariance, squares / 27 * bread, rtol=1e-10)
        assert fit.variances["Residual"] == pytest.approx(squares / 27)
        by_row = (
            np.log(w / (squares / 30)) / 2 - np.log(2 * np.pi) / 2 - w * (response - matrix @ beta) ** 2 * 15 / squares
        )
        assert fit.log_likelihood == pytest.approx(by_row.sum())


def test_least_squares_names_a_column_that_adds_nothing() -> None:
    matrix = np.column_stack([np.ones(10), np.arange(10), 2 * np.arange(10) - 1])
    fit = fit_least_squares(design_from_arrays(np.arange(10.0) ** 2, matrix, names=["a", "b", "c"]))
    assert fit.status == "not estimable"
    assert "c adds nothing" in fit.message
    assert np.isnan(fit.coefficients).all()


def test_least_squares_says_when_no_variance_or_no_row_is_left() -> None:
    line = np.column_stack([np.ones(10), np.arange(10)])
    assert fit_least_squares(design_from_arrays(3 + 2 * np.arange(10.0), line)).status == "zero variance"
    assert fit_least_squares(design_from_arrays(np.full(10, 5.0), line)).status == "zero variance"
    assert fit_least_squares(design_from_arrays([1.0, 2.0], line[:2])).status == "not estimable"
    with pytest.raises(InputError, match="weights"):
        fit_least_squares(design_from_arrays(np.arange(10.0), line), np.zeros(10))


def test_one_instrument_gives_the_ratio_of_two_intention_to_treat_effects() -> None:
    design, arm = offered(2)
    fit = fit_two_stage(design, "received", arm)
    outcome = design.response[arm == 1].mean() - design.response[arm == 0].mean()
    receipt = design.column("received")[arm == 1].mean()
    assert fit.coefficient("received") == pytest.approx(outcome / receipt, rel=1e-12)
    assert fit.compliance["received"] == pytest.approx(receipt, rel=1e-12)
    assert fit.first_stage_df == (1, design.observations - 2)
    assert not fit.is_weak


def test_receipt_that_is_chosen_biases_least_squares_and_not_the_two_stages() -> None:
    estimates = [
        (fit_two_stage(d, "received", arm).coefficient("received"), fit_least_squares(d).coefficient("received"))
        for d, arm in (offered(seed) for seed in range(40))
    ]
    two_stage, plain = np.array(estimates).T
    assert abs(two_stage.mean() - 2.0) < 3 * two_stage.std() / 40**0.5
    assert plain.mean() - 2.0 > 6 * plain.std() / 40**0.5


def test_the_first_stage_is_tested_with_clusters() -> None:
    design, arm = offered(3)
    robust = first_stage_f_robust(design, "received", arm, "school")
    stage = design_from_arrays(
        design.column("received"), np.column_stack([np.ones(arm.size), arm]), groups=design.groups
    )
    by_hand = cluster_robust(fit_least_squares(stage), stage, "school")
    assert robust == pytest.approx((by_hand.coefficients[1] / by_hand.standard_errors[1]) ** 2)
    fit = fit_two_stage(design, "received", arm)
    plain = fit_least_squares(stage)
    assert fit.first_stage_f["received"] == pytest.approx((plain.coefficients[1] / plain.standard_errors[1]) ** 2)


def test_nobody_complied_is_no_estimate() -> None:
    design, arm = offered(4)
    none = design_from_arrays(
        design.response, design.matrix * np.array([1.0, 0.0]), names=design.names, groups=design.groups
    )
    fit = fit_two_stage(none, "received", arm)
    assert fit.status == "not estimable"
    assert "no one complied" in fit.message
    assert np.isnan(cluster_robust(fit, none, "school").standard_errors).all()


def test_an_instrument_that_moves_nothing_is_no_estimate() -> None:
    design, _ = offered(5)
    for still in (np.ones(design.observations), np.zeros(design.observations)):
        fit = fit_two_stage(design, "received", still)
        assert fit.status == "not estimable"
        assert "does not move received" in fit.message


def test_all_complied_is_least_squares_and_says_so() -> None:
    design, arm = offered(6)
    full = design_from_arrays(
        design.response, np.column_stack([np.ones(arm.size), arm]), names=design.names, groups=design.groups
    )
    fit = fit_two_stage(full, "received", arm)
    assert fit.is_usable
    assert "all complied" in fit.message
    np.testing.assert_allclose(fit.coefficients, fit_least_squares(full).coefficients, rtol=1e-12)
    assert fit.first_stage_f["received"] == np.inf


def test_a_weak_first_stage_is_named() -> None:
    design, arm = offered(7)
    noise = np.random.default_rng(700).normal(size=arm.size)
    fit = fit_two_stage(design, "received", noise)
    assert fit.is_usable
    assert fit.is_weak
    assert "weak first stage for received" in fit.message


def test_fewer_instruments_than_endogenous_columns_is_no_estimate() -> None:
    design, arm = offered(8)
    more = design_from_arrays(
        design.response,
        np.column_stack([design.matrix, np.random.default_rng(1).normal(size=arm.size) + arm]),
        names=["(Intercept)", "received", "sessions"],
        groups=design.groups,
    )
    fit = fit_two_stage(more, ["received", "sessions"], arm)
    assert (fit.status, "fewer instruments" in fit.message) == ("not estimable", True)
    with pytest.raises(InputError, match="tablets"):
        fit_two_stage(design, "tablets", arm)
    with pytest.raises(InputError, match="finite"):
        fit_two_stage(design, "received", arm[:-1])


def test_two_instruments_agree_with_the_matrix_formula() -> None:
    design, arm = offered(9)
    other = np.random.default_rng(2).normal(size=arm.size) + design.column("received")
    z = np.column_stack([np.ones(arm.size), arm, other])
    hat = z @ np.linalg.lstsq(z, design.matrix, rcond=None)[0]
    beta = np.linalg.solve(hat.T @ hat, hat.T @ design.response)
    fit = fit_two_stage(design, "received", np.column_stack([arm, other]))
    np.testing.assert_allclose(fit.coefficients, beta, rtol=1e-10)
    spread = float(((design.response - design.matrix @ beta) ** 2).sum()) / (arm.size - 2)
    np.testing.assert_allclose(fit.covariance, spread * np.linalg.inv(hat.T @ hat), rtol=1e-9)


def test_a_side_of_one_school_is_no_estimate() -> None:
    school = np.repeat(np.arange(6), 5)
    lone, response = (school == 3).astype(float), np.random.default_rng(3).normal(size=30)
    matrix = np.column_stack([np.ones(30), lone])
    of_arm = design_from_arrays(response, matrix, names=["(Intercept)", "arm"], groups={"school": school})
    plain = fit_least_squares(of_arm)
    received = replace(of_arm, names=("(Intercept)", "received"))
    staged = fit_two_stage(received, "received", lone)
    for fit in (plain, staged):
        assert fit.status == "single-school arm"
        assert np.isnan(fit.coefficients).all()
    assert fit_two_stage(replace(received, groups={}), "received", lone).is_usable, "thirty rows may be thirty schools"


def test_two_stages_say_when_no_variance_is_left() -> None:
    design, arm = offered(4)
    fit = fit_two_stage(replace(design, response=np.full(design.observations, 5.0)), "received", arm)
    assert fit.status == "zero variance"
