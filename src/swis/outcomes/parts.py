"""What every school contributes to every measure and period: sums from which any level's value and interval follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.lookup import positions_in
from swis.derive.periods import Period
from swis.outcomes.bases import Bases
from swis.outcomes.registry import Measure, counters, measures
from swis.params import Definitions

NUMBERS = {"amount", "base", "is_teacher"}
SUMS = ["n", "amount", "amount_squared", "base", "base_squared", "cross"]
SCHOOL = ["authority", "trial", "urn", "arm"]
PART_COLUMNS = [*SCHOOL, "period_kind", "period", "measure", *SUMS, "observed_share", "has_pupils", "is_teacher"]
VALUE_COLUMNS = [*SCHOOL, "period_kind", "period", "measure", "amount", "count"]


@dataclass(frozen=True)
class _Part:
    """One measure of one period over some schools: plain arrays, put into one frame when all are known."""

    bases: Bases
    measure: Measure
    school_rows: np.ndarray
    values: dict[str, np.ndarray]


@dataclass(frozen=True)
class Entitled:
    """Some of the trial schools: their row numbers, URNs, and first and last year group of the trial."""

    rows: np.ndarray
    urns: pd.Index
    year_groups: np.ndarray

    @classmethod
    def of(cls, schools: pd.DataFrame, rows: np.ndarray) -> Entitled:
        """The schools of these row numbers."""
        own = schools.iloc[rows]
        return cls(rows, pd.Index(own["urn"]), own[["first_year_group", "last_year_group"]].to_numpy(float))


def school_parts(
    derived: Derived, periods: list[Period], definitions: Definitions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums by trial, school, period and measure (PART_COLUMNS), and the distributions medians need (VALUE_COLUMNS).

    n is the number of rows, amount the numerator, base the denominator, the rest sums of squares and products.
    """
    parts, distributions = [], []
    for period in periods:
        bases = Bases(derived, period, definitions)
        entitled = {
            which: _entitled(derived.trial_schools, period, *which)
            for which in {(measure.phases, measure.programmes) for measure in measures().values()}
        }
        for family in counters().values():
            for name, rows in family(derived, period, definitions).items():
                measure = measures()[name]
                if not measure.is_over(period):
                    continue
                published = _published(rows, measure)
                for schools in entitled[measure.phases, measure.programmes]:
                    held, place = places_in_scope(published, schools)
                    numbers = {column: published[column].to_numpy(float)[held] for column in NUMBERS & {*published}}
                    parts.append(_part(numbers, place, schools.rows, measure, bases))
                    if measure.kind == "median":
                        distributions.append(_distribution(numbers["amount"], place, schools.rows, measure, bases))
    return _stacked(parts, derived, PART_COLUMNS), _stacked(distributions, derived, VALUE_COLUMNS)


def _entitled(
    schools: pd.DataFrame, period: Period, phases: tuple[str, ...], programmes: tuple[str, ...]
) -> list[Entitled]:
    """The schools the measure and period are for, one set a trial (a school may be in two)."""
    fits = schools["phase"].isin(phases) & schools["programme"].isin(programmes)
    fits &= schools["trial"].eq(period.trial) | (period.trial == "")
    chosen = np.flatnonzero(fits.to_numpy(bool))
    trial = schools["trial"].to_numpy()[chosen]
    return [Entitled.of(schools, chosen[trial == name]) for name in pd.unique(trial)]


def _published(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    if not measure.not_published_years:
        return rows
    without = rows["academic_year"].isin(measure.not_published_years).fillna(False).to_numpy(bool)
    return rows[~without]


def places_in_scope(rows: pd.DataFrame, schools: Entitled) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the rows of these schools and their year groups, and the place of each one's school among them.

    A row without a year group (results) belongs to its school.
    """
    place = positions_in(rows["urn"], schools.urns)
    held = np.flatnonzero(place >= 0)
    year = rows["year_group"].to_numpy(dtype=float, na_value=np.nan)[held]
    limits = schools.year_groups[place[held]]
    inside = np.isnan(year) | ((year >= limits[:, 0]) & (year <= limits[:, 1]))
    return held[inside], place[held[inside]]


def _part(
    numbers: Mapping[str, np.ndarray], place: np.ndarray, school_rows: np.ndarray, measure: Measure, bases: Bases
) -> _Part:
    amount, base = numbers["amount"], numbers["base"]
    teacher = numbers.get("is_teacher", np.zeros(len(place)))
    weights = {
        "n": np.ones(len(place)), "amount": amount, "amount_squared": amount**2,
        "base": base, "base_squared": base**2, "cross": amount * base, "is_teacher": teacher,
    }  # fmt: skip
    size = len(school_rows)
    summed = {name: np.bincount(place, weights=given, minlength=size) for name, given in weights.items()}
    if measure.base != "rows":
        summed["base"] = bases.denominator(measure)[school_rows]
    seen = {
        "observed_share": bases.observed_share(measure)[school_rows],
        "has_pupils": bases.has_pupils[school_rows],
        "is_teacher": summed["is_teacher"] > 0,
    }
    return _Part(bases, measure, school_rows, {**summed, **seen})


def _distribution(
    amount: np.ndarray, place: np.ndarray, school_rows: np.ndarray, measure: Measure, bases: Bases
) -> _Part:
    """How often each amount occurs at each school, as a part with one row an amount."""
    counted = pd.DataFrame({"place": place, "amount": amount}).value_counts(sort=False)
    found = counted.rename("count").reset_index().sort_values(["place", "amount"], ignore_index=True)
    values = {"amount": found["amount"].to_numpy(float), "count": found["count"].to_numpy(np.int64)}
    return _Part(bases, measure, school_rows[found["place"].to_numpy(int)], values)


def _stacked(parts: list[_Part], derived: Derived, columns: list[str]) -> pd.DataFrame:
    """All parts as one frame, each row under the names of its school, period and measure."""
    if not parts:
        return pd.DataFrame(columns=columns)
    sizes = [len(part.school_rows) for part in parts]
    names = {
        "period_kind": [part.bases.period.kind for part in parts],
        "period": [part.bases.period.name for part in parts],
        "measure": [part.measure.name for part in parts],
    }
    schools = derived.trial_schools[SCHOOL].take(np.concatenate([part.school_rows for part in parts]))
    repeated = {name: np.repeat(np.array(held, dtype=object), sizes) for name, held in names.items()}
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    frame = schools.reset_index(drop=True).assign(**repeated, **values)[columns]
    return frame.astype(dict.fromkeys([*SCHOOL, *names], "string"))
