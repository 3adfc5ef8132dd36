"""Simulated trials with a known effect: one row a school, and pupils or days within schools, without any returns.

The log rate of a school in the window is

    log rate = log(base) + authority + u_window + effect * arm,     u = sd * (r f + sqrt(1 - r²) v),

f the school's free-school-meal score within its authority and v what is its own in a period; u before and during the
window correlate by `baseline_correlation`. The part of u_window that neither f nor u_baseline explains is log-normal
(mean 1), or gamma, which makes the count negative binomial given the other terms. The standard deviation of 0.38
between schools is implied by the published interval (`published_curve`); what else has no source is named as assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Heterogeneity = Literal["log-normal", "gamma"]
WINDOW_MONTHS, BASELINE_MONTHS = 23, 18
# 278,858 pupils in 268 schools (RSWP paper 2025).
PUPILS_PER_SCHOOL = 278_858 / 268
# 136 + 132 schools in 21 authorities, 5 to 8 of each arm in an authority.
SCHOOLS_PER_AUTHORITY = {"intervention": 136 / 21, "control": 132 / 21}
FEWEST_PER_ARM, MOST_PER_ARM = 5, 8


@dataclass(frozen=True)
class RateTrial:
    """What a trial of rates is simulated from; standard deviations are of the log rate.

    `rate_per_1000` pupil-years: enquiries of secondary age, from 185 per 10,000 children (England, 2022).
    `authority_sd`: between authorities, DfE statistics 2022. `fsm_mean` and `fsm_sd`: percent, secondary schools by
    authority, 2022. Assumed: `fsm_within_sd`, `fsm_correlation`, `baseline_correlation`, `size_sigma`.
    """

    authorities: int = 21
    rate_ratio: float = 1.0
    rate_per_1000: float = 18.0
    between_school_sd: float = 0.38
    authority_sd: float = 0.43
    baseline_correlation: float = 0.6
    fsm_correlation: float = 0.4
    fsm_mean: float = 21.7
    fsm_sd: float = 8.1
    fsm_within_sd: float = 8.0
    size_sigma: float = 0.28
    authority_by_arm_sd: float = 0.0
    heterogeneity: Heterogeneity = "log-normal"

    def __post_init__(self) -> None:
        """ValueError for correlations that no three variables can have."""
        if not (0 <= self.fsm_correlation < 1 and self.fsm_correlation**2 <= self.baseline_correlation <= 1):
            raise ValueError("baseline_correlation lies between the square of fsm_correlation and 1")

    @property
    def explained_share(self) -> float:
        """Share of the variance of u_window that f and u_baseline explain, if u_baseline were known without error."""
        own = self._own_correlation
        return self.fsm_correlation**2 + (1 - self.fsm_correlation**2) * own**2

    @property
    def _own_correlation(self) -> float:
        """Correlation of v between the two periods."""
        return (self.baseline_correlation - self.fsm_correlation**2) / (1 - self.fsm_correlation**2)


@dataclass(frozen=True)
class PupilTrial:
    """What results of pupils are simulated from, on top of the schools of a `RateTrial`.

    `score` is on the scale of Attainment 8 (mean 47, DfE statistics), its standard deviations between pupils given the
    prior score, between schools and between authorities; `share` is a yes-or-no result on the logit scale. Intraclass
    correlations near 0.08 and 0.03 are within the range found in school trials; the exact values are assumed.
    """

    pupils_per_school: int = 40
    score_effect: float = 0.0
    score_residual_sd: float = 12.0
    score_school_sd: float = 3.5
    score_authority_sd: float = 2.0
    score_of_prior: float = 10.0
    share_mean: float = 0.45
    share_log_odds_ratio: float = 0.0
    share_school_sd: float = 0.35
    share_authority_sd: float = 0.25
    share_of_prior: float = 1.0


def schools_by_arm(authorities: int, arm: str) -> np.ndarray:
    """Schools of an 'intervention' or 'control' arm in each authority, (authorities,).

    Between 5 and 8, with the mean of the trial as analysed; the arms of an authority are equal but for a school lost.
    """
    total = round(authorities * SCHOOLS_PER_AUTHORITY[arm])
    even = np.linspace(FEWEST_PER_ARM, MOST_PER_ARM, authorities).round().astype(int)
    while even.sum() != total:
        step = int(np.sign(total - even.sum()))
        even[np.argmin(even * step)] += step
    return even


def simulate_schools(trial: RateTrial, rng: np.random.Generator) -> pd.DataFrame:
    """A trial, one row a school.

    Columns: school, authority (0…), arm (1 intervention), pupils, pupil_years, baseline_pupil_years, fsm_percent,
    baseline_count, log_baseline_rate (half added, per 1,000), count, and the truth true_log_rate (per pupil-year).
    """
    schools = _schools(trial, rng)
    before, during = _school_effects(trial, schools["fsm_score"].to_numpy(), rng)
    authority = schools["authority"].to_numpy()
    base = np.log(trial.rate_per_1000 / 1000) + rng.normal(0, trial.authority_sd, trial.authorities)[authority]
    effect = np.log(trial.rate_ratio) + rng.normal(0, trial.authority_by_arm_sd, trial.authorities)[authority]
    log_rate = base + during + effect * schools["arm"].to_numpy()
    baseline = rng.poisson(np.exp(base + before) * schools["baseline_pupil_years"].to_numpy())
    return schools.drop(columns="fsm_score").assign(
        baseline_count=baseline,
        log_baseline_rate=np.log((baseline + 0.5) / schools["baseline_pupil_years"] * 1000),
        count=rng.poisson(np.exp(log_rate) * schools["pupil_years"].to_numpy()),
        true_log_rate=log_rate,
    )


def _schools(trial: RateTrial, rng: np.random.Generator) -> pd.DataFrame:
    """Schools with their arm, size and free school meals, before any event."""
    arms = {1: schools_by_arm(trial.authorities, "intervention"), 0: schools_by_arm(trial.authorities, "control")}
    authority = np.concatenate([np.repeat(np.arange(trial.authorities), counts) for counts in arms.values()])
    arm = np.concatenate([np.full(counts.sum(), value) for value, counts in arms.items()])
    order = np.lexsort((arm, authority))
    size, f = arm.size, rng.normal(size=arm.size)
    pupils = PUPILS_PER_SCHOOL * rng.lognormal(-(trial.size_sigma**2) / 2, trial.size_sigma, size)
    fsm = trial.fsm_mean + rng.normal(0, trial.fsm_sd, trial.authorities)[authority[order]] + trial.fsm_within_sd * f
    return pd.DataFrame(
        {
            "school": np.arange(size),
            "authority": authority[order],
            "arm": arm[order],
            "pupils": pupils.round(),
            "pupil_years": pupils * WINDOW_MONTHS / 12,
            "baseline_pupil_years": pupils * BASELINE_MONTHS / 12,
            "fsm_percent": np.clip(fsm, 1, 75),
            "fsm_score": f,
        }
    )


def _school_effects(trial: RateTrial, f: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """u_baseline and u_window of each school; the unexplained part of the latter log-normal or gamma of mean 1."""
    own = trial._own_correlation
    spread = trial.between_school_sd * np.sqrt(1 - trial.fsm_correlation**2)
    shared = trial.between_school_sd * trial.fsm_correlation * f
    v = rng.normal(size=f.size)
    left = spread * np.sqrt(1 - own**2)
    if left == 0:
        return shared + spread * v, shared + spread * own * v
    if trial.heterogeneity == "gamma":
        rest = np.log(rng.gamma(left**-2, left**2, f.size))
    else:
        rest = rng.normal(-(left**2) / 2, left, f.size)
    return shared + spread * v, shared + spread * own * v + rest


def simulate_pupils(schools: pd.DataFrame, trial: PupilTrial, rng: np.random.Generator) -> pd.DataFrame:
    """Pupils of a trial's schools, a row a pupil: school, authority, arm, prior (standardised), score, passed (0/1)."""
    table = schools.loc[schools.index.repeat(trial.pupils_per_school), ["school", "authority", "arm"]]
    table = table.reset_index(drop=True)
    school, authority = table["school"].to_numpy(), table["authority"].to_numpy()
    units, areas = len(schools), int(authority.max()) + 1
    prior = rng.normal(0, 0.3, units)[school] + rng.normal(0, np.sqrt(1 - 0.3**2), len(table))
    score = 47 + trial.score_of_prior * prior + trial.score_effect * table["arm"]
    score += rng.normal(0, trial.score_school_sd, units)[school]
    score += rng.normal(0, trial.score_authority_sd, areas)[authority]
    logit = np.log(trial.share_mean / (1 - trial.share_mean)) + trial.share_of_prior * prior
    logit = logit + trial.share_log_odds_ratio * table["arm"].to_numpy()
    logit += rng.normal(0, trial.share_school_sd, units)[school]
    logit += rng.normal(0, trial.share_authority_sd, areas)[authority]
    return table.assign(
        prior=prior,
        score=score + rng.normal(0, trial.score_residual_sd, len(table)),
        passed=(rng.random(len(table)) < 1 / (1 + np.exp(-logit))).astype(int),
    )


def simulate_days(
    schools: pd.DataFrame,
    rng: np.random.Generator,
    *,
    entries_per_1000: float = 3.0,
    mean_days: float = 250.0,
    between_school_sd: float = 0.38,
    rate_ratio: float = 1.0,
) -> pd.DataFrame:
    """Days in care of each school over the window: `schools` with columns care_entries and care_days.

    Entries are Poisson around a log-normal school rate (per 1,000 pupil-years); each brings gamma-distributed days of
    shape 1 with the given mean: assumed, so that school totals are heavy-tailed as real ones are.
    """
    spread = rng.normal(-(between_school_sd**2) / 2, between_school_sd, len(schools))
    rate = entries_per_1000 / 1000 * np.exp(spread + np.log(rate_ratio) * schools["arm"].to_numpy())
    entries = rng.poisson(rate * schools["pupil_years"].to_numpy())
    days = np.where(entries > 0, rng.gamma(np.maximum(entries, 1), mean_days), 0.0)
    return schools.assign(care_entries=entries, care_days=days.round())
