"""What every school contributes to every measure and period: sums from which any level's value and interval follow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.lookup import positions_in
from swis.derive.periods import Period
from swis.outcomes.bases import Bases
from swis.outcomes.registry import Measure, counters, measures
from swis.params import Definitions

SUMS = ["n", "amount", "amount_squared", "base", "base_squared", "cross"]
SCHOOL = ["authority", "trial", "urn", "arm"]
PART_COLUMNS = [*SCHOOL, "period_kind", "period", "measure", *SUMS, "observed_share", "has_pupils", "is_teacher"]
VALUE_COLUMNS = [*SCHOOL, "period_kind", "period", "measure", "amount", "count"]


def school_parts(
    derived: Derived, periods: list[Period], definitions: Definitions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums by trial, school, period and measure (PART_COLUMNS), and the distributions medians need (VALUE_COLUMNS).

    n is the number of rows, amount the numerator, base the denominator, the rest sums of squares and products.
    """
    parts, distributions = [], []
    for period in periods:
        bases = Bases(derived, period, definitions)
        counted = {
            name: rows for family in counters().values() for name, rows in family(derived, period, definitions).items()
        }
        for name, rows in counted.items():
            measure = measures()[name]
            for school_rows in _entitled(derived.trial_schools, period, measure):
                scoped, place = _in_scope(_published(rows, measure), derived.trial_schools, school_rows)
                parts.append(_part(scoped, place, school_rows, measure, bases))
                if measure.kind == "median":
                    distributions.append(_distribution(scoped, place, school_rows, measure, bases))
    return _stacked(parts, PART_COLUMNS), _stacked(distributions, VALUE_COLUMNS)


def _entitled(schools: pd.DataFrame, period: Period, measure: Measure) -> list[np.ndarray]:
    """Row numbers of the schools the measure and period are for, one array a trial (a school may be in two)."""
    fits = schools["phase"].isin(measure.phases) & (schools["trial"].eq(period.trial) | (period.trial == ""))
    chosen = np.flatnonzero(fits.to_numpy(bool))
    trial = schools["trial"].to_numpy()[chosen]
    return [chosen[trial == name] for name in pd.unique(trial)]


def _published(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    if not measure.not_published_years:
        return rows
    without = rows["academic_year"].isin(measure.not_published_years).fillna(False).to_numpy(bool)
    return rows[~without]


def _in_scope(rows: pd.DataFrame, schools: pd.DataFrame, school_rows: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of these schools and their year groups, with the place of each row's school among `school_rows`.

    A row without a year group (results) belongs to its school.
    """
    own = schools.iloc[school_rows]
    place = positions_in(rows["urn"], pd.Index(own["urn"]))
    held = np.flatnonzero(place >= 0)
    year = rows["year_group"].to_numpy(dtype=float, na_value=np.nan)[held]
    limits = own[["first_year_group", "last_year_group"]].to_numpy(float)[place[held]]
    inside = np.isnan(year) | ((year >= limits[:, 0]) & (year <= limits[:, 1]))
    return rows.take(held[inside]), place[held[inside]]


def _part(
    rows: pd.DataFrame, place: np.ndarray, school_rows: np.ndarray, measure: Measure, bases: Bases
) -> pd.DataFrame:
    amount, base = rows["amount"].to_numpy(float), rows["base"].to_numpy(float)
    teacher = rows["is_teacher"].to_numpy(float) if "is_teacher" in rows else np.zeros(len(rows))
    weights = {
        "n": np.ones(len(rows)), "amount": amount, "amount_squared": amount**2,
        "base": base, "base_squared": base**2, "cross": amount * base, "is_teacher": teacher,
    }  # fmt: skip
    size = len(school_rows)
    summed = {name: np.bincount(place, weights=given, minlength=size) for name, given in weights.items()}
    if measure.base != "rows":
        summed["base"] = bases.denominator(measure)[school_rows]
    part = _named(bases, school_rows, measure).assign(**summed)
    return part.assign(
        observed_share=bases.observed_share(measure)[school_rows],
        has_pupils=bases.has_pupils[school_rows],
        is_teacher=summed["is_teacher"] > 0,
    )


def _named(bases: Bases, school_rows: np.ndarray, measure: Measure) -> pd.DataFrame:
    schools = bases.derived.trial_schools[SCHOOL].take(school_rows).reset_index(drop=True)
    return schools.assign(period_kind=bases.period.kind, period=bases.period.name, measure=measure.name)


def _distribution(
    rows: pd.DataFrame, place: np.ndarray, school_rows: np.ndarray, measure: Measure, bases: Bases
) -> pd.DataFrame:
    counted = pd.DataFrame({"place": place, "amount": rows["amount"].to_numpy(float)}).value_counts(sort=False)
    found = counted.rename("count").reset_index().sort_values(["place", "amount"], ignore_index=True)
    named = _named(bases, school_rows[found["place"].to_numpy(int)], measure)
    return named.assign(amount=found["amount"], count=found["count"])


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=columns)
    stacked = pd.concat(frames, ignore_index=True)[columns]
    text = [*SCHOOL, "period_kind", "period", "measure"]
    return stacked.astype(dict.fromkeys(text, "string"))
