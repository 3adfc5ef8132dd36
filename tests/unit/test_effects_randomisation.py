"""Randomisation test and interval against what can be worked out by other means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from swis.effects.allocations import allocations, every_allocation
from swis.effects.counts import fit_count_model
from swis.effects.design import Design, design_from_arrays
from swis.effects.least_squares import fit_least_squares
from swis.effects.randomisation import randomisation_test
from swis.effects.randomisation_interval import randomisation_interval
from swis.effects.refit import refit_coefficients
from swis.effects.score_statistic import fit_null, score_parts, score_statistics

STRATA = np.repeat(np.arange(4), 8)
ARM = np.tile([1, 0], 16)


def counts(seed: int = 3, *, effect: float = 0.3, size: int = 32) -> Design:
    """Overdispersed counts in four strata with a covariate; the arm is not among the columns."""
    rng = np.random.default_rng(seed)
    strata, covariate = STRATA[:size], rng.normal(size=size)
    offset = np.log(rng.uniform(1000, 3000, size))
    mean = np.exp(offset - 4 + 0.4 * covariate + effect * ARM[:size]) * rng.gamma(8, 1 / 8, size)
    dummies = (strata[:, None] == np.arange(1, strata.max() + 1)).astype(float)
    matrix = np.column_stack([np.ones(size), covariate, dummies])
    names = ("(Intercept)", "z", *(f"C(stratum)[T.{code}]" for code in range(1, strata.max() + 1)))
    return design_from_arrays(rng.poisson(mean), matrix, names=names, offset=offset)


def with_arm(design: Design, arm: np.ndarray) -> Design:
    return replace(design, matrix=np.column_stack([design.matrix, arm]), names=(*design.names, "arm"))


def test_the_score_statistic_of_a_normal_outcome_is_the_t_statistic_in_other_units() -> None:
    design = counts()
    parts = score_parts(design, fit_null(design, "normal"), "normal")
    score = float(score_statistics(parts, ARM[None, :])[0])
    full = fit_least_squares(with_arm(design, ARM))
    t = full.coefficient("arm") / full.standard_error("arm")
    freedom = 32 - design.matrix.shape[1]
    assert score == pytest.approx(t * np.sqrt(freedom / (freedom - 1 + t**2)))


@pytest.mark.parametrize("family", ["poisson", "negative binomial"])
def test_the_score_statistic_is_near_walds_where_the_effect_is_small(family: str) -> None:
    design = counts(effect=0.05)
    score = float(score_statistics(score_parts(design, fit_null(design, family), family), ARM[None, :])[0])
    full = fit_count_model(with_arm(design, ARM), family=family)
    assert score == pytest.approx(full.coefficient("arm") / full.standard_error("arm"), rel=0.05, abs=0.05)


def test_the_score_statistic_is_that_of_the_textbook() -> None:
    design = counts()
    fit = fit_null(design, "negative binomial")
    spread = 1 + fit.fitted / fit.dispersion
    weight, matrix = fit.fitted / spread, design.matrix
    cross = ARM @ (weight[:, None] * matrix)
    variance = (ARM * weight).sum() - cross @ np.linalg.solve(matrix.T @ (weight[:, None] * matrix), cross)
    expected = (ARM * (design.response - fit.fitted) / spread).sum() / np.sqrt(variance)
    parts = score_parts(design, fit, "negative binomial")
    assert score_statistics(parts, ARM[None, :])[0] == pytest.approx(expected)


def test_an_arm_that_the_covariates_determine_has_a_statistic_of_zero() -> None:
    design = with_arm(counts(), ARM)
    parts = score_parts(design, fit_null(design, "poisson"), "poisson")
    assert score_statistics(parts, ARM[None, :])[0] == 0


@pytest.mark.parametrize("family", ["poisson", "negative binomial", "binomial"])
def test_refits_side_by_side_give_the_coefficients_of_single_fits(family: str) -> None:
    design = counts()
    if family == "binomial":
        design = replace(design, trials=design.response + 40, offset=np.zeros(32))
    drawn = allocations(STRATA, ARM, draws=30, rng=np.random.default_rng(4))
    many = refit_coefficients(design, drawn, family=family, start=fit_null(design, family))
    single = [fit_count_model(with_arm(design, row), family=family).coefficient("arm") for row in drawn]
    assert many == pytest.approx(np.array(single), abs=1e-6)


def test_refits_of_counts_without_overdispersion_are_those_of_poisson() -> None:
    rng = np.random.default_rng(8)
    design = design_from_arrays(rng.binomial(60, 0.5, 32), np.ones((32, 1)))
    drawn = allocations(STRATA, ARM, draws=20, rng=rng)
    start = fit_null(design, "negative binomial")
    assert start.status == "zero variance"
    many = refit_coefficients(design, drawn, family="negative binomial", start=start)
    means = [np.log(design.response[row == 1].mean() / design.response[row == 0].mean()) for row in drawn]
    assert many == pytest.approx(np.array(means), abs=1e-7)


def test_a_refit_that_runs_away_is_missing_and_counts_as_extreme() -> None:
    response = np.array([0.0, 0, 0, 0, 5, 7, 9, 6])
    design, arm = design_from_arrays(response, np.ones((8, 1))), np.array([1, 1, 0, 1, 0, 1, 0, 0])
    drawn = np.array([[1, 1, 1, 1, 0, 0, 0, 0], arm])
    coefficients = refit_coefficients(design, drawn, family="poisson", start=fit_null(design, "poisson"))
    assert np.isnan(coefficients[0])
    assert np.isfinite(coefficients[1])
    result = randomisation_test(
        design,
        arm,
        np.zeros(8),
        statistic="refit coefficient",
        family="poisson",
        draws=100,
        rng=np.random.default_rng(1),
    )
    assert result.is_exact
    assert "2 refits did not converge" in result.message


def test_the_exact_p_value_is_that_of_all_allocations_one_by_one() -> None:
    design = counts(size=8)
    arm, strata = ARM[:8], np.zeros(8)
    outcome = fit_least_squares(design)
    rest = design.response - outcome.fitted
    listed = every_allocation(strata, arm).astype(float)
    basis = np.linalg.qr(design.matrix)[0]
    own = listed - (listed @ basis) @ basis.T
    statistic = np.abs(listed @ rest) / np.sqrt((own**2).sum(axis=1))
    made = np.flatnonzero((listed == arm).all(axis=1))[0]
    result = randomisation_test(design, arm, strata, family="normal", draws=70, rng=np.random.default_rng(1))
    assert result.is_exact
    assert result.draws == 70
    assert result.monte_carlo_se == 0
    assert result.p_value == pytest.approx((statistic >= statistic[made] - 1e-9).mean())


def test_fishers_exact_test_comes_out_for_a_single_table() -> None:
    response = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 1.0])
    arm = np.repeat([1, 0], 5)
    design = design_from_arrays(response, np.ones((10, 1)), trials=np.ones(10))
    result = randomisation_test(design, arm, np.zeros(10), family="binomial", draws=300, rng=np.random.default_rng(1))
    assert result.p_value == pytest.approx(stats.fisher_exact([[4, 1], [1, 4]]).pvalue)


def test_the_p_value_of_draws_is_near_the_exact_one_and_says_how_near() -> None:
    design, strata = counts(size=16), STRATA[:16]
    exact = randomisation_test(design, ARM[:16], strata, draws=4900, rng=np.random.default_rng(1))
    drawn = randomisation_test(design, ARM[:16], strata, draws=4000, rng=np.random.default_rng(1))
    assert exact.is_exact
    assert not drawn.is_exact
    assert drawn.monte_carlo_se == pytest.approx(np.sqrt(drawn.p_value * (1 - drawn.p_value) / 4001))
    assert abs(drawn.p_value - exact.p_value) < 4 * drawn.monte_carlo_se


def test_score_and_refitted_coefficient_agree_closely_on_one_outcome() -> None:
    both = [
        randomisation_test(counts(), ARM, STRATA, statistic=name, draws=2000, rng=np.random.default_rng(5))
        for name in ("score", "refit coefficient")
    ]
    assert both[0].p_value == pytest.approx(both[1].p_value, abs=0.04)
    assert [one.statistic_name for one in both] == ["score", "refit coefficient"]


def test_rows_within_units_give_the_test_of_the_units() -> None:
    design = counts()
    halves = replace(
        design,
        response=np.repeat(design.response, 2) / 2,
        matrix=np.repeat(design.matrix, 2, axis=0),
        offset=np.repeat(design.offset, 2) - np.log(2),
    )
    unit = np.repeat(np.arange(32), 2)
    whole = randomisation_test(design, ARM, STRATA, family="poisson", draws=500, rng=np.random.default_rng(1))
    parts = randomisation_test(
        halves, ARM[unit], STRATA[unit], family="poisson", draws=500, rng=np.random.default_rng(1), cluster=unit
    )
    assert parts.p_value == whole.p_value
    assert parts.statistic == pytest.approx(whole.statistic)


def test_a_stratum_of_one_arm_is_said_to_tell_nothing() -> None:
    arm = np.where(STRATA == 2, 1, ARM)
    result = randomisation_test(counts(), arm, STRATA, draws=200, rng=np.random.default_rng(1))
    assert result.status == "ok"
    assert "1 stratum has one arm only" in result.message


def test_without_a_stratum_of_both_arms_there_is_no_test_and_no_interval() -> None:
    arm = (STRATA > 1).astype(int)
    result = randomisation_test(counts(), arm, STRATA, rng=np.random.default_rng(1))
    interval = randomisation_interval(counts(), arm, STRATA, rng=np.random.default_rng(1))
    assert (result.status, interval.status) == ("not estimable", "not estimable")
    assert np.isnan([result.p_value, interval.lower, interval.upper]).all()
    assert "No stratum holds both arms" in result.message


@pytest.mark.parametrize("statistic", ["score", "refit coefficient"])
def test_an_arm_that_is_a_covariate_too_or_an_exact_fit_is_no_test(statistic: str) -> None:
    level = counts()
    exact = replace(level, response=np.full(32, 7.0), offset=np.zeros(32))
    for design, said in ((with_arm(level, ARM), "cannot be told"), (exact, "explain the response fully")):
        rng = np.random.default_rng(1)
        result = randomisation_test(design, ARM, STRATA, statistic=statistic, draws=50, rng=rng)
        interval = randomisation_interval(design, ARM, STRATA, draws=50, rng=rng)
        assert result.status == interval.status == "not estimable"
        assert said in result.message
        assert np.isnan([result.p_value, interval.lower, interval.upper]).all()


def test_an_outcome_without_events_gives_a_status_and_no_number() -> None:
    design = replace(counts(), response=np.zeros(32))
    result = randomisation_test(design, ARM, STRATA, rng=np.random.default_rng(1))
    interval = randomisation_interval(design, ARM, STRATA, rng=np.random.default_rng(1))
    assert result.status == interval.status == "all zero"
    assert np.isnan([result.p_value, interval.lower]).all()


@pytest.mark.parametrize("statistic", ["score", "refit coefficient"])
@pytest.mark.parametrize("empty", [0, 2])
def test_a_stratum_without_any_event_changes_nothing(statistic: str, empty: int) -> None:
    whole = counts()
    design = replace(whole, response=np.where(empty == STRATA, 0.0, whole.response))
    rest = empty != STRATA
    kept = design.subset(np.flatnonzero(rest))
    without = replace(kept, matrix=np.delete(kept.matrix, empty + 1 if empty else 4, axis=1), names=kept.names[:-1])
    drawn = allocations(STRATA, ARM, draws=50, rng=np.random.default_rng(3))
    values = []
    for one, arms in ((design, drawn), (without, drawn[:, rest])):
        fit = fit_null(one, "negative binomial")
        parts = score_parts(one, fit, "negative binomial")
        refits = refit_coefficients(one, arms, family="negative binomial", start=fit)
        values.append(score_statistics(parts, arms) if statistic == "score" else refits)
    assert values[0] == pytest.approx(values[1], abs=1e-6)


def test_the_interval_holds_exactly_the_effects_that_the_test_does_not_reject() -> None:
    design = counts()
    interval = randomisation_interval(design, ARM, STRATA, draws=999, rng=np.random.default_rng(6))
    for limit, outward in ((interval.lower, -1), (interval.upper, 1)):
        for side, rejects in ((outward, True), (-outward, False)):
            shifted = replace(design, offset=design.offset + (limit + side * 1e-3) * ARM)
            test = randomisation_test(shifted, ARM, STRATA, draws=999, rng=np.random.default_rng(6))
            assert (test.p_value <= 0.05) == rejects


def test_the_interval_of_a_normal_outcome_is_near_that_of_the_t_test() -> None:
    design = counts()
    full = fit_least_squares(with_arm(design, ARM))
    half = stats.t.ppf(0.975, 26) * full.standard_error("arm")
    interval = randomisation_interval(
        design, ARM, STRATA, family="normal", draws=4999, rng=np.random.default_rng(2), scale=design.response.std()
    )
    assert interval.lower == pytest.approx(full.coefficient("arm") - half, abs=0.2 * half)
    assert interval.upper == pytest.approx(full.coefficient("arm") + half, abs=0.2 * half)


def test_the_interval_is_near_that_of_the_model() -> None:
    full = fit_count_model(with_arm(counts(), ARM), family="negative binomial")
    interval = randomisation_interval(counts(), ARM, STRATA, draws=1999, rng=np.random.default_rng(2))
    half = 1.96 * full.standard_error("arm")
    assert interval.lower == pytest.approx(full.coefficient("arm") - half, abs=0.4 * half)
    assert interval.upper == pytest.approx(full.coefficient("arm") + half, abs=0.4 * half)


def test_an_interval_that_nothing_bounds_is_open_and_says_so() -> None:
    few = randomisation_interval(counts(size=4), ARM[:4], np.zeros(4), family="poisson", rng=np.random.default_rng(1))
    assert (few.lower, few.upper) == (-np.inf, np.inf)
    assert "open" in few.message
    none = replace(counts(), response=np.where(ARM == 1, 0.0, 5.0))
    interval = randomisation_interval(none, ARM, STRATA, family="poisson", draws=999, rng=np.random.default_rng(1))
    assert interval.lower == -np.inf
    assert interval.upper < 0


def test_a_refit_of_clusters_or_of_a_normal_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="use the score"):
        randomisation_test(
            counts(), ARM, STRATA, statistic="refit coefficient", family="normal", rng=np.random.default_rng(1)
        )
