"""Invented trials of schools in authorities: counts over person-time and successes out of trials."""

from __future__ import annotations

import numpy as np
import pandas as pd


def invented_trial(
    seed: int = 1,
    *,
    authorities: int = 8,
    schools: int = 10,
    spread: float = 0.3,
    theta: float = 6.0,
    years: int = 1,
) -> pd.DataFrame:
    """One row a school and year: count, successes of trials, arm, covariate, person_time, la, school."""
    rng = np.random.default_rng(seed)
    la = np.repeat(np.arange(authorities), schools)
    arm = np.concatenate([rng.permutation(np.arange(schools) % 2) for _ in range(authorities)])
    covariate = rng.normal(size=la.size)
    level = rng.normal(0.0, spread, authorities)[la] + rng.normal(0.0, spread, la.size)
    trial = pd.DataFrame(
        {"la": la, "school": np.arange(la.size) + 1000, "arm": arm, "covariate": covariate, "level": level}
    )
    trial = trial.loc[trial.index.repeat(years)].reset_index(drop=True)
    trial["person_time"] = rng.uniform(800.0, 2000.0, len(trial))
    predictor = 0.2 * trial["covariate"] - 0.1 * trial["arm"] + trial["level"]
    means = trial["person_time"] * np.exp(-4.6 + predictor)
    trial["count"] = rng.poisson(means * rng.gamma(theta, 1.0 / theta, len(trial))).astype(float)
    trial["trials"] = rng.integers(4, 12, len(trial)).astype(float)
    trial["successes"] = rng.binomial(trial["trials"].astype(int), 1.0 / (1.0 + np.exp(-predictor))).astype(float)
    return trial.drop(columns="level")
