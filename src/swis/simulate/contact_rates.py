"""How many contacts without a referral each school of the supervision trials is expected to make, month by month.

In a control school so many contacts stand beside each expected referral by the school, more in schools that are quick
to make contact, and a share of them that differs from school to school ends without further action. In a treated school
the rate ratio holds for all contacts and the odds ratio for no further action among them, given the school.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from swis.simulate.calibration import Targets, numbers
from swis.simulate.cases import EIGHTEEN_YEARS, age_weight
from swis.simulate.days import day, month_of, reporting_year
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.write_cin import SCHOOL_AGE_DAYS, lockdown

FIRST_DAY, LAST_DAY = day(2019, 9, 1), day(2023, 8, 31)
MONTHS = np.array([day(2019 + (8 + place) // 12, (8 + place) % 12 + 1, 1) for place in range(48)])
MIDDLES = MONTHS + 14
AUGUST = 8
AGES_IN_DAYS = {"primary": (SCHOOL_AGE_DAYS + 150, 4018), "secondary": (4018, 5844)}


@dataclass(frozen=True)
class Wanted:
    """Expected contacts by school (row) and month (column), by what comes of them.

    Those behind referrals are not drawn from here, because the referrals are there already.
    """

    no_further_action: np.ndarray
    early_help: np.ndarray
    referral: np.ndarray


def wanted_contacts(
    population: Population, exposure: Exposure, targets: Targets, event_factor: float, rng: np.random.Generator
) -> Wanted:
    """Expected contacts of the schools whose trials `exposure` knows; 0 elsewhere."""
    said, schools = numbers()["contacts"], exposure.schools
    referrals = _referrals(population, exposure, targets) * event_factor
    others = referrals * (said["per_referral"] - 1) * _school_factor(said["between_schools"], schools.number, rng)
    others[:, month_of(MONTHS) == AUGUST] = 0
    share = _no_action_share(said, schools.number, rng)[:, None]
    total = referrals + others
    odds = share * others / np.maximum(total - share * others, 1e-12)
    rate = _effect(exposure, "contacts")
    odds = odds * _effect(exposure, "contacts_no_further_action_odds")
    without = total * rate * odds / (1 + odds)
    behind = referrals * _effect(exposure, "referrals_from_schools")
    early = np.where(others > 0, np.maximum(total * rate - without - behind, 0.0), 0.0)
    sent = _sends(exposure)
    return Wanted(without * sent, early * sent, behind * sent)


def _referrals(population: Population, exposure: Exposure, targets: Targets) -> np.ndarray:
    """Referrals that each school would make in each month without any programme."""
    power = numbers()["between_schools"]["referral_share_of_log"]
    by_phase = {phase: _per_pupil(targets, *ages) for phase, ages in AGES_IN_DAYS.items()}
    rate = np.array([by_phase[phase] for phase in exposure.schools.phase])
    return rate * _on_roll(population, exposure) * _by_school_and_month(exposure, MIDDLES, power)


def _by_school_and_month(exposure: Exposure, days: np.ndarray, power: float) -> np.ndarray:
    school, when = np.indices((exposure.schools.number, len(days)))
    return exposure.level(school.ravel(), days[when.ravel()], power).reshape(school.shape)


def _effect(exposure: Exposure, outcome: str) -> np.ndarray:
    """What the programme multiplies in each school and month; it begins with a month."""
    school, when = np.indices((exposure.schools.number, len(MONTHS)))
    return exposure.effect(school.ravel(), MONTHS[when.ravel()], outcome).reshape(school.shape)


def _on_roll(population: Population, exposure: Exposure) -> np.ndarray:
    """Pupils of the authority on each school's roll in the middle of each month."""
    spells = exposure.spells
    rows = np.flatnonzero(spells.is_main & population.lives_here[spells.child])
    school, first, last = spells.school[rows], spells.first[rows], spells.last[rows]
    counts = [
        np.bincount(school[(first <= middle) & (last >= middle)], minlength=exposure.schools.number)
        for middle in MIDDLES
    ]
    return np.array(counts).T


def _per_pupil(targets: Targets, youngest: int, oldest: int) -> np.ndarray:
    """Referrals by schools for each pupil of an age range and month: the year's rate, by age and by month."""
    years = reporting_year(MONTHS)
    place = targets.index(years)
    able = np.arange(SCHOOL_AGE_DAYS, EIGHTEEN_YEARS - 30)
    weight = age_weight(able, "referral_weight_by_band")
    relative = weight[(able >= youngest) & (able < oldest)].mean() / weight.mean() * EIGHTEEN_YEARS / len(able)
    yearly = targets.rates["referrals"][place] / 10_000 * targets.percent_from_schools[place] / 100 * relative
    shares = [_share_of_month(int(year), int(month)) for year, month in zip(years, month_of(MONTHS), strict=True)]
    return np.asarray(yearly * np.array(shares))


def _share_of_month(year: int, month: int) -> float:
    """Share of a reporting year's referrals by schools that a month has; the calibration begins with April."""
    table = numbers()["referrals_by_month"]
    usual = np.array(table.get(year, table[2023])) * np.array(numbers()["school_share_by_month"])
    firsts = [day(year - 1 + (place >= 9), (place + 3) % 12 + 1, 1) for place in range(12)]
    open_share = [lockdown(np.arange(first, last)).mean() for first, last in pairwise([*firsts, day(year, 4, 1)])]
    shape = usual * np.array(open_share)
    return float(shape[(month - 4) % 12] / shape.sum())


def _school_factor(spread: float, number: int, rng: np.random.Generator) -> np.ndarray:
    """How quick each school is to make contact, beside its referrals: a lasting factor of mean 1."""
    return np.exp(spread * rng.normal(size=number) - spread**2 / 2)[:, None]


def _no_action_share(said: dict[str, float], number: int, rng: np.random.Generator) -> np.ndarray:
    """Share of each school's contacts without a referral that end without further action."""
    usual = said["no_further_action_of_others"]
    odds = usual / (1 - usual) * np.exp(said["between_schools_log_odds"] * rng.normal(size=number))
    return np.asarray(odds / (1 + odds))


def _sends(exposure: Exposure) -> np.ndarray:
    """Where a school of a known trial still is one: 1, else 0."""
    schools = exposure.schools
    member = np.isin(schools.trial, list(exposure.effect_from))
    return member[:, None] & (MONTHS[None, :] <= schools.returns_until[:, None])
