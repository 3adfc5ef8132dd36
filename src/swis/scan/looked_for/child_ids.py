"""What a label calls the identifier of a child: in a column with such a heading, or after such words in text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from swis.scan.find import matches
from swis.scan.normal import squeeze
from swis.scan.parts import CHILD_ID, STAFF_ID, UPN

HEADINGS = {
    "lachildid", "childid", "childuniqueid", "childuniqueidentifier", "uniquechildid", "childsuniqueid",
    "upn", "formerupn", "ks2upn", "ks4upn", "uniquepupilnumber", "uln", "uniquelearnernumber", "pupilid", "personid",
    "childrenid", "clientid", "mosaicid", "liquidlogicid", "child", "pupilreference", "nhsnumber", "childreference",
}  # fmt: skip
HEADING_STARTS = ("pupilmatchingref", "pupilonrolltableid", "pupilnolongeronrolltableid")
_VALUE = r"(?![A-Z])[^A-Z0-9\n]{1,12}([A-Z0-9][A-Z0-9-]{2,19})(?![A-Z0-9]|[.,][0-9])"
_OF_A_CHILD = (
    r"(?<![A-Z])(?:LA[ _]?CHILD[ _]?ID|CHILD['’]?S?[ _-]?(?:UNIQUE[ _-]?)?(?:ID|IDENTIFIER|REF(?:ERENCE)?)"
    r"|UNIQUE[ _-]CHILD[ _-]ID|PUPIL[ _-]?(?:ID|REF(?:ERENCE)?)|PERSON[ _-]?ID|CLIENT[ _-]?ID)"
)
# After each label the kinds of identifiers that may follow it: a count after the word "UPN" is no child.
LABELS: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
    (re.compile(_OF_A_CHILD + _VALUE), ("LACHILD", "CHILD", "PUPIL", "PERSON", "CLIENT"), (CHILD_ID, UPN)),
    (re.compile(r"(?<![A-Z])(?:FORMER[ _-]?)?(?:UPN|ULN)" + _VALUE), ("UPN", "ULN", "FORMER"), (UPN,)),
    (re.compile(r"(?<![A-Z])(?:WORKER|RESPONDENT)" + _VALUE), ("WORKER", "RESPONDENT"), (STAFF_ID,)),
)
# Without the returns a number after a label of a child counts from five digits on: shorter ones are counts and years.
LEAST_DIGITS = 5
LEAST_DIGITS_OF_A_CELL = 3
YEARS = re.compile(r"(?:19|20)\d\d(?:\d\d){0,2}")


def after_labels(upper: str) -> dict[tuple[str, ...], set[str]]:
    """The words, squeezed, that follow a label in upper-case text and hold a digit, by the kinds that they may be."""
    return {kinds: set(_with_a_digit(matches(pattern, upper, hints))) for pattern, hints, kinds in LABELS}


def _with_a_digit(found: Iterable[re.Match[str]]) -> Iterator[str]:
    words = (squeeze(match.group(1)) for match in found)
    return (word for word in words if any(letter.isdigit() for letter in word))


def looks_like_one(squeezed: str) -> bool:
    """Whether a word after a label of a child is taken for an identifier even where no return is known."""
    return sum(letter.isdigit() for letter in squeezed) >= LEAST_DIGITS and not YEARS.fullmatch(squeezed)


def under_heading(heading: str, values: Sequence[str]) -> set[str]:
    """The cells, squeezed, of a column whose heading (small letters and digits) says that they identify children."""
    if heading not in HEADINGS and not heading.startswith(HEADING_STARTS):
        return set()
    cells = {squeeze(value.removesuffix(".0")) for value in values}
    return {cell for cell in cells if sum(letter.isdigit() for letter in cell) >= LEAST_DIGITS_OF_A_CELL}
