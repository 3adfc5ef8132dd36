"""What a label calls the identifier of a child: in a column with such a heading, or after such words in text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swis.scan.normal import squeeze

HEADINGS = {
    "lachildid", "childid", "childuniqueid", "childuniqueidentifier", "uniquechildid", "childsuniqueid",
    "upn", "formerupn", "ks2upn", "ks4upn", "uniquepupilnumber", "uln", "uniquelearnernumber", "pupilid", "personid",
    "childrenid", "clientid", "mosaicid", "liquidlogicid", "child", "pupilreference", "nhsnumber", "childreference",
}  # fmt: skip
HEADING_STARTS = ("pupilmatchingref", "pupilonrolltableid", "pupilnolongeronrolltableid")
LABELLED = re.compile(
    r"(?<![A-Z])(?:LA[ _]?CHILD[ _]?ID|CHILD['’]?S?[ _-]?(?:UNIQUE[ _-]?)?(?:ID|IDENTIFIER|REF(?:ERENCE)?)"
    r"|UNIQUE[ _-]CHILD[ _-]ID|PUPIL[ _-]?(?:ID|REF(?:ERENCE)?)|(?:FORMER[ _-]?)?UPN|UNIQUE PUPIL NUMBER|ULN"
    r"|PERSON[ _-]?ID|CLIENT[ _-]?ID|WORKER|RESPONDENT)"
    r"(?![A-Z])[^A-Z0-9\n]{1,12}([A-Z0-9][A-Z0-9-]{1,19})(?![A-Z0-9]|[.,][0-9])"
)
# Without the returns a number after a label counts from five digits on: shorter ones are counts and years.
LEAST_DIGITS = 5
LEAST_DIGITS_OF_A_CELL = 3


def after_label(upper: str) -> set[str]:
    """The words that follow a label in upper-case text and hold a digit, squeezed."""
    words = (squeeze(match.group(1)) for match in LABELLED.finditer(upper))
    return {word for word in words if any(letter.isdigit() for letter in word)}


def looks_like_one(squeezed: str) -> bool:
    """Whether a word after a label is taken for an identifier even where no return is known."""
    digits = sum(letter.isdigit() for letter in squeezed)
    return digits >= LEAST_DIGITS and not re.fullmatch(r"(?:19|20)\d\d(?:\d\d){0,2}", squeezed)


def under_heading(heading: str, values: Sequence[str]) -> set[str]:
    """The cells, squeezed, of a column whose heading (small letters and digits) says that they identify children."""
    if heading not in HEADINGS and not heading.startswith(HEADING_STARTS):
        return set()
    cells = {squeeze(value.removesuffix(".0")) for value in values}
    return {cell for cell in cells if sum(letter.isdigit() for letter in cell) >= LEAST_DIGITS_OF_A_CELL}
