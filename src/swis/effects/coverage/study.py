"""Simulated trials analysed one after another or on several processes, with the same result.

Every trial has a random stream of its own, `SeedSequence(seed, spawn_key=(kind, authorities, effect, trial))`, which is
what `SeedSequence.spawn` would give it: nothing depends on the number of processes, on order, or on other scenarios.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from swis.effects.coverage.beside import analyse_beside
from swis.effects.coverage.intervals import Row
from swis.effects.coverage.primary import analyse_counts
from swis.effects.coverage.received import (
    PER_1000,
    POINTS,
    RATIO_OF_A_YEAR,
    analyse_posts,
    analyse_sessions_held,
)
from swis.effects.coverage.secondary import analyse_days, analyse_scores, analyse_shares
from swis.effects.coverage.supervision import (
    analyse_answers,
    analyse_dose,
    analyse_rare_contacts,
    analyse_shares_of_contacts,
)
from swis.effects.supervision_simulation import (
    SCHOOLS_PER_ARM,
    SupervisionTrial,
    simulate_leads,
    simulate_supervised,
)
from swis.effects.trial_simulation import (
    Heterogeneity,
    PupilTrial,
    RateTrial,
    simulate_days,
    simulate_pupils,
    simulate_schools,
)

Kind = Literal["primary", "secondary", "beside", "supervision", "posts", "sessions"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Authorities tried: those of Social Workers in Schools fewer and more, those of the trials of supervision as they are.
SIZES: dict[Kind, tuple[int, ...]] = {
    "primary": (8, 21, 42),
    "secondary": (8, 21, 42),
    "beside": (8, 21, 42),
    "supervision": tuple(SCHOOLS_PER_ARM),
    "posts": (8, 21, 42),
    "sessions": tuple(SCHOOLS_PER_ARM),
}
# The first number of a kind's random streams; those that share one differ by their numbers of authorities.
STREAMS: dict[Kind, int] = {"primary": 0, "secondary": 1, "beside": 2, "supervision": 2, "posts": 3, "sessions": 3}
# What is planted where there is an effect: the rate ratio the programme hoped for, and differences of like size.
RATE_RATIO, SCORE_DIFFERENCE, ODDS_RATIO = 0.8, 1.5, 1.25
# The same of the trials of supervision.
SUPERVISED = SupervisionTrial(odds_ratio=0.8, odds_ratio_of_ten_sessions=0.8, rate_ratio=1.25, score_difference=0.1)
# Coverage depends on the number of schools and authorities; fewer pupils than a year group has save time.
PUPILS_PER_SCHOOL = 20
TRIALS_AT_A_TIME = 10
DEFAULT_SEED = 20200901


@dataclass(frozen=True)
class Scenario:
    """Which trials: `kind` of outcomes, number of authorities, and whether an effect was planted.

    The tests 'beside' the main analyses are of trials without an effect.
    """

    kind: Kind = "primary"
    authorities: int = 21
    has_effect: bool = False
    between_school_sd: float = 0.38
    heterogeneity: Heterogeneity = "log-normal"

    @property
    def rates(self) -> RateTrial:
        """The trial of rates; without an effect its ratio is 1."""
        return RateTrial(
            authorities=self.authorities,
            rate_ratio=RATE_RATIO if self.has_effect and self.kind == "primary" else 1.0,
            between_school_sd=self.between_school_sd,
            heterogeneity=self.heterogeneity,
        )


def simulate(scenario: Scenario, *, trials: int, jobs: int = 1, seed: int = DEFAULT_SEED) -> pd.DataFrame:
    """Analyse `trials` simulated trials: one row a trial and interval.

    Columns: kind, authorities, schools, has_effect, trial, model, interval, truth, estimate, standard_error, lower,
    upper, p_value, status.
    """
    batches = [range(at, min(at + TRIALS_AT_A_TIME, trials)) for at in range(0, trials, TRIALS_AT_A_TIME)]
    work = partial(_analyse_batch, scenario, seed)
    if jobs == 1:
        with threadpool_limits(1, user_api="blas"):
            return _frame(scenario, map(work, batches))
    # 'spawn', since a fork of a process whose BLAS has threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=one_thread) as pool:
        return _frame(scenario, pool.map(work, batches))


def one_thread() -> None:
    """Keep a worker's BLAS on one thread; defined here so that the libraries to be kept so are loaded before."""
    threadpool_limits(1, user_api="blas")


def _frame(scenario: Scenario, batches: Iterable[list[tuple[int, int, Row]]]) -> pd.DataFrame:
    rows = [{"trial": trial, "schools": schools, **asdict(row)} for batch in batches for trial, schools, row in batch]
    frame = pd.DataFrame(rows)
    labels = {"kind": scenario.kind, "authorities": scenario.authorities, "has_effect": scenario.has_effect}
    return frame.assign(**labels)


def _analyse_batch(scenario: Scenario, seed: int, trials: range) -> list[tuple[int, int, Row]]:
    return [(trial, *found) for trial in trials for found in _analyse(scenario, _stream(scenario, seed, trial))]


def _stream(scenario: Scenario, seed: int, trial: int) -> np.random.Generator:
    key = (STREAMS[scenario.kind], scenario.authorities, int(scenario.has_effect), trial)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _analyse(scenario: Scenario, rng: np.random.Generator) -> list[tuple[int, Row]]:
    if scenario.kind == "supervision":
        return _supervision(scenario, rng)
    if scenario.kind == "sessions":
        supervised = simulate_supervised(SupervisionTrial(authorities=scenario.authorities), rng)
        held = analyse_sessions_held(supervised, POINTS if scenario.has_effect else 0.0, rng)
        return [(len(supervised), row) for row in held]
    schools = simulate_schools(scenario.rates, rng)
    if scenario.kind == "primary":
        rows = analyse_counts(schools, float(np.log(scenario.rates.rate_ratio)), rng)
    elif scenario.kind == "beside":
        rows = analyse_beside(schools, rng)
    elif scenario.kind == "posts":
        planted = (PER_1000, float(np.log(RATIO_OF_A_YEAR))) if scenario.has_effect else (0.0, 0.0)
        rows = analyse_posts(schools, *planted, rng)
    else:
        rows = _secondary(schools, scenario.has_effect, rng)
    return [(len(schools), row) for row in rows]


def _supervision(scenario: Scenario, rng: np.random.Generator) -> list[tuple[int, Row]]:
    trial = SUPERVISED if scenario.has_effect else SupervisionTrial()
    trial = replace(trial, authorities=scenario.authorities)
    schools = simulate_supervised(trial, rng)
    rows = [
        *analyse_shares_of_contacts(schools, float(np.log(trial.odds_ratio)), trial, rng),
        *analyse_dose(schools, float(np.log(trial.odds_ratio_of_ten_sessions))),
        *analyse_rare_contacts(schools, float(np.log(trial.rate_ratio))),
        *analyse_answers(simulate_leads(schools, trial, rng), trial.score_difference, rng),
    ]
    return [(len(schools), row) for row in rows]


def _secondary(schools: pd.DataFrame, has_effect: bool, rng: np.random.Generator) -> list[Row]:
    log_ratio = float(np.log(RATE_RATIO)) if has_effect else 0.0
    difference = SCORE_DIFFERENCE if has_effect else 0.0
    log_odds = float(np.log(ODDS_RATIO)) if has_effect else 0.0
    # The share is analysed without the prior score, so that its odds ratio is the one planted.
    pupils = PupilTrial(
        pupils_per_school=PUPILS_PER_SCHOOL,
        score_effect=difference,
        share_log_odds_ratio=log_odds,
        share_of_prior=0.0,
    )
    table = simulate_pupils(schools, pupils, rng)
    days = simulate_days(schools, rng, rate_ratio=float(np.exp(log_ratio)))
    return [
        *analyse_days(days, log_ratio, rng),
        *analyse_scores(table, difference),
        *analyse_shares(table, log_odds),
    ]
