"""Names of children: a given name beside its own family name, as the returns hold them; and what a label calls a name.

One name alone is no alarm ("Young", "Rose", "Grace" are words): the pair must be one child's, side by side in either
order, both with a capital first letter. Names are in no table of this package; a school census extract holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swis.scan.find import matches
from swis.scan.known import Known
from swis.scan.normal import plain
from swis.scan.parts import NAME

_WORD = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*"
WORD = re.compile(_WORD)
# Between the two names of one child: spaces, a comma, quotation marks, the tags or line end between two cells.
MOST_BETWEEN = 12
LABELLED = re.compile(
    r"(?<![A-Z])(?:SURNAME|FORENAMES?|(?:CHILD|PUPIL)['’]?S?[ _]?(?:FULL[ _]?)?NAME|PERSON(?:FAMILY|GIVEN)NAME)"
    r"[\"'’]?\s*(?:[:=>|]|,(?=\"))\s*[\"'\[]*([A-Z][A-Z'’-]+)"
)
HINTS = ("SURNAME", "FORENAME", "CHILD", "PUPIL", "PERSONFAMILYNAME", "PERSONGIVENNAME")
NOT_NAMES = {"STRING", "STR", "TEXT", "NONE", "NULL", "NAN", "TRUE", "FALSE", "OBJECT", "VARCHAR", "UTF", "IDENTIFIER"}
HEADINGS = {
    "surname", "forename", "forenames", "firstname", "lastname", "middlenames", "middlename", "preferredsurname",
    "formersurname", "childname", "pupilname", "familyname", "givenname", "givennames", "fullname", "childsname",
    "pupilsname", "personfamilyname", "persongivenname", "legalsurname", "legalforename", "preferredforename",
}  # fmt: skip


def name_key(given: str, family: str) -> str:
    """A child's name as it is compared: both names in upper case."""
    return f"{plain(given).strip()}|{plain(family).strip()}"


def names_known(text: str, known: Known) -> set[str]:
    """The pairs of words in text that are the name of a child in the returns."""
    if not known.hashes.size(NAME):
        return set()
    pairs = {pair for first, second in _neighbours(text) for pair in (name_key(first, second), name_key(second, first))}
    listed = sorted(pairs)
    held = {listed[place] for place in known.hashes.holds(NAME, listed).nonzero()[0]}
    return {"|".join(sorted(pair.split("|"))) for pair in held}


def _neighbours(text: str) -> Iterator[tuple[str, str]]:
    before: re.Match[str] | None = None
    for match in WORD.finditer(text):
        if not match.group()[0].isupper():
            before = None
            continue
        if before is not None and match.start() - before.end() <= MOST_BETWEEN:
            yield before.group(), match.group()
        before = match


def names_labelled(upper: str) -> set[str]:
    """What stands after a label such as `surname:` in upper-case text."""
    return {match.group(1) for match in matches(LABELLED, upper, HINTS)} - NOT_NAMES


def names_under_heading(heading: str, values: Sequence[str]) -> set[str]:
    """The cells of a column whose heading (small letters and digits only) says that they are names."""
    if heading not in HEADINGS:
        return set()
    return {plain(value) for value in values if WORD.match(value.strip())} - NOT_NAMES
