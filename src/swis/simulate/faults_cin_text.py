"""Finding and changing pieces of the text of one child of a CIN census."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

Spoil = Callable[[str, "Context"], str | None]
CASE = re.compile(r"<CINdetails>.*?</CINdetails>", re.S)


@dataclass(frozen=True)
class Context:
    """The reporting year, a UPN of another child, a UPN nobody has, and random numbers."""

    year: int
    other_upn: str
    new_upn: str
    rng: np.random.Generator

    @property
    def first_day(self) -> str:
        """1 April, as the return writes it."""
        return f"{self.year - 1}-04-01"


def shifted(text: str, days: int) -> str:
    """A date some days later, as text."""
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def value_of(text: str, tag: str) -> str | None:
    """Text of the first element of that name; None where there is none."""
    found = re.search(f"<{tag}>([^<]*)</{tag}>", text)
    return found.group(1) if found else None


def with_value(text: str, tag: str, value: str) -> str:
    """The first element of that name with another text."""
    return re.sub(f"<{tag}>[^<]*</{tag}>", f"<{tag}>{value}</{tag}>", text, count=1)


def without(text: str, tag: str) -> str:
    """The child without the first element of that name."""
    return re.sub(f"\\s*<{tag}>[^<]*</{tag}>", "", text, count=1)


def block_of(text: str, tag: str) -> str | None:
    """The first group of that name, with the white space before it."""
    found = re.search(f"\\s*<{tag}>.*?</{tag}>", text, re.S)
    return found.group(0) if found else None


def cases_of(text: str) -> list[str]:
    """The cases of a child."""
    return CASE.findall(text)


def is_single(text: str) -> bool:
    """One case only, so that a fault of one block is a fault of the child's one case."""
    return text.count("<CINdetails>") == 1
