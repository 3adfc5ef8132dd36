"""Absence of every pupil by term: a year's rate from the published shares, then sessions of each term.

The rate of a pupil-year comes from the quantile function of three groups whose shares are published: under 10 %,
10 to 50 % (persistent) and over 50 % (severe); the mean of the first group is set so that the overall rate is met.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, norm

from swis.simulate.calibration import Targets, numbers
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.terms import Span, is_collected, overlap, span

TERMS = ["autumn", "spring", "summer", "summer half-term 2"]
FIRST_YEAR, LAST_YEAR = 2017, 2023
PERSISTENT_MEAN, SEVERE_MEAN = 0.172, 0.66
GRID = 4000
# Whole sessions, part years and code X take a little away at the limits of 10 and 50 per cent (measured).
RAISED = {"overall": 1.025, "persistent": 1.07, "severe": 1.12}


@dataclass(frozen=True)
class Sessions:
    """Sessions of each spell in one term: possible (code X among them), authorised, unauthorised, code X."""

    possible: np.ndarray
    authorised: np.ndarray
    unauthorised: np.ndarray
    code_x: np.ndarray


def simulate_attendance(
    population: Population, exposure: Exposure, targets: Targets, in_care: np.ndarray, rng: np.random.Generator
) -> dict[str, Sessions]:
    """Sessions by `2020/21 autumn` and so on, one place a spell; terms that were not collected are absent."""
    child = exposure.spells.child
    standing = _standing(population, in_care, rng)
    found: dict[str, Sessions] = {}
    for start_year in range(FIRST_YEAR, LAST_YEAR + 1):
        drift = 0.80 * standing + 0.60 * rng.normal(size=population.number)
        rank = norm.cdf(drift / drift.std())[child]
        rate, unauthorised = _rates(rank, exposure, targets, start_year)
        wobble = np.exp(0.30 * rng.normal(size=(len(TERMS), len(child))))
        for place, term in enumerate(TERMS):
            period = span(start_year, term)
            if is_collected(period):
                found[period.label] = _term(
                    period, exposure, rate, unauthorised, wobble[place] / wobble.mean(axis=0), rng
                )
    return found


def _standing(population: Population, in_care: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A lasting disposition to be absent: poverty and a family known to social care raise it, care lowers it."""
    known = np.log(population.risk + 0.02)
    known = (known - known.mean()) / known.std()
    standing = 0.40 * population.need + 0.30 * known - 0.5 * in_care + 0.80 * rng.normal(size=population.number)
    return np.asarray(standing / standing.std())


def _rates(rank: np.ndarray, exposure: Exposure, targets: Targets, start_year: int) -> tuple[np.ndarray, np.ndarray]:
    """Rate of absence of each spell in an academic year, and the part of it that is unauthorised."""
    spells, schools = exposure.spells, exposure.schools
    year = start_year - FIRST_YEAR
    rate, share = np.zeros(spells.number), np.zeros(spells.number)
    middle = np.full(spells.number, span(start_year, "spring").first)
    ratio = exposure.effect(spells.school, middle, "absence")
    for phase in ("secondary", "primary"):
        members = schools.phase[spells.school] == phase
        if members.any():
            overall, unauthorised, persistent, severe = _published(phase, year, targets)
            rate[members] = quantiles(rank[members], overall, persistent, severe)
            share[members] = _unauthorised_share(rate[members], unauthorised / overall)
    return rate * ratio, share


def _unauthorised_share(rate: np.ndarray, overall_share: float) -> np.ndarray:
    """Part of each rate that is unauthorised: larger where more is missed, the given share over all sessions missed."""
    share = np.maximum(rate, 0.005) ** 0.30
    for _ in range(4):
        share = np.minimum(share * overall_share * rate.sum() / max((rate * share).sum(), 1e-9), 0.92)
    return np.asarray(share)


def _published(phase: str, year: int, targets: Targets) -> tuple[float, float, float, float]:
    """Overall, unauthorised, persistent and severe (shares from 0 to 1) of an authority in a year."""
    table = numbers()["education"]
    overall, unauthorised, persistent, severe = (
        float(table[f"{name}_{phase}"][year]) / 100
        for name in ("overall_absence", "unauthorised", "persistent", "severe")
    )
    ratio = targets.absence_ratio[0] if year <= 3 else targets.absence_ratio[1]
    more_persistent = ratio**1.3 if year <= 3 else targets.persistent_ratio
    return (
        overall * ratio * RAISED["overall"],
        unauthorised * ratio * RAISED["overall"],
        persistent * more_persistent * RAISED["persistent"],
        severe * ratio**2 * RAISED["severe"],
    )


def quantiles(rank: np.ndarray, overall: float, persistent: float, severe: float) -> np.ndarray:
    """Absence rate at each rank (0 to 1) so that mean and the shares over 10 % and 50 % are as given."""
    usual = 1 - persistent
    mean = (overall - (persistent - severe) * PERSISTENT_MEAN - severe * SEVERE_MEAN) / usual
    mean = float(np.clip(mean, 0.012, 0.085))
    grid = (np.arange(GRID) + 0.5) / GRID
    shape = 2.4
    low = 0.0995 * beta.ppf(grid, shape * mean / 0.0995, shape * (1 - mean / 0.0995))
    centre = (PERSISTENT_MEAN - 0.10) / 0.40
    high = 0.1005 + 0.3990 * beta.ppf(grid, 1.0 * centre * 2.6, (1 - centre) * 2.6)
    top = 0.5005 + 0.46 * beta.ppf(grid, 1.1, 2.0)
    table = [(0.0, usual, low), (usual, 1 - severe, high), (1 - severe, 1.0, top)]
    rates = np.zeros(len(rank))
    for begin, end, values in table:
        inside = (rank >= begin) & (rank <= end)
        within = np.clip((rank[inside] - begin) / max(end - begin, 1e-9), 0, 0.99999)
        rates[inside] = values[(within * GRID).astype(int)]
    return rates


def _term(
    period: Span,
    exposure: Exposure,
    rate: np.ndarray,
    unauthorised: np.ndarray,
    wobble: np.ndarray,
    rng: np.random.Generator,
) -> Sessions:
    """Whole sessions of one term; code X takes its share of what is possible before absence does."""
    spells = exposure.spells
    share = overlap(spells.first, spells.last, period) * spells.is_main
    usual = numbers()["sessions_possible"][period.term] - exposure.schools.number_in_authority[spells.school] % 3 * 2
    possible = np.round(usual * share).astype(int)
    factors = numbers()["term_factor_2020_21" if period.start_year == 2020 else "term_factor_usual"]
    x_share = float(numbers()["code_x_share"].get(period.label, 0.0))
    spread = np.clip(x_share + 0.10 * min(1, x_share * 12) * rng.normal(size=spells.number), 0, 0.95)
    code_x = np.minimum(np.round(possible * spread * (x_share > 0)).astype(int), possible)
    missed = rate * factors[period.term] * wobble * possible
    absent = np.minimum(np.floor(missed + rng.random(spells.number)).astype(int), possible - code_x)
    without = np.minimum(np.floor(absent * unauthorised + rng.random(spells.number)).astype(int), absent)
    return Sessions(possible, absent - without, without, code_x)
