"""Contacts that the schools of the supervision trials make about their pupils: about whom, when, and what came of them.

Every referral by a school has its contact just before it; the others are drawn towards `contact_rates`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from swis.simulate.calibration import Targets, numbers, shares
from swis.simulate.contact_rates import FIRST_DAY, LAST_DAY, MONTHS, Wanted, wanted_contacts
from swis.simulate.days import OPEN, academic_start, add_working_days, count_working_days
from swis.simulate.enquiries import Events
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.randomness import choose
from swis.simulate.terms import span

NO_FURTHER_ACTION, EARLY_HELP, REFERRAL, UNDECIDED = "no_further_action", "early_help", "referral", ""
SEXUAL_ABUSE = "SAB"
MOST_ROUNDS = 200


@dataclass(frozen=True)
class Contacts:
    """One place a contact, in the order of days: child, school, day, outcome, day of the decision, case, concerns.

    `decided` is `OPEN` where nothing is decided yet; `case` is the place of the case that a contact led to, -1 where
    there is none; `concerns` are codes joined with spaces.
    """

    child: np.ndarray
    school: np.ndarray
    made: np.ndarray
    outcome: np.ndarray
    decided: np.ndarray
    case: np.ndarray
    concerns: np.ndarray

    @property
    def number(self) -> int:
        """How many contacts."""
        return len(self.child)

    @property
    def is_about_sexual_abuse(self) -> np.ndarray:
        """Whether sexual abuse is among the concerns."""
        return np.array([SEXUAL_ABUSE in text.split(" ") for text in self.concerns], dtype=bool)

    def take(self, places: np.ndarray) -> Contacts:
        """Some of the contacts, in the order given."""
        return Contacts(**{column.name: getattr(self, column.name)[places] for column in fields(self)})


def simulate_contacts(
    population: Population,
    exposure: Exposure,
    events: Events,
    source: np.ndarray,
    targets: Targets,
    event_factor: float,
    rng: np.random.Generator,
    *,
    with_quiet_school: bool = False,
) -> Contacts:
    """Contacts of the schools whose trials `exposure` knows, 1 September 2019 to 31 August 2023.

    `source` says who made each referral; `event_factor` multiplies rates as it does for referrals. Contacts about
    pupils whose home is another authority are made to that one and are not here. `with_quiet_school` silences one
    school for the year from its trial's first day: the first without a referral in it.
    """
    behind = _behind_referrals(exposure, events, source, rng)
    wanted = wanted_contacts(population, exposure, targets, event_factor, rng)
    if with_quiet_school:
        wanted = _without_one(wanted, behind, exposure)
    others = _others(wanted, population, exposure, rng)
    child, school, made, outcome, decided, case = (np.concatenate(pair) for pair in zip(behind, others, strict=True))
    concerns = _concerns(exposure, school, made, rng)
    contacts = Contacts(child, school, made, outcome, decided, case, concerns)
    contacts = contacts.take(_first_of_day(contacts))
    return contacts.take(np.lexsort((contacts.child, contacts.school, contacts.made)))


Columns = tuple[np.ndarray, ...]


def _behind_referrals(exposure: Exposure, events: Events, source: np.ndarray, rng: np.random.Generator) -> Columns:
    """The contact behind each referral by a school: up to three working days before it, at the same school."""
    cases, schools = events.cases, exposure.schools
    member = np.isin(schools.trial, list(exposure.effect_from))
    places = np.flatnonzero((source == "2A") & (cases.school >= 0) & member[np.maximum(cases.school, 0)])
    child, school, referral = cases.child[places], cases.school[places], cases.referral[places]
    waits = choose(*shares(numbers()["contacts"]["working_days_to_referral"]), len(places), rng).astype("int64")
    made = np.minimum(add_working_days(referral, -waits), referral)
    made = np.where(exposure.spells.school_on(child, made) == school, made, referral)
    kept = (made >= FIRST_DAY) & (made <= LAST_DAY) & (made <= schools.returns_until[school])
    outcome = np.full(int(kept.sum()), REFERRAL, dtype=object)
    return child[kept], school[kept], made[kept], outcome, referral[kept], places[kept]


def _without_one(wanted: Wanted, behind: Columns, exposure: Exposure) -> Wanted:
    """None in the year from its trial's first day for the first school that makes no referral in it."""
    _, school, made, *_ = behind
    begins = np.array([exposure.effect_from.get(trial, OPEN) for trial in exposure.schools.trial])
    busy = school[(made >= begins[school]) & (made < begins[school] + 365)]
    quiet = np.setdiff1d(np.flatnonzero(begins < OPEN), busy)[:1]
    since = MONTHS[None, :] - begins[quiet, None]
    in_year = (since >= 0) & (since < 365)
    without, early = wanted.no_further_action.copy(), wanted.early_help.copy()
    without[quiet] = np.where(in_year, 0.0, without[quiet])
    early[quiet] = np.where(in_year, 0.0, early[quiet])
    return replace(wanted, no_further_action=without, early_help=early)


def _others(wanted: Wanted, population: Population, exposure: Exposure, rng: np.random.Generator) -> Columns:
    """Contacts that led to no referral, as many as chance makes of the number wanted; a few are not decided yet."""
    said = numbers()["contacts"]
    parts = []
    for outcome, expected in ((NO_FURTHER_ACTION, wanted.no_further_action), (EARLY_HELP, wanted.early_help)):
        counts = rng.poisson(expected)
        school, month = (np.repeat(grid.ravel(), counts.ravel()) for grid in np.indices(counts.shape))
        made = _school_days(month, rng)
        child = _pupils(school, made, population, exposure, rng)
        waits = choose(*shares(said["working_days_to_decision"][outcome]), len(made), rng).astype("int64")
        is_open = rng.random(len(made)) < said["undecided"]
        decided = np.where(is_open, OPEN, add_working_days(made, waits))
        outcomes = np.where(is_open, UNDECIDED, outcome).astype(object)
        found = (child >= 0) & (made <= exposure.schools.returns_until[school])
        columns = (child, school, made, outcomes, decided, np.full(len(made), -1))
        parts.append([values[found] for values in columns])
    return tuple(np.concatenate(pair) for pair in zip(*parts, strict=True))


def _school_days(month: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A working day of each month (its place in MONTHS), not before the autumn term nor after the summer term."""
    start = academic_start(MONTHS)
    opens = np.array([span(int(year), "autumn").first for year in start])
    closes = np.array([span(int(year), "summer half-term 2").last for year in start])
    first = np.maximum(MONTHS, opens)
    last = np.minimum(np.append(MONTHS[1:], LAST_DAY + 1) - 1, closes)
    days = np.maximum(count_working_days(first - 1, last), 1)
    return add_working_days(first[month], (rng.random(len(month)) * days[month]).astype("int64"))


def _pupils(
    school: np.ndarray, days: np.ndarray, population: Population, exposure: Exposure, rng: np.random.Generator
) -> np.ndarray:
    """A pupil on the roll of each school on each day, by the family's risk; -1 where there is none to be found."""
    spells = exposure.spells
    rows = np.flatnonzero(spells.is_main & population.lives_here[spells.child])
    rows = rows[np.argsort(spells.school[rows], kind="stable")]
    reach = np.concatenate([[0.0], np.cumsum(population.risk[spells.child[rows]])])
    bounds = np.searchsorted(spells.school[rows], np.arange(exposure.schools.number + 1))
    low, high = reach[bounds[school]], reach[bounds[school + 1]]
    child, left = np.full(len(school), -1), np.arange(len(school))
    for _ in range(MOST_ROUNDS):
        if not len(left):
            break
        drawn = np.searchsorted(reach, low[left] + rng.random(len(left)) * (high - low)[left], side="right") - 1
        row = rows[np.minimum(drawn, len(rows) - 1)]
        fits = (spells.first[row] <= days[left]) & (spells.last[row] >= days[left])
        fits &= spells.school[row] == school[left]
        child[left[fits]] = spells.child[row[fits]]
        left = left[~fits]
    return child


def _concerns(exposure: Exposure, school: np.ndarray, made: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One concern or two; sexual abuse more often where the programme raises contacts about it."""
    said, number = numbers()["contacts"], len(school)
    codes, probabilities = shares(said["concerns"])
    first, second = choose(codes, probabilities, number, rng), choose(codes, probabilities, number, rng)
    ratio = exposure.effect(school, made, "contacts_sexual_abuse") / exposure.effect(school, made, "contacts")
    is_sexual = rng.random(number) < said["about_sexual_abuse"] * ratio
    has_two = (rng.random(number) < said["two_concerns"]) & (first != second)
    texts = np.where(has_two, first + " " + second, first)
    return np.where(is_sexual, np.where(has_two, SEXUAL_ABUSE + " " + first, SEXUAL_ABUSE), texts).astype(object)


def _first_of_day(contacts: Contacts) -> np.ndarray:
    """One contact for a child and day: the one behind a referral, else the first drawn."""
    key = contacts.child.astype("int64") * OPEN + contacts.made
    return np.sort(np.unique(key, return_index=True)[1])
