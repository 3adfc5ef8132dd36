"""The published interval: what spread between schools it implies, and simulated trials that have it."""

from __future__ import annotations

import numpy as np
import pytest

from swis.effects.published_curve import (
    PUBLISHED_LOWER,
    PUBLISHED_RATIO,
    PUBLISHED_SE,
    PUBLISHED_UPPER,
    expected_standard_error,
    mean_baseline_count,
    primary_design,
    published_trial_schools,
    sd_before_adjustment,
    sd_implied,
    share_explained_by_baseline,
    standard_error_curve,
)
from swis.effects.trial_simulation import (
    PupilTrial,
    RateTrial,
    schools_by_arm,
    simulate_days,
    simulate_pupils,
    simulate_schools,
)

RATE = 18.0


def test_the_standard_error_of_the_published_interval() -> None:
    assert abs(PUBLISHED_SE - 0.0509) < 5e-5


def test_the_published_interval_implies_a_spread_between_schools_near_0_38() -> None:
    pupil_years, arm = published_trial_schools()
    assert ((arm == 1).sum(), (arm == 0).sum()) == (136, 132)
    assert sd_implied(PUBLISHED_SE, pupil_years, arm, RATE, ratio=PUBLISHED_RATIO) == pytest.approx(0.38, abs=0.01)


def test_the_curve_at_the_implied_spread_has_the_published_limits() -> None:
    pupil_years, arm = published_trial_schools()
    implied = sd_implied(PUBLISHED_SE, pupil_years, arm, RATE, ratio=PUBLISHED_RATIO)
    row = standard_error_curve(pupil_years, arm, RATE, [implied]).iloc[0]
    assert row["standard_error"] == pytest.approx(PUBLISHED_SE, abs=1e-9)
    assert (row["lower"], row["upper"]) == pytest.approx((PUBLISHED_LOWER, PUBLISHED_UPPER), abs=1e-3)


def test_the_curve_rises_from_the_error_of_the_counts_alone() -> None:
    pupil_years, arm = published_trial_schools()
    curve = standard_error_curve(pupil_years, arm, RATE, np.linspace(0, 1, 11))
    assert (np.diff(curve["standard_error"]) > 0).all()
    events = [pupil_years[arm == side].sum() * RATE / 1000 * (PUBLISHED_RATIO if side else 1) for side in (1, 0)]
    assert curve["standard_error"].iloc[0] == pytest.approx(np.sqrt(1 / events[0] + 1 / events[1]))


def test_an_error_below_that_of_the_counts_implies_no_spread() -> None:
    pupil_years, arm = published_trial_schools()
    floor = expected_standard_error(0.0, pupil_years, arm, RATE)
    assert np.isnan(sd_implied(floor * 0.99, pupil_years, arm, RATE))
    assert np.isnan(sd_implied(5.0, pupil_years, arm, RATE))


def test_adjustment_for_the_baseline_means_that_schools_differed_by_more_before_it() -> None:
    share = share_explained_by_baseline(0.6, 0.38, mean_baseline_count(RateTrial()))
    assert 0 < share < 0.6**2
    assert sd_before_adjustment(0.38, share) == pytest.approx(0.38 / np.sqrt(1 - share))
    assert sd_before_adjustment(0.38, 0.0) == 0.38
    with pytest.raises(ValueError, match="explained share"):
        sd_before_adjustment(0.38, 1.0)


@pytest.mark.parametrize(("authorities", "totals"), [(8, (52, 50)), (21, (136, 132)), (42, (272, 264))])
def test_simulated_trials_have_the_schools_of_the_trial(authorities: int, totals: tuple[int, int]) -> None:
    arms = [schools_by_arm(authorities, arm) for arm in ("intervention", "control")]
    assert tuple(int(counts.sum()) for counts in arms) == totals
    assert all(counts.min() >= 5 and counts.max() <= 8 for counts in arms)


def test_simulated_schools_have_the_rate_spread_and_correlation_asked_for() -> None:
    trial = RateTrial(authorities=800, authority_sd=0.0, rate_ratio=0.8)
    schools = simulate_schools(trial, np.random.default_rng(1))
    control, treated = (schools[schools["arm"] == arm] for arm in (0, 1))
    assert control["true_log_rate"].std() == pytest.approx(0.38, abs=0.015)
    means = [np.log(part["count"].sum() / part["pupil_years"].sum()) for part in (treated, control)]
    assert means[0] - means[1] == pytest.approx(np.log(0.8), abs=0.03)
    observed = np.corrcoef(control["log_baseline_rate"], control["true_log_rate"])[0, 1]
    expected = np.sqrt(share_explained_by_baseline(0.6, 0.38, mean_baseline_count(trial)))
    assert observed == pytest.approx(expected, abs=0.04)
    assert np.corrcoef(control["fsm_percent"], control["true_log_rate"])[0, 1] > 0.15


@pytest.mark.parametrize("heterogeneity", ["log-normal", "gamma"])
def test_the_covariates_explain_the_share_of_the_formula(heterogeneity: str) -> None:
    # So many events that the baseline rate is known without error.
    trial = RateTrial(authorities=400, authority_sd=0.0, fsm_sd=0.0, rate_per_1000=1e4, heterogeneity=heterogeneity)
    schools = simulate_schools(trial, np.random.default_rng(2))
    columns = np.column_stack([np.ones(len(schools)), schools["fsm_percent"], schools["log_baseline_rate"]])
    rate = schools["true_log_rate"].to_numpy()
    rest = rate - columns @ np.linalg.lstsq(columns, rate, rcond=None)[0]
    assert 1 - rest.var() / rate.var() == pytest.approx(trial.explained_share, abs=0.03)


def test_the_same_generator_gives_the_same_trial_and_no_spread_gives_none() -> None:
    first, second = (simulate_schools(RateTrial(), np.random.default_rng(3)) for _ in range(2))
    assert first.equals(second)
    flat = simulate_schools(RateTrial(between_school_sd=0.0, authority_sd=0.0), np.random.default_rng(3))
    assert flat["true_log_rate"].nunique() == 1


def test_correlations_that_no_school_could_have_are_refused() -> None:
    with pytest.raises(ValueError, match="baseline_correlation"):
        RateTrial(baseline_correlation=0.1, fsm_correlation=0.6)


def test_the_primary_design_holds_authorities_and_centred_covariates() -> None:
    schools = simulate_schools(RateTrial(authorities=8), np.random.default_rng(4))
    design = primary_design(schools)
    assert design.matrix.shape == (102, 1 + 1 + 3 + 7)
    assert np.linalg.matrix_rank(design.matrix) == 12
    assert design.column("fsm_percent").mean() == pytest.approx(0, abs=1e-9)
    assert design.groups["authority"].max() == 7


def test_pupils_have_the_effects_and_spread_asked_for() -> None:
    schools = simulate_schools(RateTrial(authorities=200), np.random.default_rng(5))
    trial = PupilTrial(score_effect=3.0, share_log_odds_ratio=0.5, pupils_per_school=30)
    pupils = simulate_pupils(schools, trial, np.random.default_rng(6))
    assert len(pupils) == 30 * len(schools)
    by_arm = pupils.groupby("arm")
    score, passed = by_arm["score"].mean(), by_arm["passed"].mean()
    assert score[1] - score[0] == pytest.approx(3.0, abs=0.6)
    assert passed[1] > passed[0] + 0.03
    assert pupils["prior"].std() == pytest.approx(1.0, abs=0.02)


def test_days_in_care_have_the_mean_asked_for_and_whole_schools_without_any() -> None:
    schools = simulate_schools(RateTrial(authorities=400), np.random.default_rng(7))
    days = simulate_days(schools, np.random.default_rng(8), entries_per_1000=1.0)
    per_pupil_year = days["care_days"].sum() / days["pupil_years"].sum()
    assert per_pupil_year == pytest.approx(1.0 / 1000 * 250, rel=0.05)
    assert (days.loc[days["care_entries"] == 0, "care_days"] == 0).all()
    assert (days["care_entries"] == 0).any()
