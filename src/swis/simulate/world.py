"""One authority's whole simulated world: people, schools, cases, care, attendance, suspensions, results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from swis.params import Params
from swis.simulate.attainment import simulate_attainment
from swis.simulate.attendance import simulate_attendance
from swis.simulate.calibration import Targets, targets_for
from swis.simulate.care import Episodes, simulate_care
from swis.simulate.cases import IN_NEED, Cases, simulate_cases
from swis.simulate.children import Children, describe_children
from swis.simulate.contacts import Contacts, simulate_contacts
from swis.simulate.days import OPEN, day, day_of
from swis.simulate.delivery import simulate_delivery
from swis.simulate.enquiries import Events, simulate_enquiries
from swis.simulate.enrolment import simulate_enrolment
from swis.simulate.exposure import Exposure
from swis.simulate.plan import Size, planned
from swis.simulate.population import Population, border_children, joined, simulate_population
from swis.simulate.randomness import stream
from swis.simulate.schools import Schools, simulate_schools
from swis.simulate.sessions import simulate_community, simulate_sessions, with_months
from swis.simulate.survey import Answers, simulate_survey
from swis.simulate.suspensions import simulate_suspensions
from swis.simulate.write_census import Rolls, draw_sen
from swis.simulate.write_cin import CaseTexts, describe_cases
from swis.simulate.write_contacts import identifiers


@dataclass(frozen=True)
class World:
    """Everything that is true of one authority before any return is written."""

    slug: str
    number: int
    targets: Targets
    population: Population
    schools: Schools
    exposure: Exposure
    events: Events
    texts: CaseTexts
    children: Children
    episodes: Episodes
    rolls: Rolls
    attainment: pd.DataFrame
    delivery: pd.DataFrame
    contacts: Contacts
    survey: Answers

    @cached_property
    def contact_ids(self) -> np.ndarray:
        """The authority's identifier of the child of each contact, also of those whom no other return holds."""
        return identifiers(self.contacts.child, self.children, self.number)


def authority_numbers(params: Params) -> dict[str, int]:
    """A number from 1 for each authority of the parameters, in the order of their names."""
    return {slug: place for place, slug in enumerate(sorted(params.authorities), start=1)}


def effects_from(params: Params) -> dict[str, int]:
    """First day on which each trial's programme works: the first day of its earliest window."""
    firsts = {name: min(window.first_day for window in trial.windows.values()) for name, trial in params.trials.items()}
    return {name: day_of(first) for name, first in firsts.items()}


def supervision_trials(params: Params) -> list[str]:
    """The trials in which safeguarding leads are supervised: contacts of their schools are sent."""
    return [name for name, trial in params.trials.items() if trial.programme == "DSLS"]


def simulate_world(slug: str, params: Params, seed: int, size: Size) -> World:
    """The world of one authority, the same whatever else is simulated beside it."""
    number = authority_numbers(params)[slug]
    targets = targets_for(slug, stream(seed, slug, "targets"))
    schools = simulate_schools(
        size.groups[slug], params.authorities[slug], number, targets, stream(seed, slug, "schools")
    )
    population = _population(slug, params, seed, size, number)
    spells = simulate_enrolment(population, schools, stream(seed, slug, "enrolment"))
    exposure = Exposure(schools, spells, effects_from(params))
    away, spells = simulate_suspensions(population, exposure, targets, stream(seed, slug, "suspensions"))
    exposure = Exposure(schools, spells, effects_from(params))
    children = size.children(params.authorities[slug]) * size.event_factor
    cases = simulate_cases(population, exposure, targets, children, stream(seed, slug, "cases"))
    if size.name == "full" and planned()["one_child_cell"]["authority"] == slug:
        cases = with_one_child_in_care(cases, exposure)
    events = simulate_enquiries(cases, population, exposure, targets, children, stream(seed, slug, "enquiries"))
    in_care, known = _known_to_care(events, population.number)
    sessions = simulate_attendance(population, exposure, targets, in_care, stream(seed, slug, "attendance"))
    results = simulate_attainment(
        population,
        exposure,
        targets,
        sessions,
        known,
        stream(seed, slug, "attainment"),
        stream(seed, slug, "ks2 priors"),
        stream(seed, slug, "school results"),
    )
    rolls = Rolls(population, exposure, sessions, away, draw_sen(population, stream(seed, slug, "sen")))
    texts = describe_cases(events, population, exposure, targets, stream(seed, slug, "texts"))
    return World(
        slug=slug,
        number=number,
        targets=targets,
        population=population,
        schools=schools,
        exposure=exposure,
        events=events,
        texts=texts,
        children=describe_children(events, number, stream(seed, slug, "children")),
        episodes=simulate_care(events.cases, population, stream(seed, slug, "care")),
        rolls=rolls,
        attainment=results,
        delivery=_delivery(schools, params, number, seed, slug),
        contacts=simulate_contacts(
            population,
            exposure.of(supervision_trials(params)),
            events,
            texts.source,
            targets,
            size.event_factor,
            stream(seed, slug, "contacts"),
            with_quiet_school=size.name == "full" and planned()["no_contact_in_a_year"]["authority"] == slug,
        ),
        survey=simulate_survey(schools, params.trials, slug, number, stream(seed, slug, "survey")),
    )


def _delivery(schools: Schools, params: Params, number: int, seed: int, slug: str) -> pd.DataFrame:
    """Who worked where, the months of the community of practice, and supervision sessions."""
    spells = simulate_delivery(schools, number, stream(seed, slug, "delivery"))
    met = simulate_community(spells, stream(seed, slug, "community of practice"))
    sessions = simulate_sessions(schools, params.trials, number, stream(seed, slug, "supervision"))
    return with_months(spells, met, sessions)


def with_one_child_in_care(cases: Cases, exposure: Exposure) -> Cases:
    """Cases of which a single child of the control arm enters care in 2020/21: a cell that must never be published."""
    school = exposure.spells.school_on(cases.child, cases.care_first)
    at_control = (school >= 0) & (exposure.schools.arm[np.maximum(school, 0)] == "control")
    in_year = (cases.care_first >= day(2020, 9, 1)) & (cases.care_first <= day(2021, 8, 31))
    others = np.flatnonzero(at_control & in_year)[1:]
    first, last = cases.care_first.copy(), cases.care_last.copy()
    first[others], last[others] = OPEN, OPEN
    return replace(cases, care_first=first, care_last=last)


def _known_to_care(events: Events, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Which children ever were in care, and which ever were in need."""
    in_care, known = np.zeros(number), np.zeros(number)
    in_care[events.cases.child[events.cases.care_first < OPEN]] = 1
    known[events.cases.child[events.cases.kind == IN_NEED]] = 1
    return in_care, known


def _population(slug: str, params: Params, seed: int, size: Size, number: int) -> Population:
    """Residents with those who go to school across a border, and visitors from the other side of one."""
    residents = simulate_population(size.children(params.authorities[slug]), number, stream(seed, slug, "population"))
    others = []
    numbers_of = authority_numbers(params)
    for block, (host, home) in enumerate(size.borders):
        if slug in (host, home):
            pupils = sum(group.schools * group.pupils_per_school for group in size.groups[host])
            crossing = max(6, round(pupils * planned()["border_pupils_per_1000"] / 1000 * 2))
            rng = stream(seed, host, home, "border")
            others.append((border_children(crossing, numbers_of[home], block, rng), slug == home))
    return joined(residents, others)
