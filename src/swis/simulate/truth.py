"""What is true of a simulated authority before any fault: counts by school and month, pupil days, school years.

`linkable` counts the events of children whose number is on the roll or in a former number; the others have a temporary
number or none in the census, and no pipeline can attribute them. A school is the one of main registration on the day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.attendance import FIRST_YEAR, LAST_YEAR, TERMS
from swis.simulate.cases import IN_NEED, NO_FURTHER_ACTION, NOT_IN_NEED
from swis.simulate.contacts import EARLY_HELP, REFERRAL, UNDECIDED
from swis.simulate.contacts import NO_FURTHER_ACTION as NO_ACTION_CONTACT
from swis.simulate.days import OPEN, as_dates, count_working_days, day, reporting_year
from swis.simulate.enrolment import year_group
from swis.simulate.terms import span
from swis.simulate.world import World

LINKABLE = ("usual", "changed on the roll", "changed in the return")
FIRST_DAY, LAST_DAY = day(2017, 9, 1), day(2024, 3, 31)
Event = tuple[str, np.ndarray, np.ndarray]


def events_of(world: World) -> list[Event]:
    """Every counted event as (measure, child, day)."""
    events, cases = world.events, world.events.cases
    enquiry, plan, assessment = events.section47, events.plans, events.assessments
    acted = cases.kind[assessment["case"]] != NO_FURTHER_ACTION
    first = np.concatenate([[True], np.diff(assessment["case"]) != 0]) if len(acted) else acted
    begun = np.where(first, cases.referral[assessment["case"]], assessment["start"])
    timely = count_working_days(begun, assessment["end"]) <= 45
    held = enquiry["conference"] < OPEN
    prompt = held & (
        count_working_days(enquiry["start"], np.where(held, enquiry["conference"], enquiry["start"])) <= 15
    )
    again = np.concatenate([[False], (np.diff(cases.child) == 0) & (np.diff(cases.referral) <= 365)])
    care = cases.care_first < OPEN
    rows = [
        ("referrals", cases.child, cases.referral, None),
        ("referrals_from_schools", cases.child, cases.referral, world.texts.source == "2A"),
        ("referrals_no_further_action", cases.child, cases.referral, cases.kind == NO_FURTHER_ACTION),
        ("rereferrals_within_12_months", cases.child, cases.referral, again),
        ("section17_assessments_started", cases.child[assessment["case"]], assessment["start"], None),
        ("section17_assessments_completed", cases.child[assessment["case"]], assessment["end"], None),
        ("assessments_within_45_working_days", cases.child[assessment["case"]], assessment["end"], timely),
        ("section47_enquiries", cases.child[enquiry["case"]], enquiry["start"], None),
        ("conferences", cases.child[enquiry["case"]], enquiry["conference"], held),
        ("conferences_within_15_working_days", cases.child[enquiry["case"]], enquiry["conference"], prompt),
        ("protection_plans_started", cases.child[plan["case"]], plan["start"], None),
        ("children_entering_care", cases.child, cases.care_first, care),
    ]
    return [
        (name, child if mask is None else child[mask], days if mask is None else days[mask])
        for name, child, days, mask in rows
    ]


def school_months(world: World) -> pd.DataFrame:
    """Events by school and month: authority, urn, month (its first day), measure, count, linkable."""
    parts = [_counted(world, measure, child, days, np.ones(len(child))) for measure, child, days in events_of(world)]
    parts.append(_days_in_care(world))
    return pd.concat([*parts, *_contacts(world)], ignore_index=True)


def _contacts(world: World) -> list[pd.DataFrame]:
    """Contacts of the supervision trials' schools: all of them, by outcome, and those about sexual abuse."""
    contacts = world.contacts
    masks = {
        "contacts_from_schools": np.ones(contacts.number, dtype=bool),
        "contacts_no_further_action": contacts.outcome == NO_ACTION_CONTACT,
        "contacts_early_help": contacts.outcome == EARLY_HELP,
        "contacts_to_referral": contacts.outcome == REFERRAL,
        "contacts_undecided": contacts.outcome == UNDECIDED,
        "contacts_sexual_abuse": contacts.is_about_sexual_abuse,
    }
    parts = [(name, contacts.take(np.flatnonzero(mask))) for name, mask in masks.items()]
    return [_counted(world, name, one.child, one.made, np.ones(one.number), one.school) for name, one in parts]


def _counted(
    world: World,
    measure: str,
    child: np.ndarray,
    days: np.ndarray,
    amount: np.ndarray,
    school: np.ndarray | None = None,
) -> pd.DataFrame:
    at = world.exposure.spells.school_on(child, days) if school is None else school
    kept = (at >= 0) & (days >= FIRST_DAY) & (days <= LAST_DAY)
    can_link = np.isin(world.population.link[child[kept]].astype(str), LINKABLE)
    frame = pd.DataFrame(
        {
            "urn": world.schools.urn[at[kept]],
            "month": as_dates(days[kept]).astype("datetime64[M]").astype("datetime64[s]"),
            "count": amount[kept],
            "linkable": amount[kept] * can_link,
        }
    )
    summed = frame.groupby(["urn", "month"], as_index=False)[["count", "linkable"]].sum()
    return summed.assign(authority=world.slug, measure=measure)[
        ["authority", "urn", "month", "measure", "count", "linkable"]
    ]


def _days_in_care(world: World) -> pd.DataFrame:
    """Days of each period of care by month, at the school on roll on its first day (short breaks are not care)."""
    cases = world.events.cases
    places = np.flatnonzero(cases.care_first < OPEN)
    school = world.exposure.spells.school_on(cases.child[places], cases.care_first[places])
    places, school = places[school >= 0], school[school >= 0]
    months = [day(year, month, 1) for year in range(2017, 2025) for month in range(1, 13)]
    of_months = []
    for first, following in zip(months, [*months[1:], day(2025, 1, 1)], strict=True):
        first_day = np.maximum(cases.care_first[places], first)
        amount = np.clip(np.minimum(cases.care_last[places], following) - first_day, 0, None).astype(float)
        some = amount > 0
        of_months.append((cases.child[places[some]], np.full(int(some.sum()), first), amount[some], school[some]))
    child, when, amount, at = (np.concatenate(arrays) for arrays in zip(*of_months, strict=True))
    counted = _counted(world, "days_in_care", child, when, amount, at)
    return counted.sort_values(["month", "urn"], ignore_index=True)


def pupil_days(world: World) -> pd.DataFrame:
    """Days on roll (main registration) by school and month: urn, month (its first day), pupil_days, authority."""
    spells = world.exposure.spells
    main = np.flatnonzero(spells.is_main)
    months = [day(year, month, 1) for year in range(2017, 2025) for month in range(1, 13)]
    rows = []
    for first, following in zip(months, [*months[1:], day(2025, 1, 1)], strict=True):
        if first < FIRST_DAY or first > LAST_DAY:
            continue
        overlap = np.clip(np.minimum(spells.last[main] + 1, following) - np.maximum(spells.first[main], first), 0, None)
        total = np.bincount(spells.school[main], weights=overlap, minlength=world.schools.number)
        rows.append(
            pd.DataFrame({"urn": world.schools.urn, "month": as_dates(np.array([first]))[0], "pupil_days": total})
        )
    frame = pd.concat(rows, ignore_index=True)
    frame["month"] = frame["month"].astype("datetime64[s]")
    return frame[frame["pupil_days"] > 0].assign(authority=world.slug)


def school_years(world: World) -> pd.DataFrame:
    """Absence, suspensions and results by school and academic year (columns as sums, so that they add up)."""
    rows = [_school_year(world, year) for year in range(FIRST_YEAR + 1, LAST_YEAR)]
    return pd.concat([_results(world), *rows], ignore_index=True).assign(authority=world.slug)


def _school_year(world: World, year: int) -> pd.DataFrame:
    """Sums over the spells of each school; code X is possible and no absence (September 2020 to March 2022)."""
    spells, sessions = world.exposure.spells, world.rolls.sessions
    label = f"{year}/{(year + 1) % 100:02d}"
    group = year_group(world.population.year_of_birth[spells.child], year)
    possible, authorised, unauthorised = (np.zeros(spells.number) for _ in range(3))
    for term in TERMS:
        found = sessions.get(f"{label} {term}")
        if found is None:
            continue
        counted = spells.is_main & ~((group >= 11) & (term == "summer half-term 2"))
        possible += found.possible * counted
        authorised += found.authorised * counted
        unauthorised += found.unauthorised * counted
    rate = (authorised + unauthorised) / np.maximum(possible, 1)
    away = world.rolls.suspensions
    inside = (away.day >= span(year, "autumn").first) & (away.day <= span(year, "summer half-term 2").last)
    fixed = inside & ~away.is_permanent
    columns = {
        "sessions_possible": possible,
        "sessions_authorised": authorised,
        "sessions_unauthorised": unauthorised,
        "enrolments": possible > 0,
        "persistently_absent": (rate >= 0.10) & (possible > 0),
        "severely_absent": (rate >= 0.50) & (possible > 0),
        "suspensions": np.bincount(away.spell[fixed], minlength=spells.number),
        "pupils_suspended": np.bincount(away.spell[fixed], minlength=spells.number) > 0,
        "permanent_exclusions": np.bincount(away.spell[inside & away.is_permanent], minlength=spells.number),
        "suspensions_persistent_disruptive_behaviour": _disruptive(world, fixed),
        "sessions_lost_to_suspension": np.bincount(
            away.spell[fixed], weights=away.sessions[fixed], minlength=spells.number
        ),
    }
    parts = [
        pd.DataFrame(
            {
                "urn": world.schools.urn,
                "academic_year": label,
                "measure": name,
                "total": np.bincount(spells.school, weights=values.astype(float), minlength=world.schools.number),
            }
        )
        for name, values in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _disruptive(world: World, fixed: np.ndarray) -> np.ndarray:
    away = world.rolls.suspensions
    named = fixed & ((away.reason == "DB") | (away.second_reason == "DB"))
    return np.bincount(away.spell[named], minlength=world.exposure.spells.number)


def _results(world: World) -> pd.DataFrame:
    """Sums and numbers of results by school and academic year."""
    results = world.attainment
    parts = []
    names = {
        "KS4_ATT8": "attainment8",
        "KS4_P8SCORE": "progress8",
        "KS4_L2BASICS_95": "english_maths_grade5",
        "KS2_RWM_EXPECTED": "ks2_expected_standard",
    }
    for column, name in names.items():
        held = results[results[column].ne("")]
        grouped = held.assign(value=held[column].astype(float)).groupby(["urn", "academic_year"])["value"]
        summed = grouped.agg(["sum", "size"]).reset_index()
        for suffix, values in (("_sum", "sum"), ("_results", "size")):
            part = summed[["urn", "academic_year"]].assign(measure=name + suffix, total=summed[values].astype(float))
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def school_rates(world: World) -> pd.DataFrame:
    """What was drawn for each allocated school: arm, log relative rate by academic year, effects."""
    schools = world.schools
    places = np.flatnonzero(schools.arm != "")
    parts = []
    for year in range(2018, 2024):
        when = np.full(len(places), day(year, 10, 1))
        level = world.exposure.level(places, when, 1.0)
        parts.append(
            pd.DataFrame(
                {
                    "authority": world.slug,
                    "urn": schools.urn[places],
                    "trial": schools.trial[places],
                    "arm": schools.arm[places],
                    "is_analysed": schools.is_analysed[places],
                    "academic_year": f"{year}/{(year + 1) % 100:02d}",
                    "log_relative_rate": np.log(level),
                    "rate_ratio_section47": world.exposure.effect(places, when, "section47"),
                    "rate_ratio_referrals": world.exposure.effect(places, when, "referrals"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def authority_years(world: World, children: float) -> pd.DataFrame:
    """Counts of the whole authority by reporting year, as its returns should show them, and the children 0 to 17."""
    cases, events = world.events.cases, world.events
    rows = []
    for measure, _, days in events_of(world):
        years, counts = np.unique(reporting_year(days), return_counts=True)
        rows += [(measure, int(year), int(count)) for year, count in zip(years, counts, strict=True)]
    for year in range(2018, 2025):
        end = day(year, 3, 31)
        rows.append(
            ("looked_after_at_31_march", year, int(((cases.care_first <= end) & (cases.care_last > end)).sum()))
        )
        rows.append(
            (
                "on_a_protection_plan_at_31_march",
                year,
                int(((events.plans["start"] <= end) & (events.plans["end"] > end)).sum()),
            )
        )
        in_need = ((cases.referral <= end) & (cases.closure > end) & (cases.kind == IN_NEED)).sum()
        rows.append(("in_need_at_31_march", year, int(in_need)))
        referred = reporting_year(cases.referral) == year
        rows.append(("referrals_not_in_need", year, int((referred & (cases.kind == NOT_IN_NEED)).sum())))
    frame = pd.DataFrame(rows, columns=["measure", "reporting_year", "count"])
    frame = frame[frame["reporting_year"].between(2018, 2024)]
    return frame.assign(authority=world.slug, children=children)


def border_events(world: World) -> pd.DataFrame:
    """Events of this authority's children who may be on rolls elsewhere: upn, measure, day."""
    frames = [
        pd.DataFrame({"upn": world.population.upn[child], "measure": measure, "day": days})[
            world.population.is_border[child]
        ]
        for measure, child, days in events_of(world)
    ]
    return pd.concat(frames, ignore_index=True)


def visitor_spells(world: World) -> pd.DataFrame:
    """Spells of pupils whose home is a neighbour authority: upn, urn, first, last."""
    spells = world.exposure.spells
    rows = np.flatnonzero(~world.population.lives_here[spells.child] & spells.is_main)
    return pd.DataFrame(
        {
            "authority": world.slug,
            "upn": world.population.upn[spells.child[rows]],
            "urn": world.schools.urn[spells.school[rows]],
            "first": spells.first[rows],
            "last": spells.last[rows],
        }
    )
