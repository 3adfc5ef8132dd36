"""What the plans do with what schools received: the effect among compliers (2SLS), and that of the dose.

Schools that receive the programme are not like the others: the chance of it falls with a school's own level of the
outcome, so that schools as treated do not compare, and only the arm as instrument finds the effect. The dose is
independent of that level, as its association must be for it to be the effect that was planted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.coverage.beside import SHARE_OF_CONTROLS_SERVED, SHARE_SERVED
from swis.effects.coverage.intervals import Row, fit_row, robust_by_school, robust_row
from swis.effects.coverage.supervision import share_design
from swis.effects.design import Design
from swis.effects.published_curve import primary_design
from swis.effects.trial_simulation import WINDOW_MONTHS
from swis.effects.two_stage import fit_two_stage

SESSIONS = "Share of contacts where sessions were held, 2SLS"
POSTS = "Rate of enquiries where a worker was in post, 2SLS"
MONTHS = "Rate of enquiries by worker-months, NB2"
# Planted where there is an effect: percentage points, enquiries per 1,000 pupil-years, ratio for a year of a worker.
POINTS, PER_1000, RATIO_OF_A_YEAR = -8.0, -3.0, 0.85
# Assumed: how much the log odds of receipt fall with a school's level, a standard deviation of it.
SELECTION = 1.0
# Assumed: a worker is there for at least so much of the window where one is in post, and for less where not.
LEAST_SHARE = 0.5


def analyse_sessions_held(schools: pd.DataFrame, points: float, rng: np.random.Generator) -> list[Row]:
    """Shares in percent by school (columns as `simulate_supervised`), moved by `points` where sessions were held.

    Each school counts once, as in the plan; schools without a contact have no share.
    """
    received = _receives(schools["arm"], schools["log_odds"], rng)
    chance = np.clip(expit(schools["log_odds"]) + points / 100 * received, 0.0, 1.0)
    drawn = schools.assign(no_further_action=rng.binomial(schools["contacts"], chance), received=received)
    held = drawn[drawn["contacts"] > 0].reset_index(drop=True)
    design = share_design(held, "no_further_action", "arm")
    percent = 100 * (held["no_further_action"] / held["contacts"]).to_numpy(dtype=float)
    return [_complier_row(SESSIONS, points, replace(design, trials=None), percent, held["received"].to_numpy())]


def analyse_posts(schools: pd.DataFrame, per_1000: float, log_ratio: float, rng: np.random.Generator) -> list[Row]:
    """Enquiries by school (columns as `simulate_schools`, made without an effect of the arm).

    Once with `per_1000` more or fewer where a worker was in post, once with `log_ratio` for 12 full-time months.
    """
    years, log_rate = schools["pupil_years"].to_numpy(dtype=float), schools["true_log_rate"]
    received = _receives(schools["arm"], log_rate, rng)
    count = rng.poisson(years * np.maximum(np.exp(log_rate) + per_1000 / 1000 * received, 0.0))
    design = primary_design(schools)
    plain = replace(design, offset=np.zeros(len(schools)))
    compliers = _complier_row(POSTS, per_1000, plain, 1000 * count / years, received)
    return [compliers, *_by_months(design, years, log_rate.to_numpy(), log_ratio, rng)]


def _by_months(
    design: Design, years: np.ndarray, log_rate: np.ndarray, truth: float, rng: np.random.Generator
) -> list[Row]:
    dose = _months(design.column("arm"), rng) / 12
    by_dose = replace(
        design,
        response=rng.poisson(years * np.exp(log_rate + truth * dose)).astype(float),
        matrix=np.where(np.array(design.names) == "arm", dose[:, None], design.matrix),
        names=tuple("dose" if name == "arm" else name for name in design.names),
    )
    fit = fit_count_model(by_dose, family="negative binomial", arm="dose")
    freedom = float(design.observations - design.matrix.shape[1])
    return [
        fit_row(MONTHS, "model-based t", truth, fit, freedom, name="dose"),
        robust_row(MONTHS, "CR2 by school, t", truth, robust_by_school(fit, by_dose), name="dose"),
    ]


def _complier_row(model: str, truth: float, design: Design, response: np.ndarray, received: np.ndarray) -> Row:
    """Receipt in place of the arm, the arm as its instrument; clusters are schools."""
    held = replace(
        design,
        response=np.asarray(response, dtype=float),
        matrix=np.where(np.array(design.names) == "arm", received[:, None], design.matrix),
        names=tuple("received" if name == "arm" else name for name in design.names),
    )
    fit = fit_two_stage(held, "received", design.column("arm"))
    return robust_row(model, "CR2 by school, t", truth, cluster_robust(fit, held, "school"), name="received")


def _receives(arm: pd.Series, level: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """1 where a school received the programme: seldom in the control arm, less often where its level is high."""
    standard = (level - level.mean()) / level.std()
    share = np.where(arm == 1, SHARE_SERVED, SHARE_OF_CONTROLS_SERVED)
    return (rng.random(len(arm)) < expit(logit(share) - SELECTION * standard)).to_numpy(dtype=float)


def _months(arm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Full-time months of a worker: most of the window where one was in post, less of it where not, few in controls."""
    in_post = rng.random(arm.size) < SHARE_SERVED
    share = np.where(in_post, rng.uniform(LEAST_SHARE, 1, arm.size), rng.uniform(0, LEAST_SHARE, arm.size))
    there = (arm == 1) | (rng.random(arm.size) < SHARE_OF_CONTROLS_SERVED)
    return np.asarray(WINDOW_MONTHS * share * there)
