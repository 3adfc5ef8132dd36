"""Section 47 enquiries, initial conferences, protection plans, further assessments and child in need plans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.simulate.calibration import Targets, numbers
from swis.simulate.cases import IN_NEED, Cases, age_weight, assessment_days, banded_days, closing_limit, with_closure
from swis.simulate.days import OPEN, add_working_days, next_working_day, reporting_year
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population

LEAST_DAYS_BETWEEN = 75


@dataclass(frozen=True)
class Events:
    """Everything inside cases: each table's `case` is the place of its case; days that never came are `OPEN`."""

    cases: Cases
    section47: dict[str, np.ndarray]
    plans: dict[str, np.ndarray]
    assessments: dict[str, np.ndarray]
    need_plans: dict[str, np.ndarray]


def simulate_enquiries(
    cases: Cases,
    population: Population,
    exposure: Exposure,
    targets: Targets,
    children: float,
    rng: np.random.Generator,
) -> Events:
    """Events of all cases; cases stay open for as long as a protection plan in them."""
    limit = closing_limit(cases, population)
    case, start = _section47(cases, population, exposure, targets, children, rng)
    conference = _conferences(case, start, limit, targets, rng)
    section47, plans = _with_plans(cases, case, start, conference, limit, rng)
    closure = cases.closure.copy()
    settled = np.where(conference < OPEN, conference, start) + 5
    np.maximum.at(closure, section47["case"], np.minimum(settled, limit[section47["case"]]))
    ends = np.minimum(plans["end"] + rng.integers(0, 45, len(plans["end"])), limit[plans["case"]])
    np.maximum.at(closure, plans["case"], np.maximum(ends, np.minimum(plans["end"], limit[plans["case"]])))
    cases = with_closure(cases, closure)
    return Events(cases, section47, plans, _assessments(cases, section47, targets, rng), _need_plans(cases, plans, rng))


def _weight(cases: Cases, case: np.ndarray, days: np.ndarray, population: Population, exposure: Exposure) -> np.ndarray:
    """Relative chance of an enquiry: age, the school's level, and the effect on enquiries net of that on referrals."""
    child, referral = cases.child[case], cases.referral[case]
    ages = days - population.born[child]
    usual = np.maximum(age_weight(referral - population.born[child], "referral_weight_by_band"), 0.2)
    school = exposure.spells.school_on(child, days)
    power = 1 - numbers()["between_schools"]["referral_share_of_log"]
    ratio = exposure.effect(school, days, "section47") / exposure.effect(cases.school[case], referral, "referrals")
    return age_weight(ages, "section47_weight_by_band") / usual * exposure.level(school, days, power) * ratio


def _section47(
    cases: Cases,
    population: Population,
    exposure: Exposure,
    targets: Targets,
    children: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Case and first day of each enquiry: most within a week of the referral, the rest later in long cases."""
    in_need = np.flatnonzero(cases.kind == IN_NEED)
    early = add_working_days(cases.referral[in_need], rng.integers(0, 5, len(in_need)))
    long = in_need[cases.closure[in_need] - cases.referral[in_need] > 150]
    wait = 90 + rng.random(len(long)) * (np.minimum(cases.closure[long] - cases.referral[long], 1500) - 120)
    later = next_working_day(cases.referral[long] + wait.astype("int64"))
    share = float(numbers()["share_of_later_section47"])
    parts = [(in_need, early, 1 - share), (long, later, share)]
    chosen = [_chosen(cases, *part, population, exposure, targets, children, rng) for part in parts]
    case, start = (np.concatenate(column) for column in zip(*chosen, strict=True))
    order = np.lexsort((start, case))
    case, start = case[order], start[order]
    near = np.concatenate([[False], (np.diff(case) == 0) & (np.diff(start) < LEAST_DAYS_BETWEEN)])
    return case[~near], start[~near]


def _chosen(
    cases: Cases,
    case: np.ndarray,
    days: np.ndarray,
    share: float,
    population: Population,
    exposure: Exposure,
    targets: Targets,
    children: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    weight = _weight(cases, case, days, population, exposure)
    years = reporting_year(days)
    chance = np.zeros(len(case))
    for year, rate in zip(targets.years, targets.rates["section47"], strict=True):
        members = years == year
        wanted = rate * children / 10_000 * share
        chance[members] = _filled(weight[members], wanted)
    kept = rng.random(len(case)) < chance
    return case[kept], days[kept]


def _filled(weight: np.ndarray, wanted: float) -> np.ndarray:
    """Chances in proportion to weights that add up to the number wanted, none above 0.97."""
    chance = np.zeros(len(weight))
    for _ in range(6):
        free = chance < 0.97
        if not weight[free].sum():
            break
        rest = wanted - chance[~free].sum()
        chance[free] = np.minimum(0.97, weight[free] * max(rest, 0) / weight[free].sum())
    return chance


def _conferences(
    case: np.ndarray, start: np.ndarray, limit: np.ndarray, targets: Targets, rng: np.random.Generator
) -> np.ndarray:
    """Day of the initial conference of each enquiry, `OPEN` where none is needed."""
    year = targets.index(reporting_year(start))
    chance = targets.rates["conferences"][year] / targets.rates["section47"][year] * 1.04
    within, beyond = numbers()["conference_days_within"], numbers()["conference_days_beyond"]
    days = add_working_days(start, banded_days(targets.within_15[year], within, beyond, rng))
    held = (rng.random(len(case)) < chance) & (days < limit[case] - 20)
    return np.where(held, days, OPEN)


def _with_plans(
    cases: Cases,
    case: np.ndarray,
    start: np.ndarray,
    conference: np.ndarray,
    limit: np.ndarray,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Protection plans from the day of the conference; no conference while the child has a plan."""
    length = numbers()["plan_duration_years"]
    days = 365.25 * np.minimum(
        length["median"] * np.exp(length["sigma"] * rng.normal(size=len(case))), length["longest"]
    )
    end = np.minimum(conference + np.maximum(days, 15).astype("int64"), limit[case] - 5)
    wanted = (conference < OPEN) & (rng.random(len(case)) < numbers()["share_of_conferences_with_plan"])
    child = cases.child[case]
    order = np.lexsort((start, child))
    planned, held = np.zeros(len(case), bool), conference.copy()
    until, previous, number = -1, -1, np.zeros(len(case), "int64")
    count = 0
    for place in order:
        if child[place] != previous:
            until, previous, count = -1, child[place], int(rng.random() < 0.12)
        if start[place] <= until + 20:
            held[place] = OPEN
        elif wanted[place]:
            planned[place], until, number[place] = True, end[place], count
            count += 1
    chosen = np.flatnonzero(planned)
    conference[:] = held
    plans = {"case": case[chosen], "start": held[chosen], "end": end[chosen], "previous": number[chosen]}
    return {"case": case, "start": start, "conference": held}, plans


def _assessments(
    cases: Cases, section47: dict[str, np.ndarray], targets: Targets, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """The first assessment of every case with action, and another with each enquiry that comes when it is over."""
    first = np.flatnonzero(cases.kind > 0)
    late = section47["start"] > cases.assessment_end[section47["case"]]
    later, start = section47["case"][late], section47["start"][late]
    apart = np.concatenate([[True], (np.diff(later) != 0) | (np.diff(start) > 70)]) if len(later) else late[:0]
    later, start = later[apart], start[apart]
    days = assessment_days(targets.within_45[targets.index(reporting_year(start))], rng)
    end = np.minimum(add_working_days(start, days), cases.closure[later])
    columns = {
        "case": np.concatenate([first, later]),
        "start": np.concatenate([cases.assessment_start[first], start]),
        "end": np.concatenate([cases.assessment_end[first], np.maximum(end, start)]),
    }
    order = np.lexsort((columns["start"], columns["case"]))
    return {name: values[order] for name, values in columns.items()}


def _need_plans(cases: Cases, plans: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Child in need plans after the assessment: never during a protection plan or care."""
    chosen = np.flatnonzero(
        (cases.kind == IN_NEED) & (rng.random(cases.number) < numbers()["share_of_cases_with_plan"])
    )
    start = next_working_day(cases.assessment_end[chosen] + rng.integers(1, 15, len(chosen)))
    first_plan, last_plan = np.full(cases.number, OPEN), np.full(cases.number, 0)
    np.minimum.at(first_plan, plans["case"], plans["start"])
    np.maximum.at(last_plan, plans["case"], plans["end"])
    steps_down = (start >= first_plan[chosen]) & (last_plan[chosen] < OPEN - 5000)
    start = np.where(steps_down, next_working_day(last_plan[chosen] + 3), start)
    barrier = np.where(start < first_plan[chosen], first_plan[chosen] - 1, cases.closure[chosen])
    barrier = np.minimum(np.minimum(barrier, cases.care_first[chosen] - 1), cases.closure[chosen])
    end = np.minimum(start + 30 + rng.exponential(230, len(chosen)).astype("int64"), barrier)
    kept = end > start + 6
    return {"case": chosen[kept], "start": start[kept], "end": end[kept]}
