"""Closed forms: posterior, power, Holm, against numbers worked out by hand or by another library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from swis.effects.bayes import bayesian_sensitivity, normal_posterior, sceptical_prior, vague_prior
from swis.effects.holm import holm
from swis.effects.power import TrialSize, log_ratio_standard_error, minimum_detectable_ratio, power

SWIS = TrialSize(136, 132, mean_count=36, between_sd=0.38, strata=21, covariates=3)


def test_a_vague_prior_gives_back_the_estimate_and_its_interval() -> None:
    posterior = normal_posterior(0.0535, 0.0509, 0.0, vague_prior().sd)
    assert posterior.mean == pytest.approx(0.0535, rel=1e-4)
    assert posterior.interval() == pytest.approx((0.955, 1.166), abs=1e-3)


def test_the_posterior_weighs_prior_and_estimate_by_their_precision() -> None:
    posterior = normal_posterior(0.4, 0.1, 0.0, 0.1)
    assert (posterior.mean, posterior.sd) == pytest.approx((0.2, 0.1 / np.sqrt(2)))


def test_the_posterior_agrees_with_numerical_integration() -> None:
    grid = np.linspace(-3, 3, 200_001)
    density = stats.norm.pdf(grid, 0.1, 0.3) * stats.norm.pdf(-0.2, grid, 0.15)
    below = density[grid < np.log(0.9)].sum() / density.sum()
    assert normal_posterior(-0.2, 0.15, 0.1, 0.3).probability_below(0.9) == pytest.approx(below, abs=1e-4)


def test_the_sceptical_prior_gives_its_ratio_the_chance_it_is_named_for() -> None:
    prior = sceptical_prior(0.8, 0.05)
    assert prior.mean == 0
    assert stats.norm.cdf(np.log(0.8), 0, prior.sd) == pytest.approx(0.05)


def test_probabilities_below_and_above_a_ratio_sum_to_one() -> None:
    posterior = normal_posterior(0.05, 0.05, 0.0, 0.13)
    assert posterior.probability_below(1.1) + posterior.probability_above(1.1) == pytest.approx(1)


def test_the_table_of_sensitivity_has_a_row_a_prior_and_shrinks_under_the_sceptic() -> None:
    table = bayesian_sensitivity(0.3, 0.1).set_index("prior")
    assert list(table.index) == ["vague", "sceptical"]
    assert 1 < table.loc["sceptical", "ratio"] < table.loc["vague", "ratio"]
    assert table.loc["sceptical", "probability_below_1"] > table.loc["vague", "probability_below_1"]


def test_an_estimate_that_is_missing_gives_missing_probabilities() -> None:
    assert bayesian_sensitivity(np.nan, np.nan)[["ratio", "lower", "probability_below_1"]].isna().all(axis=None)


def test_impossible_spreads_and_priors_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        normal_posterior(0.1, 0.1, 0.0, 0.0)
    with pytest.raises(ValueError, match="positive"):
        normal_posterior(0.1, 0.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="below 1"):
        sceptical_prior(1.2)


def test_the_variance_of_the_log_ratio_is_that_of_hayes_and_bennett() -> None:
    by_hand = (1 / (0.8 * 36) + 0.38**2) / 136 + (1 / 36 + 0.38**2) / 132
    assert log_ratio_standard_error(SWIS, 0.8) ** 2 == pytest.approx(by_hand)


def test_what_the_covariates_explain_is_taken_from_the_variance_between_schools() -> None:
    size = TrialSize(10, 10, mean_count=1e12, between_sd=0.4, explained_share=0.75)
    assert log_ratio_standard_error(size) == pytest.approx(0.2 * np.sqrt(2 / 10))


def test_power_is_that_of_the_t_test() -> None:
    shift = np.log(0.85) / log_ratio_standard_error(SWIS, 0.85)
    critical = stats.t.ppf(0.975, SWIS.degrees_of_freedom)
    expected = stats.nct.cdf(-critical, SWIS.degrees_of_freedom, shift) + stats.nct.sf(
        critical, SWIS.degrees_of_freedom, shift
    )
    assert SWIS.degrees_of_freedom == 136 + 132 - 21 - 1 - 3
    assert power(SWIS, 0.85) == pytest.approx(expected, abs=1e-9)


def test_power_without_an_effect_is_the_level() -> None:
    assert power(SWIS, 1.0, level=0.05) == pytest.approx(0.05)


@pytest.mark.parametrize("direction", ["below", "above"])
def test_the_minimum_detectable_ratio_has_the_power_it_was_asked_for(direction: str) -> None:
    ratio = minimum_detectable_ratio(SWIS, chance=0.9, direction=direction)
    assert (ratio < 1) == (direction == "below")
    assert power(SWIS, ratio) == pytest.approx(0.9, abs=1e-8)


def test_a_trial_too_small_to_detect_anything_gives_no_ratio() -> None:
    tiny = TrialSize(1, 1, mean_count=0.1, between_sd=2.0, strata=0)
    assert np.isnan(minimum_detectable_ratio(tiny, chance=0.99))


def test_a_trial_that_cannot_be_is_refused() -> None:
    for wrong in ({"schools_control": 0}, {"mean_count": 0.0}, {"explained_share": 1.2}, {"strata": 300}):
        with pytest.raises(ValueError, match=r"trial needs|explained share"):
            TrialSize(
                **{"schools_intervention": 136, "schools_control": 132, "mean_count": 9, "between_sd": 0.3} | wrong
            )
    with pytest.raises(ValueError, match="direction"):
        minimum_detectable_ratio(SWIS, direction="sideways")


def test_holm_agrees_with_statsmodels() -> None:
    p_values = np.array([0.04, 0.001, 0.03, 0.2, 0.03, 0.9])
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_an_analysis_without_a_p_value_still_counts_in_its_family() -> None:
    assert holm([0.01, np.nan, 0.04]) == pytest.approx([0.03, np.nan, 0.08], nan_ok=True)
    assert holm([0.01, 0.04], family_size=3) == pytest.approx([0.03, 0.08])


def test_holm_refuses_what_is_no_p_value() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.2, 1.2])
    with pytest.raises(ValueError, match="family"):
        holm([0.2, 0.3], family_size=1)
