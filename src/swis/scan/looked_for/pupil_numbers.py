"""Unique pupil numbers by their shape and check letter: found without knowing any child.

A letter, eleven digits and a digit or letter, whose first letter is the check letter of the rest (`swis.sources.upn`):
of texts of that shape made by chance one in 23 passes, and few texts have it. Spaces stand only where the number is
commonly broken (letter, authority, year, serial number) or after every character, dashes anywhere: years in a row
(`A 2018 2019 2020`) are then no pupil number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from swis.scan.find import classes_of, places
from swis.sources.upn import PERMANENT, TEMPORARY, classify_upns

_BODY = "[0-9]{11}[0-9A-HJ-NP-RT-Z]"
_FIRST = "(?<![A-Z0-9])[A-HJ-NP-RT-Z]"
_END = "(?![A-Z0-9])"
TOGETHER = re.compile(rf"{_FIRST}{_BODY}{_END}")
# Letter, authority, year, serial number; or every character apart.
SPACED = re.compile(rf"{_FIRST}(?: [0-9]{{3}} ?[0-9]{{2}} ?[0-9]{{6}}|(?: [0-9]){{11}}) ?[0-9A-HJ-NP-RT-Z]{_END}")
DIGITS_TOGETHER = b"A99999999999"
HINTS_OF_SPACED = (b"A 999 ", b"A 99999", b"A 9 9 9 9")


def pupil_numbers(upper: str) -> set[str]:
    """The pupil numbers with a right check letter in upper-case text."""
    shaped = set(_together(upper)) | set(_spaced(upper))
    if "-" in upper:
        shaped |= set(_together(upper.replace("-", "")))
    candidates = sorted(shaped)
    if not candidates:
        return set()
    kinds = classify_upns(candidates)
    return {text for text, kind in zip(candidates, kinds, strict=True) if kind in {PERMANENT, TEMPORARY}}


def _together(upper: str) -> Iterator[str]:
    for place in places(classes_of(upper), DIGITS_TOGETHER):
        match = TOGETHER.match(upper, place)
        if match is not None:
            yield match.group()


def _spaced(upper: str) -> Iterator[str]:
    classes = classes_of(upper)
    for hint in HINTS_OF_SPACED:
        for place in places(classes, hint):
            match = SPACED.match(upper, place)
            if match is not None:
                yield match.group().replace(" ", "")
