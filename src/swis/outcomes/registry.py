"""Every outcome measure: its metadata twin, and the function that finds its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import ACADEMIC_YEAR, BASELINE, WINDOW, Period
from swis.io import read_yaml
from swis.params import Definitions

FOLDER = Path(__file__).parent / "measures"
ORDER = [
    "section47",
    "assessments",
    "referrals",
    "contacts",
    "early_help",
    "cin_plans",
    "conferences",
    "protection_plans",
    "care",
    "absence",
    "suspensions",
    "attainment",
    "safeguarding_leads",
]
PROGRAMMES = ("SWIS", "DSLS")
# The kinds of period a measure may be counted over; a window is a trial's own, and so is its baseline.
PERIODS = (ACADEMIC_YEAR, WINDOW, BASELINE)
# How a value is made of count and denominator, and which interval stands beside it.
KINDS = {
    "rate": "exact Poisson interval (Garwood)",
    "proportion": "Wilson score interval",
    "amount": "large-sample interval of a compound Poisson sum; none where nothing happened",
    "ratio": "large-sample interval of a ratio, pupils as independent units; none for fewer than 2",
    "mean": "large-sample interval of a mean; none for fewer than 2 pupils or respondents",
    "median": "order-statistic interval; none for fewer than 6",
}
# How the counts of academic years go together with those of a window that they cover.
OVER_TIME = {
    "adds": "years hold all that the window holds, and what lies outside it",
    "nearly adds": "years hold what the window holds, but for a few pupils whom only one of the two counts",
    "apart": "each period is judged by itself",
}
NOT_PUBLISHED, TEACHER_ASSESSED, BREAK = "not published", "teacher assessed", "break"

Count = Callable[[Derived, Period, Definitions], dict[str, pd.DataFrame]]


@dataclass(frozen=True)
class Measure:
    """One outcome measure in words and rules.

    `kind` is a key of KINDS; `base` says where the denominator comes from (pupil-years, headcount, or the rows
    themselves); `observed_by` what covers it (a source of returns, the terms of attendance or suspensions, attainment,
    the survey). `programmes` are those whose trials it is an outcome of; `periods`, of PERIODS, what it is over.
    `breaks` holds, by academic year, why the year does not compare; `comparability` the same as a short code.

    What follows from what, for disclosure control (statistics are named 'count:<measure>' or 'denominator:<…>'):
    `count_is` and `denominator_is`, the statistic that count or denominator equals; `denominator_near`, one that the
    denominator equals but for few; `shares_with`, the other shares of the same denominator that make it up;
    `part_of` and `at_most`, a measure whose count holds this one's, or never falls below it; `sum_of`, measures whose
    counts add up to this one's; `over_time`, a key of OVER_TIME; `most_of_one_child`, of days or sessions, what one
    child can add in a day and in a year; `event`, the kind of event of the linkage table that is counted.
    """

    name: str
    title: str
    group: str
    kind: str
    base: str
    observed_by: str
    numerator: str
    denominator: str
    unit: str
    rate_per: float
    academic_year_rule: str
    source_tables: tuple[str, ...]
    breaks: dict[str, str]
    comparability: dict[str, str]
    direction: str
    reference: str
    phases: tuple[str, ...]
    programmes: tuple[str, ...] = PROGRAMMES
    periods: tuple[str, ...] = PERIODS
    count_is: str = ""
    denominator_is: str = ""
    denominator_near: str = ""
    shares_with: tuple[str, ...] = ()
    part_of: str = ""
    at_most: str = ""
    sum_of: tuple[str, ...] = ()
    over_time: str = "adds"
    most_of_one_child: tuple[float, float] = (0.0, 0.0)
    event: str = ""

    @property
    def count_statistic(self) -> str:
        """Name of what the count is, the same wherever the same number stands."""
        if self.count_is:
            return self.count_is
        return self.denominator_statistic if self.kind == "median" else f"count:{self.name}"

    @property
    def denominator_statistic(self) -> str:
        """Name of what the denominator is: shared by all measures whose denominator is the same number."""
        if self.denominator_is:
            return self.denominator_is
        return f"denominator:{self.name}" if self.base == "rows" else f"denominator:{self.base}, {self.observed_by}"

    @property
    def interval(self) -> str:
        """Which interval stands beside the value."""
        return KINDS[self.kind]

    @property
    def not_published_years(self) -> list[str]:
        """Academic years for which the measure does not exist."""
        return [year for year, code in self.comparability.items() if code == NOT_PUBLISHED]

    def is_over(self, period: Period) -> bool:
        """Whether the measure is counted over a period of this kind."""
        return (BASELINE if period.name == BASELINE else period.kind) in self.periods

    def unit_under(self, definitions: Definitions) -> str:
        """The unit under the parameters in force: what a rate is per, and pupil-years or January headcount."""
        if self.base != "pupil-years":
            return self.unit
        people = "pupil-years" if definitions.denominator == "pupil-years" else "pupils in January"
        return f"{self.unit_of_count}per {definitions.rate_per:,} {people}"

    @property
    def unit_of_count(self) -> str:
        """What is counted, where it is neither children nor events: 'days ' in 'days per 1,000 pupil-years'."""
        before = self.unit.split("per ")[0]
        return before if self.base == "pupil-years" else ""

    def per(self, definitions: Definitions) -> float:
        """The number a rate is per under the parameters in force."""
        return float(definitions.rate_per) if self.base == "pupil-years" else self.rate_per


@cache
def families() -> tuple[str, ...]:
    """Families of measures in the order they are read; one file and twin each."""
    found = {path.stem for path in FOLDER.glob("*.yaml")}
    return tuple(sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


@cache
def measures() -> dict[str, Measure]:
    """Every measure by name, in reading order."""
    found: dict[str, Measure] = {}
    for family in families():
        described: Mapping[str, Any] = read_yaml(FOLDER / f"{family}.yaml")
        shared = described.get("shared", {})
        for name, own in described["measures"].items():
            found[name] = _measure(name, {**shared, **own})
    return found


def _measure(name: str, described: Mapping[str, Any]) -> Measure:
    breaks = described.get("breaks", [])
    fields: Mapping[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in described.items()
    }
    of_year: Mapping[str, Any] = {
        "breaks": {found["academic_year"]: found["text"] for found in breaks},
        "comparability": {found["academic_year"]: found["comparability"] for found in breaks},
    }
    return Measure(**{**fields, **of_year, "name": name})


@cache
def counters() -> dict[str, Count]:
    """The counting function of each family."""
    return {family: import_module(f"swis.outcomes.measures.{family}").count for family in families()}
