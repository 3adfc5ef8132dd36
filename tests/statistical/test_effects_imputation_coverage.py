"""Imputed, analysed and pooled: unbiased where leaving out the incomplete is not, and intervals that cover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.effects.cluster_robust import cluster_robust
from swis.effects.design import design_from_formula
from swis.effects.imputation import impute
from swis.effects.least_squares import fit_least_squares
from swis.effects.rubin import Pooled, pool_rubin

TRIALS, SCHOOLS, PUPILS, TABLES = 60, 24, 25, 8
EFFECT, SLOPE = 1.0, 2.0


def trial(rng: np.random.Generator) -> pd.DataFrame:
    """Scores by arm and prior attainment; the prior is lost more often where the score is high (missing at random)."""
    school = np.repeat(np.arange(SCHOOLS), PUPILS)
    arm = school % 2
    prior = 0.5 * rng.normal(size=SCHOOLS)[school] + rng.normal(size=school.size)
    level = 0.7 * rng.normal(size=SCHOOLS)
    score = EFFECT * arm + SLOPE * prior + level[school] + rng.normal(scale=1.5, size=school.size)
    lost = rng.random(school.size) < 1 / (1 + np.exp(1.0 - 0.6 * score))
    return pd.DataFrame({"school": school, "arm": arm, "prior": np.where(lost, np.nan, prior), "score": score})


def estimate(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    design = design_from_formula("score ~ arm + prior", table, groups=["school"])
    robust = cluster_robust(fit_least_squares(design), design, "school")
    return robust.coefficients, robust.standard_errors**2, robust.degrees_of_freedom


def pooled(rng: np.random.Generator, table: pd.DataFrame) -> Pooled:
    tables = impute(table, ["prior"], imputations=TABLES, rng=rng, group="school")
    return pool_rubin(*(np.array(part) for part in zip(*map(estimate, tables), strict=True)))


@pytest.mark.slow
def test_pooled_estimates_are_unbiased_and_their_intervals_cover() -> None:
    rng = np.random.default_rng(20200901)
    results, dropped = [], []
    for _ in range(TRIALS):
        table = trial(rng)
        results.append(pooled(rng, table))
        dropped.append(estimate(table.dropna())[0])
    truth = np.array([EFFECT, SLOPE])
    estimates = np.array([result.estimate[1:] for result in results])
    error = estimates.std(axis=0, ddof=1) / TRIALS**0.5
    assert (np.abs(estimates.mean(axis=0) - truth) < 3 * error).all()
    # Leaving out pupils by their score pulls the slope far towards zero: the data would show a fault of the imputation.
    assert np.mean(dropped, axis=0)[2] < SLOPE - 10 * error[1]
    covered = np.mean([(r.lower[1:] <= truth) & (truth <= r.upper[1:]) for r in results], axis=0)
    # 0.95 less three binomial standard errors of so many trials.
    assert (covered >= 0.95 - 3 * (0.95 * 0.05 / TRIALS) ** 0.5).all()
    said = np.mean([result.standard_error[1:] for result in results], axis=0)
    assert np.abs(said / estimates.std(axis=0, ddof=1) - 1).max() < 0.3
