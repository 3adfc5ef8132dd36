"""The published interval: what it implies, and the curve of the standard error by formula and by our own estimator."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from swis.effects.published_curve import (
    COVARIATES,
    PUBLISHED_RATIO,
    PUBLISHED_SE,
    mean_baseline_count,
    published_trial_schools,
    sd_before_adjustment,
    sd_implied,
    share_explained_by_baseline,
    simulated_curve,
    standard_error_curve,
)
from swis.effects.trial_simulation import RateTrial

SDS = (0.20, 0.30, 0.38, 0.45, 0.55)
SIZE_ONLY = ("log_pupils",)


def what_the_interval_implies(trial: RateTrial | None = None) -> dict[str, float]:
    """`implied` spread left by the covariates, share a baseline has `explained`, spread `before` adjustment."""
    held = trial or RateTrial()
    pupil_years, arm = published_trial_schools()
    implied = sd_implied(PUBLISHED_SE, pupil_years, arm, held.rate_per_1000, ratio=PUBLISHED_RATIO)
    explained = share_explained_by_baseline(held.baseline_correlation, implied, mean_baseline_count(held))
    return {"implied": implied, "explained": explained, "before": sd_before_adjustment(implied, explained)}


def published_table(*, trials: int, seed: int, jobs: int = 1, trial: RateTrial | None = None) -> pd.DataFrame:
    """A row a standard deviation: expected (formula), and model-based error and spread without and with adjustment."""
    held = trial or RateTrial(rate_ratio=PUBLISHED_RATIO)
    pupil_years, arm = published_trial_schools()
    expected = standard_error_curve(pupil_years, arm, held.rate_per_1000, SDS, ratio=held.rate_ratio)
    work = partial(_simulated, held, trials, seed)
    if jobs == 1:
        curves = [work(columns) for columns in (SIZE_ONLY, COVARIATES)]
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            curves = list(pool.map(work, (SIZE_ONLY, COVARIATES)))
    return pd.DataFrame(
        {
            "between_school_sd": np.array(SDS),
            "expected": expected["standard_error"],
            "unadjusted": curves[0]["standard_error"],
            "unadjusted_spread": curves[0]["spread"],
            "adjusted": curves[1]["standard_error"],
            "adjusted_spread": curves[1]["spread"],
        }
    )


def _simulated(trial: RateTrial, trials: int, seed: int, covariates: tuple[str, ...]) -> pd.DataFrame:
    with threadpool_limits(1, user_api="blas"):
        return simulated_curve(SDS, trial=trial, trials=trials, seed=seed, covariates=covariates)
