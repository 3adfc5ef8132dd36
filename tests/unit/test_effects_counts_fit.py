"""Fits of count models against closed forms, and their indifference to coding, order of factors and way of asking."""

from __future__ import annotations

import numpy as np
import pytest
from invented_trials import invented_trial

from swis.effects.counts import fit_count_model, method_label, refit_coefficient, score_contributions
from swis.effects.counts.families import FamilyName
from swis.effects.design import Design, design_from_arrays, design_from_formula
from swis.effects.fit import Fit
from swis.errors import InputError

GROUPS = ("la", "school")
RANDOM: tuple[tuple[str, ...], ...] = ((), ("la",), ("la", "school"))


def counts(formula: str = "arm + covariate", **options: int) -> Design:
    return design_from_formula(
        f"count ~ {formula}", invented_trial(years=2, **options), groups=GROUPS, offset="log(person_time)"
    )


def design_of(family: FamilyName) -> Design:
    if family != "binomial":
        return counts()
    return design_from_formula("successes ~ arm + covariate", invented_trial(years=2), groups=GROUPS, trials="trials")


def same(one: Fit, other: Fit, *, tolerance: float = 1e-6) -> bool:
    close = np.allclose(one.coefficients, other.coefficients, atol=tolerance)
    return close and np.allclose(one.standard_errors, other.standard_errors, rtol=1e-5)


def test_two_arms_of_poisson_counts_give_the_log_rate_ratio_and_its_error() -> None:
    time, count = np.array([100.0, 150.0, 120.0, 90.0]), np.array([4.0, 9.0, 10.0, 6.0])
    arm = np.array([0.0, 0.0, 1.0, 1.0])
    design = design_from_arrays(
        count, np.column_stack([np.ones(4), arm]), names=["(Intercept)", "arm"], offset=np.log(time)
    )
    fit = fit_count_model(design, family="poisson")
    assert fit.coefficient("arm") == pytest.approx(np.log((16 / 210) / (13 / 250)))
    assert fit.standard_error("arm") == pytest.approx(np.sqrt(1 / 16 + 1 / 13))
    assert fit.method == "Poisson GLM"
    assert fit.status == "ok"


def test_two_arms_of_a_binomial_give_the_log_odds_ratio_and_its_error() -> None:
    trials, success = np.array([20.0, 30.0, 25.0, 15.0]), np.array([5.0, 9.0, 10.0, 8.0])
    arm = np.array([0.0, 0.0, 1.0, 1.0])
    design = design_from_arrays(
        success, np.column_stack([np.ones(4), arm]), names=["(Intercept)", "arm"], trials=trials
    )
    fit = fit_count_model(design, family="binomial")
    assert fit.coefficient("arm") == pytest.approx(np.log((18 / 22) / (14 / 36)))
    assert fit.standard_error("arm") == pytest.approx(np.sqrt(1 / 18 + 1 / 22 + 1 / 14 + 1 / 36))
    assert fit.fitted.sum() == pytest.approx(32.0)


def test_negative_binomial_sets_its_scores_to_zero() -> None:
    design = counts("arm + covariate + C(la)")
    fit = fit_count_model(design, family="negative binomial")
    assert fit.dispersion is not None
    residual = (design.response - fit.fitted) / (1.0 + fit.fitted / fit.dispersion)
    assert design.matrix.T @ residual == pytest.approx(np.zeros(len(design.names)), abs=1e-6)
    assert score_contributions(design, fit) == pytest.approx(residual, abs=1e-6)


@pytest.mark.parametrize("family", ["poisson", "negative binomial", "binomial"])
@pytest.mark.parametrize("random", RANDOM)
def test_scores_of_every_column_vanish_at_the_maximum(family: FamilyName, random: tuple[str, ...]) -> None:
    design = design_of(family)
    fit = fit_count_model(design, family=family, random=random)
    assert fit.is_usable
    scores = design.matrix.T @ score_contributions(design, fit)
    assert scores * fit.standard_errors == pytest.approx(np.zeros(3), abs=1e-4)


@pytest.mark.parametrize("family", ["poisson", "negative binomial", "binomial"])
@pytest.mark.parametrize("random", RANDOM)
def test_no_other_coefficients_have_a_higher_likelihood(family: FamilyName, random: tuple[str, ...]) -> None:
    design = design_of(family)
    fit = fit_count_model(design, family=family, random=random)
    shifted = design_from_arrays(
        design.response,
        design.matrix[:, [0, 2]],
        names=["(Intercept)", "covariate"],
        groups=design.groups,
        offset=design.offset + design.column("arm") * (fit.coefficient("arm") + fit.standard_error("arm")),
        trials=design.trials,
    )
    held = fit_count_model(shifted, family=family, random=random)
    # One standard error away the profile log-likelihood is lower by about a half.
    assert fit.log_likelihood - held.log_likelihood == pytest.approx(0.5, abs=0.05)


def test_order_of_factors_and_coding_of_groups_change_nothing() -> None:
    design = counts()
    fit = fit_count_model(design, family="negative binomial", random=("la", "school"))
    rng = np.random.default_rng(3)
    codes = {name: rng.permutation(1000)[values] for name, values in design.groups.items()}
    named = {name: [f"group {code}" for code in values] for name, values in codes.items()}
    other = design_from_arrays(design.response, design.matrix, names=design.names, groups=named, offset=design.offset)
    again = fit_count_model(other, family="negative binomial", random=("school", "la"))
    assert same(fit, again)
    assert again.variances == pytest.approx(dict(fit.variances), rel=1e-5)
    assert again.fitted == pytest.approx(fit.fitted, rel=1e-5)


def test_quadrature_with_one_point_is_laplace_and_more_points_settle() -> None:
    design = design_of("binomial")
    fits = {
        points: fit_count_model(design, family="binomial", random=("school",), quadrature_points=points)
        for points in (1, 9, 15, 25)
    }
    assert [fit.method for fit in fits.values()] == [
        "Binomial Laplace",
        "Binomial AGQ 9",
        "Binomial AGQ 15",
        "Binomial AGQ 25",
    ]
    assert same(fits[15], fits[25])
    assert not same(fits[1], fits[25])


def test_an_inner_variance_of_zero_leaves_laplace_of_one_factor() -> None:
    trial = invented_trial(seed=4, spread=0.0, theta=1e9, years=3)
    rng = np.random.default_rng(4)
    level = rng.normal(0.0, 0.5, 8)[trial["la"]]
    trial["count"] = np.round(trial["person_time"] * np.exp(-4.6 + level))
    design = design_from_formula("count ~ arm", trial, groups=GROUPS, offset="log(person_time)")
    nested = fit_count_model(design, family="poisson", random=("la", "school"))
    alone = fit_count_model(design, family="poisson", random=("la",), quadrature_points=1)
    assert nested.status == "zero variance"
    assert nested.variances["school"] == 0.0
    assert same(nested, alone, tolerance=1e-9)
    assert "variance of school is estimated at zero" in nested.message


@pytest.mark.parametrize("random", RANDOM)
def test_a_refit_gives_the_coefficient_of_a_fresh_fit(random: tuple[str, ...]) -> None:
    design = counts()
    fit = fit_count_model(design, family="negative binomial", random=random)
    moved = design.subset(np.arange(design.observations) % 7 != 0)
    fresh = fit_count_model(moved, family="negative binomial", random=random)
    assert refit_coefficient(moved, fit) == pytest.approx(fresh.coefficient("arm"), abs=1e-5)


def test_a_refit_of_an_arm_of_zeros_is_nan() -> None:
    design = counts()
    fit = fit_count_model(design, family="negative binomial")
    zeros = design_from_arrays(
        design.response * (1.0 - design.column("arm")), design.matrix, names=design.names, offset=design.offset
    )
    assert np.isnan(refit_coefficient(zeros, fit))


def test_very_large_counts_are_fitted_as_surely_as_small_ones() -> None:
    """Terms of the likelihood are so large that their rounding hides the last step to its maximum."""
    for seed in range(5, 10):
        rng = np.random.default_rng(seed)
        arm, authority = np.tile([0.0, 1.0], 140), np.repeat(np.arange(20), 14)
        years = rng.uniform(800, 3000, 280)
        mean = 100 * years * np.exp(0.9 - 0.05 * arm + rng.normal(0, 0.4, 20)[authority])
        days = rng.negative_binomial(5, 5 / (5 + mean))
        dummies = (authority[:, None] == np.arange(1, 20)).astype(float)
        columns = np.column_stack([np.ones(280), arm, dummies])
        names = ["(Intercept)", "arm", *(f"C(authority)[T.{place}]" for place in range(1, 20))]
        fit = fit_count_model(
            design_from_arrays(days, columns, names=names, offset=np.log(years)), family="negative binomial"
        )
        assert fit.status == "ok", seed
        # theta is near the 5 put in: its error is some 8 % with 280 rows, and 20 fitted levels raise it a little.
        assert 3.5 < fit.dispersion < 8


def test_methods_are_named() -> None:
    assert method_label("negative binomial", (), 25) == "NB2 GLM"
    assert method_label("poisson", ("la",), 25) == "Poisson AGQ 25"
    assert method_label("negative binomial", ("la", "school"), 25) == "NB2 Laplace"


def test_input_that_no_model_could_use_is_refused_all_at_once() -> None:
    design = design_from_arrays([1.0, -2.0, 3.0], np.ones((3, 1)), groups={"g": [1, 2, 3]})
    with pytest.raises(InputError) as caught:
        fit_count_model(design, family="gamma", random=("region", "g", "h"), quadrature_points=0)  # type: ignore[arg-type]
    met = " ".join(problem.where for problem in caught.value.problems)
    for part in ("family gamma", "random effect region", "3 random effects", "quadrature points", "the response"):
        assert part in met


def test_more_successes_than_trials_are_refused() -> None:
    design = design_from_arrays([1.0, 2.0], np.ones((2, 1)))
    with pytest.raises(InputError, match="no more successes than trials"):
        fit_count_model(design, family="binomial")
