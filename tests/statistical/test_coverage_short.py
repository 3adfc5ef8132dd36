"""A short and repeatable part of the simulation study; the long one is run by `make certify`.

Bounds come from the binomial error of the trials run: 3.29 standard errors, which chance passes once in 1,000 times.
The trials are the first of those on the page of checks, so the random numbers never change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.effects.coverage import Scenario, simulate, summarise
from swis.effects.coverage.primary import MARGINAL, NB2, NB2_MIXED, POISSON_MIXED, RANDOMISATION
from swis.effects.coverage.received import MONTHS, POSTS, SESSIONS
from swis.effects.coverage.secondary import DAYS, MEANS, SCORES, SHARES
from swis.effects.coverage.study import Kind
from swis.effects.coverage.supervision import ANSWERS, ANSWERS_KNOWN, DOSE, RARE, SHARE, SHARE_OF_ALL

TRIALS = 120
ERRORS = 3.29
BOUND = ERRORS * np.sqrt(0.95 * 0.05 / TRIALS)
# Intervals that the plan reports, or prefers where the model-based one is too narrow.
PLANNED = [
    ("primary", NB2, "model-based t"),
    ("primary", NB2, "CR2 by school, t"),
    ("primary", NB2, "CR2 by authority, t"),
    ("primary", POISSON_MIXED, "model-based z"),
    ("primary", NB2_MIXED, "model-based z"),
    ("primary", MARGINAL, "bias-reduced t"),
    ("secondary", DAYS, "CR2 by school, t"),
    ("secondary", MEANS, "CR2 by school, t"),
    ("secondary", SCORES, "Satterthwaite t"),
    ("secondary", SHARES, "model-based t"),
    ("supervision", SHARE, "model-based t"),
    ("supervision", SHARE_OF_ALL, "CR2 by school, t"),
    ("supervision", DOSE, "model-based t"),
    ("supervision", RARE, "CR2 by school, t"),
    ("supervision", ANSWERS, "Rubin, Barnard-Rubin t"),
    ("supervision", ANSWERS_KNOWN, "Satterthwaite t"),
    ("posts", POSTS, "CR2 by school, t"),
    ("posts", MONTHS, "CR2 by school, t"),
    ("sessions", SESSIONS, "CR2 by school, t"),
]
# The fewest authorities tried: of Social Workers in Schools, and of a trial of supervision (56 schools).
AUTHORITIES: dict[Kind, int] = {"primary": 8, "secondary": 8, "supervision": 4, "posts": 8, "sessions": 4}


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    scenarios = [Scenario(kind, size, has_effect) for kind, size in AUTHORITIES.items() for has_effect in (False, True)]
    frames = [simulate(scenario, trials=TRIALS) for scenario in scenarios]
    return summarise(pd.concat(frames, ignore_index=True)).set_index(["kind", "model", "interval"])


@pytest.mark.parametrize("analysis", PLANNED, ids=" ".join)
def test_the_interval_covers_the_truth_as_often_as_it_says(summary: pd.DataFrame, analysis: tuple[str, ...]) -> None:
    row = summary.loc[analysis]
    assert row["usable"] >= 0.95 * TRIALS
    assert row["coverage"] > 0.95 - BOUND


@pytest.mark.parametrize("analysis", PLANNED, ids=" ".join)
def test_without_an_effect_the_test_rejects_as_seldom_as_it_says(
    summary: pd.DataFrame, analysis: tuple[str, ...]
) -> None:
    assert summary.loc[analysis, "type_i"] < 0.05 + BOUND


@pytest.mark.parametrize("analysis", PLANNED, ids=" ".join)
def test_the_estimate_is_not_biased(summary: pd.DataFrame, analysis: tuple[str, ...]) -> None:
    row = summary.loc[analysis]
    assert abs(row["bias"]) < ERRORS * row["bias_error"]


@pytest.mark.parametrize(
    "analysis",
    [
        ("primary", RANDOMISATION, "permutation"),
        ("secondary", DAYS, "permutation"),
        ("supervision", SHARE_OF_ALL, "permutation, score"),
    ],
    ids=" ".join,
)
def test_randomisation_p_values_are_uniform_without_an_effect(summary: pd.DataFrame, analysis: tuple[str, ...]) -> None:
    row = summary.loc[analysis]
    assert row["uniform_p"] > 0.001
    assert row["type_i"] < 0.05 + BOUND


def test_standard_errors_are_near_the_spread_of_the_estimates(summary: pd.DataFrame) -> None:
    ratio = summary.loc[PLANNED, "error_ratio"].drop(index=("primary", MARGINAL, "bias-reduced t"))
    # The standard deviation of 120 estimates has a relative error of 1/sqrt(2 * 119).
    assert ((ratio - 1).abs() < ERRORS / np.sqrt(2 * (TRIALS - 1))).all()


def test_tests_beside_the_main_analyses_reject_as_seldom_as_they_say() -> None:
    beside = summarise(simulate(Scenario("beside", 8), trials=TRIALS))
    assert len(beside) == 5
    assert (beside["null_trials"] >= 0.95 * TRIALS).all()
    assert (beside["type_i"] < 0.05 + BOUND).all()
    assert (beside["uniform_p"] > 0.001).all()
