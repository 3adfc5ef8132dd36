"""Whether an effect differs between strata: the score test with an estimated dispersion, and the spread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from swis.effects.counts import fit_count_model
from swis.effects.design import Design
from swis.effects.heterogeneity import Heterogeneity, effect_heterogeneity, standard_deviation_between
from swis.effects.published_curve import primary_design
from swis.effects.trial_simulation import RateTrial, simulate_schools


def design_of(seed: int, *, spread: float = 0.0, authorities: int = 8) -> Design:
    trial = RateTrial(authorities=authorities, rate_ratio=1.2, authority_by_arm_sd=spread)
    return primary_design(simulate_schools(trial, np.random.default_rng(seed)))


def found(design: Design, strata: np.ndarray | None = None) -> Heterogeneity:
    fit = fit_count_model(design, family="negative binomial")
    return effect_heterogeneity(fit, design, design.groups["authority"] if strata is None else strata)


def test_one_effect_is_rejected_as_seldom_as_the_level_says() -> None:
    rejected = np.mean([found(design_of(seed)).p_value <= 0.05 for seed in range(150)])
    # 3.29 binomial standard errors of 150 trials, which chance passes once in 1,000; the likelihood ratio errs in 11 %.
    assert rejected < 0.05 + 3.29 * np.sqrt(0.05 * 0.95 / 150)


def test_effects_that_differ_are_found_and_their_spread_is_near_the_one_put_in() -> None:
    results = [found(design_of(seed, spread=0.5, authorities=21)) for seed in range(12)]
    assert np.mean([one.p_value < 0.05 for one in results]) > 0.9
    # The spread of 21 values has a relative error of 1/sqrt(40); twelve times that is 0.05.
    assert np.mean([one.between_sd for one in results]) == pytest.approx(0.5, abs=0.15)


def test_order_of_rows_and_names_of_strata_do_not_matter() -> None:
    design = design_of(3)
    order = np.random.default_rng(1).permutation(design.observations)
    shuffled = design.subset(order)
    names = np.array(["south", "north", "x 9", "b", "a", "Z", "10", "9"])[shuffled.groups["authority"]]
    assert found(shuffled, names).p_value == pytest.approx(found(design).p_value, rel=1e-6)


def test_strata_of_one_arm_or_of_zeros_tell_nothing() -> None:
    design = design_of(4)
    first, second = (design.groups["authority"] == place for place in (2, 3))
    alone = design.subset(np.flatnonzero(~(first & (design.column("arm") == 1))))
    assert found(alone).degrees_of_freedom[0] == found(design).degrees_of_freedom[0] - 1
    empty = replace(design, response=np.where(second, 0.0, design.response))
    assert found(empty).degrees_of_freedom[0] == found(design).degrees_of_freedom[0] - 1
    assert found(empty).status == "ok"


def test_what_cannot_be_tested_says_why() -> None:
    design = design_of(5)
    one = found(design, np.zeros(design.observations))
    none = found(replace(design, response=np.zeros(design.observations)))
    assert (one.status, none.status) == ("not estimable", "all zero")
    assert np.isnan([one.p_value, none.p_value]).all()


def test_effects_no_further_apart_than_their_errors_have_no_spread() -> None:
    assert standard_deviation_between(np.array([0.1, -0.1, 0.0]), np.array([0.5, 0.5, 0.5])) == 0.0
