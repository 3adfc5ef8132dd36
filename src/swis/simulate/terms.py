"""School terms and census days: which days a term's absence covers, and which census carries it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.simulate.days import day

TERMS = ["autumn", "spring", "summer"]


@dataclass(frozen=True)
class Span:
    """A period of absence: part of an academic year (named by its first calendar year)."""

    start_year: int
    term: str
    first: int
    last: int

    @property
    def academic_year(self) -> str:
        """The academic year as 2021/22."""
        return f"{self.start_year}/{(self.start_year + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """The academic year and term."""
        return f"{self.academic_year} {self.term}"


@dataclass(frozen=True)
class Census:
    """One termly census: its day, and the spans of absence and suspension it carries."""

    year: int
    term: str
    on: int
    before: int
    absence: Span
    half_term_2: Span | None
    suspensions: tuple[int, int]

    @property
    def name(self) -> str:
        """Beginning of its files' names."""
        return f"{self.year}_{self.term}"


def span(start_year: int, term: str) -> Span:
    """Days of a term: autumn, spring, summer (first half) or summer half-term 2; the same each year (assumed)."""
    days = {
        "autumn": (day(start_year, 9, 3), day(start_year, 12, 20)),
        "spring": (day(start_year + 1, 1, 4), day(start_year + 1, 4, 1)),
        "summer": (day(start_year + 1, 4, 17), day(start_year + 1, 5, 27)),
        "summer half-term 2": (day(start_year + 1, 6, 5), day(start_year + 1, 7, 20)),
    }[term]
    return Span(start_year, term, *days)


def censuses(first: str, last: str) -> list[Census]:
    """Every census between two, both written '2018 autumn': absence one term in arrears, suspensions two."""
    order = [(year, term) for year in range(2015, 2031) for term in ("spring", "summer", "autumn")]
    names = [f"{year} {term}" for year, term in order]
    chosen = order[names.index(first) : names.index(last) + 1]
    return [_census(year, term) for year, term in chosen]


def _on(year: int, term: str) -> int:
    """Census day: the first Thursday of October, the third of January and of May."""
    month, nth = {"autumn": (10, 1), "spring": (1, 3), "summer": (5, 3)}[term]
    first = day(year, month, 1)
    return first + (3 - (first + 3) % 7) % 7 + 7 * (nth - 1)


def _census(year: int, term: str) -> Census:
    if term == "autumn":
        absence, half, before = span(year - 1, "summer"), span(year - 1, "summer half-term 2"), _on(year, "summer")
        suspensions = (day(year, 1, 1), day(year, 4, 15))
    elif term == "spring":
        absence, half, before = span(year - 1, "autumn"), None, _on(year - 1, "autumn")
        suspensions = (day(year - 1, 4, 16), day(year - 1, 8, 31))
    else:
        absence, half, before = span(year - 1, "spring"), None, _on(year, "spring")
        suspensions = (day(year - 1, 9, 1), day(year - 1, 12, 31))
    return Census(year, term, _on(year, term), before, absence, half, suspensions)


def is_collected(period: Span) -> bool:
    """Whether absence was collected: not for spring and summer 2020."""
    return not (period.start_year == 2019 and period.term != "autumn")


def overlap(first: np.ndarray, last: np.ndarray, period: Span) -> np.ndarray:
    """Share of a period, 0 to 1, that lies between two days of each row."""
    days = np.minimum(last, period.last) - np.maximum(first, period.first) + 1
    return np.clip(days, 0, None) / (period.last - period.first + 1)
