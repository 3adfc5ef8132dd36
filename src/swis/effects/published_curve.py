"""What spread between schools the published interval implies: its standard error as a curve over that spread.

With mu_i the expected count of school i and sigma the standard deviation of the log rate between schools of an
authority that the covariates leave unexplained, a school of arm a tells of its arm's log rate with weight

    w_i = 1/(1/mu_i + sigma²),    se(log ratio) = sqrt(1/sum_1 w_i + 1/sum_0 w_i)

which is the information of a negative binomial with 1/theta = sigma². The published rate ratio is 1.055 (0.955 to
1.166) over 136 and 132 schools (Community Care, 30 March 2023), hence se = (ln 1.166 - ln 0.955)/(2 * 1.96) = 0.0509.
The published analysis adjusted for the baseline rate, so sigma is what was left after that: a baseline that explains
a share R² of the variance between schools implies sigma/sqrt(1 - R²) before adjustment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtri

from swis.effects.counts import fit_count_model
from swis.effects.design import Design, design_from_arrays
from swis.effects.trial_simulation import (
    BASELINE_MONTHS,
    PUPILS_PER_SCHOOL,
    WINDOW_MONTHS,
    RateTrial,
    simulate_schools,
)

PUBLISHED_RATIO, PUBLISHED_LOWER, PUBLISHED_UPPER = 1.055, 0.955, 1.166
PUBLISHED_SCHOOLS = (136, 132)
LARGEST_SD = 3.0
COVARIATES = ("log_baseline_rate", "log_pupils", "fsm_percent")


def standard_error_of_interval(lower: float, upper: float, level: float = 0.95) -> float:
    """Standard error of the log ratio from the limits of a normal interval for the ratio."""
    return float((np.log(upper) - np.log(lower)) / (2 * ndtri((1 + level) / 2)))


PUBLISHED_SE = standard_error_of_interval(PUBLISHED_LOWER, PUBLISHED_UPPER)


def expected_standard_error(
    between_school_sd: float, pupil_years: np.ndarray, arm: np.ndarray, rate_per_1000: float, ratio: float = 1.0
) -> float:
    """Standard error of the log rate ratio: `pupil_years` and `arm` (1 intervention) by school, rate of controls."""
    mean = pupil_years * rate_per_1000 / 1000 * np.where(arm == 1, ratio, 1.0)
    weight = 1 / (1 / mean + between_school_sd**2)
    return float(np.sqrt(1 / weight[arm == 1].sum() + 1 / weight[arm == 0].sum()))


def standard_error_curve(
    pupil_years: np.ndarray,
    arm: np.ndarray,
    rate_per_1000: float,
    between_school_sds: Sequence[float] | np.ndarray,
    *,
    ratio: float = PUBLISHED_RATIO,
    level: float = 0.95,
) -> pd.DataFrame:
    """One row a standard deviation: between_school_sd, standard_error, and lower and upper limit around `ratio`."""
    errors = [expected_standard_error(sd, pupil_years, arm, rate_per_1000, ratio) for sd in between_school_sds]
    frame = pd.DataFrame({"between_school_sd": np.asarray(between_school_sds, dtype=float), "standard_error": errors})
    reach = np.exp(float(ndtri((1 + level) / 2)) * frame["standard_error"])
    return frame.assign(lower=ratio / reach, upper=ratio * reach)


def sd_implied(
    standard_error: float, pupil_years: np.ndarray, arm: np.ndarray, rate_per_1000: float, *, ratio: float = 1.0
) -> float:
    """The between-school standard deviation, unexplained by covariates, at which the curve has that standard error.

    nan where no standard deviation from 0 to 3 has it: the counts alone leave more error, or none would reach it.
    """

    def excess(sd: float) -> float:
        return expected_standard_error(sd, pupil_years, arm, rate_per_1000, ratio) - standard_error

    if excess(0.0) > 0 or excess(LARGEST_SD) < 0:
        return float("nan")
    return float(brentq(excess, 0.0, LARGEST_SD, xtol=1e-10))


def sd_before_adjustment(unexplained_sd: float, explained_share: float) -> float:
    """Standard deviation between schools before adjustment, of which the covariates explain `explained_share` (R²)."""
    if not 0 <= explained_share < 1:
        raise ValueError("the explained share is at least 0 and below 1")
    return unexplained_sd / float(np.sqrt(1 - explained_share))


def share_explained_by_baseline(correlation: float, between_school_sd: float, baseline_count: float) -> float:
    """R² of the log rate on an observed log baseline rate, whose true value correlates with it by `correlation`.

    The observed one is sigma²/(sigma² + 1/baseline_count) reliable, being a count: R² = correlation² * reliability.
    """
    variance = between_school_sd**2
    return correlation**2 * variance / (variance + 1 / baseline_count)


def published_trial_schools() -> tuple[np.ndarray, np.ndarray]:
    """Pupil-years over 23 months and arm of the 136 + 132 schools, all of the published mean size."""
    arm = np.repeat([1, 0], PUBLISHED_SCHOOLS)
    return np.full(arm.size, PUPILS_PER_SCHOOL * WINDOW_MONTHS / 12), arm


def simulated_standard_error(
    trial: RateTrial, *, trials: int, rng: np.random.Generator, covariates: Sequence[str] = COVARIATES
) -> pd.DataFrame:
    """The primary estimator on simulated trials: one row with the truth's `between_school_sd` and what it gave.

    Columns: between_school_sd, trials, fitted (usable fits), standard_error (mean of the model-based), spread (standard
    deviation of the estimates, which that should equal), spread_error (its Monte Carlo error), sd_fitted (square root
    of the mean of 1/theta: the spread that the covariates left unexplained).
    """
    fits = [
        fit_count_model(primary_design(simulate_schools(trial, rng), covariates), family="negative binomial")
        for _ in range(trials)
    ]
    usable = [fit for fit in fits if fit.is_usable]
    estimates = np.array([fit.coefficient("arm") for fit in usable])
    spread = float(estimates.std(ddof=1))
    left = [0.0 if fit.dispersion is None else 1 / fit.dispersion for fit in usable]
    return pd.DataFrame(
        {
            "between_school_sd": [trial.between_school_sd],
            "trials": [trials],
            "fitted": [len(usable)],
            "standard_error": [float(np.mean([fit.standard_error("arm") for fit in usable]))],
            "spread": [spread],
            "spread_error": [spread / np.sqrt(2 * (len(usable) - 1))],
            "sd_fitted": [float(np.sqrt(np.mean(left)))],
        }
    )


def simulated_curve(
    between_school_sds: Sequence[float],
    *,
    trial: RateTrial,
    trials: int,
    seed: int,
    covariates: Sequence[str] = COVARIATES,
) -> pd.DataFrame:
    """`simulated_standard_error` at each standard deviation, a random stream of its own each."""
    streams = np.random.SeedSequence(seed).spawn(len(between_school_sds))
    rows = [
        simulated_standard_error(
            replace(trial, between_school_sd=float(sd)),
            trials=trials,
            rng=np.random.default_rng(stream),
            covariates=covariates,
        )
        for sd, stream in zip(between_school_sds, streams, strict=True)
    ]
    return pd.concat(rows, ignore_index=True)


def primary_design(schools: pd.DataFrame, covariates: Sequence[str] = COVARIATES) -> Design:
    """Design of the primary model from simulated schools: arm, covariates (centred), authorities.

    Offset: log person-time. Groups: school and authority.
    """
    columns = schools.assign(log_pupils=np.log(schools["pupils"]))[list(covariates)].to_numpy(dtype=float)
    authority = schools["authority"].to_numpy()
    dummies = (authority[:, None] == np.arange(1, authority.max() + 1)).astype(float)
    names = ("(Intercept)", "arm", *covariates, *(f"C(authority)[T.{code}]" for code in range(1, authority.max() + 1)))
    matrix = np.column_stack([np.ones(len(schools)), schools["arm"], columns - columns.mean(axis=0), dummies])
    return design_from_arrays(
        schools["count"],
        matrix,
        names=names,
        groups={"school": schools["school"], "authority": authority},
        offset=np.log(schools["pupil_years"]),
    )


def mean_baseline_count(trial: RateTrial) -> float:
    """Expected baseline count of a school of mean size."""
    return trial.rate_per_1000 / 1000 * PUPILS_PER_SCHOOL * BASELINE_MONTHS / 12
