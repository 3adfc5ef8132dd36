"""What count models say when they cannot, or may not, give a number: never silence, never a made-up estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from invented_trials import invented_trial

from swis.effects.counts import fit_count_model, score_contributions
from swis.effects.counts.families import FamilyName
from swis.effects.design import Design, design_from_formula
from swis.effects.fit import Fit

COUNT_FAMILIES: tuple[FamilyName, ...] = ("poisson", "negative binomial")
RANDOM: tuple[tuple[str, ...], ...] = ((), ("la",))


def counts(trial: pd.DataFrame, formula: str = "arm + covariate", *groups: str) -> Design:
    return design_from_formula(f"count ~ {formula}", trial, groups=groups or ("la",), offset="log(person_time)")


def shares(trial: pd.DataFrame, formula: str = "arm + covariate") -> Design:
    return design_from_formula(f"successes ~ {formula}", trial, groups=("la", "school"), trials="trials")


def assert_no_number(fit: Fit, status: str, part: str) -> None:
    assert fit.status == status
    assert part in fit.message
    assert not fit.is_usable
    assert np.isnan(fit.coefficients).all()
    assert np.isnan(fit.covariance).all()
    assert np.isnan(fit.log_likelihood)


@pytest.mark.parametrize("family", COUNT_FAMILIES)
@pytest.mark.parametrize("random", RANDOM)
def test_counts_of_zero_everywhere_are_all_zero(family: FamilyName, random: tuple[str, ...]) -> None:
    fit = fit_count_model(counts(invented_trial().assign(count=0.0)), family=family, random=random)
    assert_no_number(fit, "all zero", "every count is zero")


@pytest.mark.parametrize("family", COUNT_FAMILIES)
@pytest.mark.parametrize("random", RANDOM)
def test_an_arm_of_zeros_is_separation(family: FamilyName, random: tuple[str, ...]) -> None:
    trial = invented_trial()
    fit = fit_count_model(counts(trial.assign(count=trial["count"] * trial["arm"])), family=family, random=random)
    assert_no_number(fit, "separation", "arm")


@pytest.mark.parametrize("family", COUNT_FAMILIES)
@pytest.mark.parametrize("stratum", [0, 3])
def test_a_stratum_of_zeros_is_left_out_and_said(family: FamilyName, stratum: int) -> None:
    trial = invented_trial()
    zeros = trial.assign(count=trial["count"].where(trial["la"] != stratum, 0.0))
    design = counts(zeros, "arm + covariate + C(la)")
    fit = fit_count_model(design, family=family)
    without = fit_count_model(counts(zeros[zeros["la"] != stratum], "arm + covariate + C(la)"), family=family)
    assert fit.status == "ok"
    assert "10 rows" in fit.message
    assert "no finite estimate" in fit.message
    for name in ("arm", "covariate"):
        assert fit.coefficient(name) == pytest.approx(without.coefficient(name), abs=1e-7)
        assert fit.standard_error(name) == pytest.approx(without.standard_error(name), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(without.log_likelihood)
    assert (fit.fitted[zeros["la"] == stratum] == 0.0).all()
    lost = "(Intercept)" if stratum == 0 else "C(la)[T.3]"
    assert np.isnan(fit.coefficient(lost))
    assert np.isnan(fit.standard_error(lost))
    assert (score_contributions(design, fit)[zeros["la"] == stratum] == 0.0).all()


def test_a_stratum_of_zeros_beside_a_random_school_is_left_out_too() -> None:
    trial = invented_trial(years=3)
    zeros = trial.assign(count=trial["count"].where(trial["la"] != 3, 0.0))
    groups = ("school",)
    fit = fit_count_model(counts(zeros, "arm + C(la)", *groups), family="poisson", random=groups)
    without = fit_count_model(counts(zeros[zeros["la"] != 3], "arm + C(la)", *groups), family="poisson", random=groups)
    assert fit.is_usable
    assert fit.coefficient("arm") == pytest.approx(without.coefficient("arm"), abs=1e-6)
    assert fit.variances["school"] == pytest.approx(without.variances["school"], rel=1e-5)


def test_strata_named_by_the_caller_may_be_lost_and_others_may_not() -> None:
    trial = invented_trial()
    zeros = trial.assign(count=trial["count"].where(trial["la"] != 3, 0.0), third=(trial["la"] == 3) * 1.0)
    design = counts(zeros, "arm + third")
    assert_no_number(fit_count_model(design, family="poisson"), "separation", "third")
    fit = fit_count_model(design, family="poisson", strata=["third"])
    assert fit.status == "ok"
    assert np.isnan(fit.coefficient("third"))


def test_one_school_in_an_arm_is_said() -> None:
    trial = invented_trial()
    one = trial[(trial["arm"] == 0) | (trial["school"] == trial.loc[trial["arm"] == 1, "school"].min())]
    assert_no_number(fit_count_model(counts(one), family="poisson"), "single-school arm", "arm = 1")


def test_one_school_with_many_rows_is_still_one_school() -> None:
    trial = invented_trial(years=4)
    one = trial[(trial["arm"] == 0) | (trial["school"] == trial.loc[trial["arm"] == 1, "school"].min())]
    fit = fit_count_model(counts(one, "arm", "la", "school"), family="negative binomial", random=("school",))
    assert_no_number(fit, "single-school arm", "group of school")


@pytest.mark.parametrize(
    ("formula", "named"), [("arm + covariate + I(2 * covariate + 1)", "covariate"), ("arm + I(1 - arm)", "arm")]
)
def test_columns_that_cannot_be_told_apart_are_named(formula: str, named: str) -> None:
    assert_no_number(fit_count_model(counts(invented_trial(), formula), family="poisson"), "not estimable", named)


def test_an_arm_with_no_school_is_not_estimable() -> None:
    trial = invented_trial()
    fit = fit_count_model(counts(trial[trial["arm"] == 1]), family="poisson")
    assert_no_number(fit, "not estimable", "arm")


def test_more_columns_than_rows_are_not_estimable() -> None:
    fit = fit_count_model(
        counts(invented_trial().head(5), "arm * covariate + I(covariate**2) + I(covariate**3)"), family="poisson"
    )
    assert_no_number(fit, "not estimable", "cannot be told")


def test_crossed_factors_are_not_nested() -> None:
    trial = invented_trial().assign(region=np.arange(80) % 3)
    fit = fit_count_model(counts(trial, "arm", "la", "region"), family="poisson", random=("la", "region"))
    assert_no_number(fit, "not nested", "cross")


def test_one_group_or_the_same_groups_twice_are_not_estimable() -> None:
    trial = invented_trial().assign(country="England", code=invented_trial()["la"] * 7)
    one = fit_count_model(counts(trial, "arm", "country"), family="poisson", random=("country",))
    assert_no_number(one, "not estimable", "single group")
    twice = fit_count_model(counts(trial, "arm", "la", "code"), family="poisson", random=("la", "code"))
    assert_no_number(twice, "not estimable", "same groups")


@pytest.mark.parametrize("family", COUNT_FAMILIES)
@pytest.mark.parametrize("random", [("la",), ("la", "school")])
def test_counts_alike_in_every_group_have_zero_variance(family: FamilyName, random: tuple[str, ...]) -> None:
    trial = invented_trial(years=2)
    alike = trial.assign(count=np.round(trial["person_time"] / 100.0))
    fit = fit_count_model(counts(alike, "arm + covariate", "la", "school"), family=family, random=random)
    poisson = fit_count_model(counts(alike), family="poisson")
    assert fit.status == "zero variance"
    assert set(fit.variances.values()) == {0.0}
    assert fit.coefficients == pytest.approx(poisson.coefficients, abs=1e-6)
    assert fit.standard_errors == pytest.approx(poisson.standard_errors, rel=1e-5)
    assert "estimated at zero" in fit.message


def test_no_overdispersion_is_the_poisson_limit_and_said() -> None:
    trial = invented_trial()
    alike = counts(trial.assign(count=np.round(trial["person_time"] / 100.0)))
    fit = fit_count_model(alike, family="negative binomial")
    assert fit.status == "zero variance"
    assert fit.dispersion == np.inf
    assert "theta is infinite" in fit.message
    assert fit.log_likelihood == pytest.approx(fit_count_model(alike, family="poisson").log_likelihood)


def test_an_authority_of_zeros_is_no_matter_to_a_random_authority() -> None:
    trial = invented_trial(seed=2, spread=0.5)
    zeros = trial.assign(count=trial["count"].where(trial["la"] != 3, 0.0))
    fit = fit_count_model(counts(zeros), family="negative binomial", random=("la",))
    assert fit.status == "ok"
    assert np.isfinite(fit.coefficients).all()


@pytest.mark.parametrize("random", [(), ("la",), ("la", "school")])
def test_yes_and_no_told_apart_by_a_covariate_are_separation(random: tuple[str, ...]) -> None:
    trial = invented_trial()
    apart = trial.assign(successes=(trial["covariate"] > 0) * 1.0, trials=1.0)
    assert_no_number(fit_count_model(shares(apart), family="binomial", random=random), "separation", "covariate")


def test_quasi_separation_by_the_arm_is_found() -> None:
    trial = invented_trial()
    apart = trial.assign(successes=trial["successes"].where(trial["arm"] == 0, trial["trials"]))
    assert_no_number(fit_count_model(shares(apart), family="binomial", random=("la",)), "separation", "arm")


def test_a_stratum_where_every_trial_succeeds_is_left_out_and_said() -> None:
    trial = invented_trial()
    sure = trial.assign(successes=trial["successes"].where(trial["la"] != 3, trial["trials"]))
    fit = fit_count_model(shares(sure, "arm + covariate + C(la)"), family="binomial")
    without = fit_count_model(shares(sure[sure["la"] != 3], "arm + covariate + C(la)"), family="binomial")
    assert fit.status == "ok"
    assert "10 rows" in fit.message
    assert fit.coefficient("arm") == pytest.approx(without.coefficient("arm"), abs=1e-7)
    assert (fit.fitted[trial["la"] == 3] == trial.loc[trial["la"] == 3, "trials"]).all()


def test_every_trial_a_success_is_separation() -> None:
    trial = invented_trial()
    fit = fit_count_model(shares(trial.assign(successes=trial["trials"])), family="binomial")
    assert_no_number(fit, "separation", "every trial succeeded")


def test_groups_of_only_yes_or_only_no_have_no_finite_variance() -> None:
    trial = invented_trial()
    split = trial.assign(successes=trial["trials"].where(trial["la"] >= 4, 0.0))
    fit = fit_count_model(shares(split), family="binomial", random=("la",))
    assert_no_number(fit, "separation", "variance of la grows without bound")


def test_no_complete_row_is_not_estimable() -> None:
    fit = fit_count_model(counts(invented_trial().assign(count=np.nan)), family="poisson")
    assert_no_number(fit, "not estimable", "no row")


def test_a_search_cut_short_is_not_converged(monkeypatch: pytest.MonkeyPatch) -> None:
    from swis.effects.counts import optimise, solve

    monkeypatch.setattr(optimise, "ITERATIONS", 0)
    monkeypatch.setattr(optimise, "ROUNDS", 0)
    monkeypatch.setattr(solve, "SMALL_DEVIATION", 0.0)
    fit = fit_count_model(counts(invented_trial(spread=0.8), "arm", "la"), family="negative binomial", random=("la",))
    assert_no_number(fit, "not converged", "not found")
