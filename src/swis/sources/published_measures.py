"""The names of published figures: one readable table (`published_measures.yaml`) and its reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from swis.io import read_yaml

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class PublishedMeasure:
    """One published figure: what it is, what it may be set beside, and how it follows from counts."""

    name: str
    kind: str
    of: str = ""
    columns: tuple[str, ...] = ()
    lait: tuple[tuple[str, str], ...] = ()
    numerator: str = ""
    denominator: str = ""
    per: int = 0
    sum_of: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Unit in words: number, %, per 10,000 children, per 100 pupils, points per pupil or working days."""
        people = "pupils" if self.per == 100 else "children"
        return str(names()["units"][self.kind]).format(per=f"{self.per:,}", people=people)

    @property
    def multiplier(self) -> int:
        """What numerator over denominator is multiplied by."""
        return self.per or {"percent": 100}.get(self.kind, 1)


@cache
def names() -> dict[str, Any]:
    """The whole table as plain values."""
    table: dict[str, Any] = read_yaml(FILE)
    return table


@cache
def measures() -> dict[str, PublishedMeasure]:
    """Every published measure by name."""
    return {name: _measure(name, described) for name, described in names()["measures"].items()}


def _measure(name: str, described: dict[str, Any]) -> PublishedMeasure:
    return PublishedMeasure(
        name=name,
        kind=described["kind"],
        of=described.get("of", ""),
        columns=tuple(described.get("columns", ())),
        lait=tuple(described.get("lait", {}).items()),
        numerator=described.get("numerator", ""),
        denominator=described.get("denominator", ""),
        per=described.get("per", 0),
        sum_of=tuple(described.get("sum_of", ())),
    )


@cache
def measure_of_column() -> dict[str, str]:
    """Current name of every indicator column, by its lower-case name in any release."""
    return {column.lower(): measure.name for measure in measures().values() for column in measure.columns}


@cache
def measure_of_lait_code() -> dict[str, tuple[str, str]]:
    """(measure, breakdown) of every LAIT code that has a name of ours."""
    return {code: (measure.name, part) for measure in measures().values() for code, part in measure.lait}


@cache
def filter_names() -> dict[str, str]:
    """The name a filter goes by here, for every name it has had; in the order of a breakdown."""
    return {spelling: spellings[0] for spellings in names()["filters"] for spelling in spellings}


def publication_of(file_name: str, columns: set[str]) -> tuple[str, int]:
    """The release series a file belongs to by its name and columns, and the years by which it is named later.

    A file of no known series goes by its own name.
    """
    for known in names()["publications"]:
        fits = re.search(known["file"], file_name.lower()) is not None
        if fits and known.get("column", next(iter(columns), "")) in columns:
            return known["name"], known.get("years_after", 0)
    return re.sub(r"\.(csv|gz|zip)", "", file_name), 0


def unit_of(measure: str, said: str = "") -> str:
    """Unit of one of our measures; else the one a meta file says; else guessed from the column name, or empty."""
    if measure in measures() or said:
        return measures()[measure].unit if measure in measures() else said
    marks = {r"(^pt_|percent)": "%", r"rate": "rate", r"^(avg|.*average)": "score", r"^(t_|.*_count$)": "number"}
    return next((unit for pattern, unit in marks.items() if re.search(pattern, measure)), "")
