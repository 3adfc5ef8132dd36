"""What a check says: it fails the file, asks a person to look, or is content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PASS, REVIEW, FAIL = "pass", "review", "fail"
FEW = 3


@dataclass(frozen=True)
class Finding:
    """One finding of one check about one file."""

    check: str
    result: str
    message: str = ""


Said = Iterator[tuple[str, str]]


def some(things: Iterable[object]) -> str:
    """The first few of some things in words, and how many more there are."""
    texts = [f"'{thing}'" for thing in things]
    more = f" and {len(texts) - FEW} more" if len(texts) > FEW else ""
    return ", ".join(texts[:FEW]) + more
