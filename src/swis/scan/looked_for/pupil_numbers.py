"""Unique pupil numbers by their shape and check letter: found without knowing any child.

A letter, eleven digits and a digit or letter, whose first letter is the check letter of the rest (`swis.sources.upn`):
of texts of that shape made by chance one in 23 passes, and few texts have it. Spaces stand only where the number is
commonly broken (letter, authority, year, serial number) or after every character, dashes anywhere: years in a row
(`A 2018 2019 2020`) are then no pupil number.
"""

from __future__ import annotations

import re

from swis.sources.upn import classify_upns

_LAST = "[0-9A-HJ-NP-RT-Z]"
_FIRST = "[A-HJ-NP-RT-Z]"
CANDIDATE = re.compile(
    rf"(?<![A-Z0-9]){_FIRST}"
    rf"(?:\d{{11}}{_LAST}|[ \u00a0]\d{{3}} ?\d{{2}} ?\d{{6}}{_LAST}|(?:[ ]\d){{11}} {_LAST}|-?(?:\d-?){{11}}{_LAST})"
    r"(?![A-Z0-9])"
)
SEPARATORS = str.maketrans("", "", " -\u00a0")


def pupil_numbers(upper: str) -> set[str]:
    """The pupil numbers with a right check letter in upper-case text."""
    shaped = {match.group().translate(SEPARATORS) for match in CANDIDATE.finditer(upper)}
    if not shaped:
        return set()
    candidates = sorted(shaped)
    kinds = classify_upns(candidates)
    return {text for text, kind in zip(candidates, kinds, strict=True) if kind in {"permanent", "temporary"}}
