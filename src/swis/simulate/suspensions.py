"""Suspensions and permanent exclusions: who, when, how long and why, at the published rates of each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.simulate.calibration import Targets, numbers, shares
from swis.simulate.enrolment import Spells, shortened, year_group
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.randomness import choose
from swis.simulate.terms import span

FIRST_YEAR, LAST_YEAR = 2017, 2023
YEAR_WEIGHT = {7: 0.7, 8: 1.1, 9: 1.35, 10: 1.3, 11: 0.75}
TERM_WEIGHTS = {"autumn": 0.40, "spring": 0.31, "summer": 0.15, "summer half-term 2": 0.14}
CLOSED_SHARE = {
    (2019, "summer"): 0.03,
    (2019, "summer half-term 2"): 0.1,
    (2020, "spring"): 0.35,
    (2019, "spring"): 0.75,
}


@dataclass(frozen=True)
class Suspensions:
    """One place a suspension: spell, first day, sessions lost, reasons (one to three), whether it is permanent."""

    spell: np.ndarray
    day: np.ndarray
    sessions: np.ndarray
    reason: np.ndarray
    second_reason: np.ndarray
    is_permanent: np.ndarray


def simulate_suspensions(
    population: Population, exposure: Exposure, targets: Targets, rng: np.random.Generator
) -> tuple[Suspensions, Spells]:
    """All suspensions from 2017/18 to 2023/24, and the spells, which end after a permanent exclusion."""
    parts = [
        _year(population, exposure, targets, year, phase, rng)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for phase in ("secondary", "primary")
        if (exposure.schools.phase == phase).any()
    ]
    spell, days, permanent = (np.concatenate(column) for column in zip(*parts, strict=True))
    spells = exposure.spells
    gone = np.flatnonzero(permanent)
    spells = shortened(spells, spell[gone], days[gone] + 21)
    inside = np.flatnonzero((days <= spells.last[spell]) & (days >= spells.first[spell]))
    order = inside[np.lexsort((days[inside], spell[inside]))]
    return _described(spell[order], days[order], permanent[order], rng), spells


def _described(spell: np.ndarray, days: np.ndarray, permanent: np.ndarray, rng: np.random.Generator) -> Suspensions:
    number = len(spell)
    codes, weights = shares(numbers()["suspension_reasons"])
    second = np.where(rng.random(number) < 0.25, choose(codes, weights, number, rng), "")
    reason = choose(codes, weights, number, rng)
    length = 2 * np.minimum(rng.geometric(0.45, number), 20) - (rng.random(number) < 0.2)
    return Suspensions(
        spell, days, np.where(permanent, 0, length), reason, np.where(second == reason, "", second), permanent
    )


def _year(
    population: Population, exposure: Exposure, targets: Targets, start_year: int, phase: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Suspended pupils by a chance that falls unequally, each once or several times, on days their spell covers."""
    spells = exposure.spells
    table, place = numbers()["education"], start_year - FIRST_YEAR
    autumn, end = span(start_year, "autumn"), span(start_year, "summer half-term 2")
    on_roll = (spells.first <= end.last - 30) & (spells.last >= autumn.first + 30) & spells.is_main
    members = np.flatnonzero(on_roll & (exposure.schools.phase[spells.school] == phase))
    if not len(members):
        return members, members, members.astype(bool)
    weight = _weight(population, exposure, members, start_year)
    pupils = float(table[f"suspended_pupils_{phase}"][place]) / 100 * targets.suspension_ratio**0.75
    rate = float(table[f"suspensions_{phase}"][place]) / 100 * targets.suspension_ratio
    chance = np.minimum(weight / weight.mean() * pupils * 0.98, 0.9)
    suspended = members[rng.random(len(members)) < chance]
    times = rng.geometric(min(1.0, pupils / rate), len(suspended))
    spell = np.repeat(suspended, np.minimum(times, 20))
    days = _days(len(spell), start_year, rng)
    out = (
        rng.random(len(spell)) < float(table[f"permanent_{phase}"][place]) / 100 * targets.suspension_ratio**0.5 / rate
    )
    return spell, days, out


def _weight(population: Population, exposure: Exposure, members: np.ndarray, start_year: int) -> np.ndarray:
    spells = exposure.spells
    child = spells.child[members]
    group = year_group(population.year_of_birth[child], start_year)
    by_year = np.array([YEAR_WEIGHT.get(int(value), 1.0) for value in range(-2, 15)])[np.clip(group, -2, 14) + 2]
    when = np.full(len(members), span(start_year, "spring").first)
    level = exposure.level(spells.school[members], when, 0.9)
    ratio = exposure.effect(spells.school[members], when, "suspensions")
    male = np.where(population.is_male[child], 1.3, 0.7)
    weight = by_year * male * np.exp(0.55 * population.need[child]) * (0.4 + 0.6 * np.sqrt(population.risk[child]))
    return np.asarray(weight * level * ratio)


def _days(number: int, start_year: int, rng: np.random.Generator) -> np.ndarray:
    """School days of the year; few while schools were closed to most pupils."""
    terms = list(TERM_WEIGHTS)
    weights = np.array([TERM_WEIGHTS[term] * CLOSED_SHARE.get((start_year, term), 1.0) for term in terms])
    chosen = rng.choice(len(terms), size=number, p=weights / weights.sum())
    first = np.array([span(start_year, term).first for term in terms])[chosen]
    last = np.array([span(start_year, term).last for term in terms])[chosen]
    if start_year == 2019:
        last = np.where(chosen == 1, last - 12, last)
    days = first + (rng.random(number) * (last - first + 1)).astype("int64")
    weekday = (days + 3) % 7
    return np.where(weekday >= 5, days - (weekday - 4), days)
