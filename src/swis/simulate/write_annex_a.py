"""One Annex A workbook: lists 1 to 6 of the six months before 31 March, as an authority sends it to Ofsted.

True dates beside dates as text, one code in several spellings, non-breaking spaces in names of columns and teams:
the workbook is as untidy as real ones (Ofsted Annex A guidance; layout of published blank workbooks).
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xlsxwriter

from swis.simulate.cases import NO_FURTHER_ACTION
from swis.simulate.contacts import EARLY_HELP
from swis.simulate.days import OPEN, date_of, day

if TYPE_CHECKING:
    from swis.simulate.world import World

SEX_SPELLINGS = {"1": ["a) Male", "Male"], "2": ["b) Female", "Female"]}
CHILD = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
SCHOOLS, SCHOOLS_SPELT = "2A", "h) 2A: Schools"
CREATED = datetime(2024, 1, 1)
# No text here is an address, a formula or a number, so none need be tried as one.
AS_THEY_ARE = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
Cells = list[list[Any]]


def write_annex_a(path: Path, world: World, year: int) -> int:
    """Write the workbook of a year; returns its bytes. The same world gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy", **AS_THEY_ARE})
    book.set_properties({"created": CREATED, "author": "SWIS-SYNTHETIC"})
    for name, heads, rows in _lists(world, day(year - 1, 10, 1), day(year, 3, 31)):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, heads)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    book.close()
    return path.stat().st_size


def _lists(world: World, first: int, last: int) -> list[tuple[str, list[str], Cells]]:
    cases, events, contacts = world.events.cases, world.events, world.contacts
    recent = np.flatnonzero((cases.referral >= first) & (cases.referral <= last))
    made = np.flatnonzero((contacts.made >= first) & (contacts.made <= last) & (contacts.case < 0))
    begun = np.flatnonzero((events.assessments["start"] >= first) & (events.assessments["start"] <= last))
    enquired = np.flatnonzero((events.section47["start"] >= first) & (events.section47["start"] <= last))
    planned = np.flatnonzero((events.need_plans["start"] <= last) & (events.need_plans["end"] >= first))
    return [
        ("List 1", [*CHILD, "Date of Contact", "Contact Source"], _contacts(world, recent, made)),
        (
            "List 2",
            [*CHILD, "Assessment start date", "Assessment completion date", "Organisation completing assessment"],
            _early_help(world, recent, made),
        ),
        (
            "List 3",
            [
                *CHILD,
                "Date of Referral",
                "Referral Source",
                "Referral NFA?",
                "Number of Referrals in Last 12 Months",
                "Allocated Team",
            ],
            _referrals(world, recent),
        ),
        (
            "List 4",
            [
                *CHILD,
                "Does the Child have a Disability",
                "Continuous Assessment Start Date",
                "Continuous Assessment Date of Authorisation",
            ],
            _assessments(world, begun, last),
        ),
        (
            "List 5",
            [
                *CHILD,
                "Strategy discussion initiating Section 47 Enquiry Start Date",
                "Was an Initial Child Protection Conference deemed unnecessary?",
                "Date of Initial Child Protection Conference",
            ],
            _enquiries(world, enquired, last),
        ),
        (
            "List 6",
            [*CHILD, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Case Status"],
            _plans(world, planned, last),
        ),
    ]


def _who(world: World, child: int, on: int, identifier: str = "") -> list[Any]:
    """The columns every list begins with; sex in one of its spellings. `identifier` where no return holds the child."""
    population = world.population
    sex = SEX_SPELLINGS["1" if population.is_male[child] else "2"][child % 2]
    identifier = identifier or world.children.la_child_id[world.children.position(np.array([child]))[0]]
    born = int(population.born[child])
    return [
        identifier,
        sex,
        f"a) {population.ethnicity[child]}",
        _cell(born, child),
        round(max(on - born, 0) / 365.25, 4),
    ]


def _cell(number: int, child: int) -> date | str:
    """A true date, or in one row of seven a text."""
    if number >= OPEN:
        return ""
    when = date_of(number)
    return when.strftime("%d/%m/%Y") if child % 7 == 0 else when


def _source(world: World, case: int) -> str:
    code = str(world.texts.source[case])
    spelt = {SCHOOLS: SCHOOLS_SPELT, "6": "q) 6: Police"}.get(code, f"{code}: Other source")
    return code if case % 5 == 0 else spelt


def _contacts(world: World, places: np.ndarray, made: np.ndarray) -> Cells:
    """The contact behind each referral, and those of the supervision trials' schools (`made`) that led to none."""
    cases, contacts = world.events.cases, world.contacts
    behind = {case: day for case, day in zip(contacts.case.tolist(), contacts.made.tolist(), strict=True) if case >= 0}
    rows = [
        [
            *_who(world, int(cases.child[case]), int(cases.referral[case])),
            _cell(behind.get(case, int(cases.referral[case]) - case % 2), int(cases.child[case])),
            _source(world, case),
        ]
        for case in places.tolist()
    ]
    return [
        *rows,
        *(
            [
                *_of_contact(world, place),
                _cell(int(contacts.made[place]), int(contacts.child[place])),
                SCHOOLS if place % 5 == 0 else SCHOOLS_SPELT,
            ]
            for place in made.tolist()
        ),
    ]


def _of_contact(world: World, place: int) -> list[Any]:
    """Who a contact is about, whether or not another return holds the child."""
    return _who(world, int(world.contacts.child[place]), int(world.contacts.made[place]), world.contact_ids[place])


def _early_help(world: World, places: np.ndarray, made: np.ndarray) -> Cells:
    """Early help after a referral without further action, and after a contact (of those `made`) that led to it."""
    cases, contacts = world.events.cases, world.contacts
    of_cases = [
        [*_who(world, int(cases.child[case]), int(cases.referral[case])), *_helped(int(cases.referral[case]))]
        for case in places.tolist()
        if cases.kind[case] == NO_FURTHER_ACTION
    ]
    of_contacts = [
        [*_of_contact(world, place), *_helped(int(contacts.decided[place]))]
        for place in made.tolist()
        if contacts.outcome[place] == EARLY_HELP
    ]
    return [*of_cases, *of_contacts]


def _helped(decided: int) -> list[Any]:
    return [_cell(decided + 5, 1), _cell(decided + 40, 1), "Early\u00a0Help Team"]


def _referrals(world: World, places: np.ndarray) -> Cells:
    cases = world.events.cases
    return [
        [
            *_who(world, int(cases.child[case]), int(cases.referral[case])),
            _cell(int(cases.referral[case]), int(cases.child[case])),
            _source(world, case),
            ("Yes" if case % 2 else "a) Yes") if cases.kind[case] == NO_FURTHER_ACTION else "No",
            0,
            "Duty\u00a0Team",
        ]
        for case in places.tolist()
    ]


def _assessments(world: World, places: np.ndarray, last: int) -> Cells:
    cases, table = world.events.cases, world.events.assessments
    rows = []
    for place in places.tolist():
        child = int(cases.child[table["case"][place]])
        start, end = int(table["start"][place]), int(table["end"][place])
        rows.append(
            [*_who(world, child, start), "b) No", _cell(start, child), _cell(end if end <= last else OPEN, child)]
        )
    return rows


def _enquiries(world: World, places: np.ndarray, last: int) -> Cells:
    cases, table = world.events.cases, world.events.section47
    rows = []
    for place in places.tolist():
        child = int(cases.child[table["case"][place]])
        start, meeting = int(table["start"][place]), int(table["conference"][place])
        unnecessary = "a) Yes" if meeting >= OPEN else "No"
        rows.append(
            [
                *_who(world, child, start),
                _cell(start, child),
                unnecessary,
                _cell(meeting if meeting <= last else OPEN, child),
            ]
        )
    return rows


def _plans(world: World, places: np.ndarray, last: int) -> Cells:
    cases, table = world.events.cases, world.events.need_plans
    rows = []
    for place in places.tolist():
        case = int(table["case"][place])
        child, start, end = int(cases.child[case]), int(table["start"][place]), int(table["end"][place])
        need = f"{world.texts.need[case]} - Need"
        rows.append(
            [
                *_who(world, child, start),
                _cell(start, child),
                need,
                _cell(end if end <= last else OPEN, child),
                "c) Child in need plan",
            ]
        )
    return rows
