"""One fault of a plan, before it is known which file it stands in; and the nearest name to one that is unknown."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import NamedTuple

# More names than these would hide the line they are meant to help with.
MOST_NAMES_SHOWN = 12


class Fault(NamedTuple):
    """Where a plan does not fit together, what was expected, and what to do about it."""

    where: str
    expected: str
    action: str


def nearest(name: str, known: Collection[str]) -> str:
    """'did you mean …?', or the names there are where none is near and they are few."""
    near = difflib.get_close_matches(name, list(known), n=1)
    if near:
        return f"did you mean {near[0]}?"
    shown = ", ".join(sorted(known))
    return f"known: {shown}" if 0 < len(known) <= MOST_NAMES_SHOWN else "correct the name"
