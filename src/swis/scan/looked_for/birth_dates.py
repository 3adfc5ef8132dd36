"""Dates of birth: after a label, in a column with such a heading, or many of them together.

One date alone tells nothing (every day is somebody's birthday), so an unlabelled date is no alarm. Ten different dates
are when all could be birthdays of children in the returns and hardly any is the first or last of a month, as the
days of laws, terms and openings are. Days after the first return starts are left out: they may be days of events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from swis.scan.find import matches
from swis.scan.known import Known
from swis.scan.normal import DATE, dates_in, iso_date, plain
from swis.scan.parts import BIRTH_DATE

LABEL = re.compile(
    r"(?<![A-Z])(?:DOB|D\.O\.B\.?|DATE[ _-]?OF[ _-]?BIRTH|BIRTH[ _-]?DATE|BIRTHDAY|PERSONBIRTHDATE|(BORN)(?: ON)?)"
    r"[^A-Z0-9\n]{0,12}(?=[\dA-Z])"
)
HEADINGS = {
    "dob", "dateofbirth", "birthdate", "personbirthdate", "expectedpersonbirthdate", "expectedbirthdate", "mcdob",
    "persondeathdate", "deathdate", "childdob", "pupildob", "childdateofbirth", "pupildateofbirth",
}  # fmt: skip
# The children in need returns of the trials start with 2017/18 (1 April 2017).
HINTS = (
    "DOB",
    "D.O.B",
    "DATE OF BIRTH",
    "DATE_OF_BIRTH",
    "DATE-OF-BIRTH",
    "DATEOFBIRTH",
    "BIRTHDATE",
    "BIRTH DATE",
    "BIRTH_DATE",
    "BIRTH-DATE",
    "BIRTHDAY",
    "PERSONBIRTHDATE",
    "BORN",
)
# After a label two digits of a year are enough: nobody in the returns was born before 1931.
SHORT_YEAR = re.compile(r"(\d\d?)[-/. ](\d\d?)[-/. ](\d\d)(?![\d.,]\d|\d)")
FIRST_YEAR = 31
FIRST_DAY_OF_RETURNS = "2017-04-01"
LEAST_MANY = 10
MOST_SHARE_AT_THE_ENDS_OF_MONTHS = 0.3


def birth_dates_labelled(upper: str) -> set[str]:
    """The dates that follow a label in upper-case text ("born" is no label of the first or last day of a month)."""
    found = set()
    for label in matches(LABEL, upper, HINTS):
        day = _date_at(upper, label.end())
        if day is not None and not (label.group(1) and _ends_month(day)):
            found.add(day)
    return found


def _date_at(upper: str, place: int) -> str | None:
    match = DATE.match(upper, place)
    if match is not None:
        return iso_date(match)
    short = SHORT_YEAR.match(upper, place)
    if short is None:
        return None
    century = 19 if int(short.group(3)) >= FIRST_YEAR else 20
    return next(iter(dates_in("/".join([short.group(1), short.group(2), f"{century}{short.group(3)}"]))), None)


def birth_dates_under_heading(heading: str, values: Sequence[str]) -> set[str]:
    """The dates in a column whose heading (small letters and digits only) says that they are dates of birth."""
    return set(_dates_of(values)) if heading in HEADINGS else set()


def many_birth_dates(dates: Iterable[str], known: Known) -> set[str]:
    """The dates of birth among ISO dates, where there are so many of them that they can be nothing else."""
    before = sorted({day for day in dates if day < FIRST_DAY_OF_RETURNS})
    if len(before) < LEAST_MANY:
        return set()
    held = {before[place] for place in known.hashes.holds(BIRTH_DATE, before).nonzero()[0]}
    at_ends = sum(_ends_month(day) for day in before)
    enough = len(held) >= max(LEAST_MANY, 0.9 * len(before))
    return held if enough and at_ends <= MOST_SHARE_AT_THE_ENDS_OF_MONTHS * len(before) else set()


def _dates_of(values: Sequence[str]) -> Iterable[str]:
    return (day for value in values for day in dates_in(plain(value)))


def _ends_month(day: str) -> bool:
    own = date.fromisoformat(day)
    return own.day == 1 or (own + timedelta(days=1)).day == 1
