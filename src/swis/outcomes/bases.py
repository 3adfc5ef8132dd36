"""Denominators that do not come from the rows themselves, and the share of a period that was observed, by school."""

from __future__ import annotations

import pandas as pd

from swis.academic_year import academic_year_window
from swis.derive.calendar import DayCalendar
from swis.derive.derived import Derived
from swis.derive.observed import calendars
from swis.derive.periods import Period
from swis.outcomes.measures.attainment import LAST_EXAM_DAY
from swis.outcomes.registry import Measure
from swis.params import Definitions

TERM_FLAG = {"attendance": "has_attendance", "suspensions": "has_suspensions"}
KEY = ["trial", "urn"]


def denominators(measure: Measure, derived: Derived, period: Period, definitions: Definitions) -> pd.Series:
    """Denominator of a rate for every trial school, indexed by trial and urn."""
    if measure.base == "headcount":
        return _headcount(derived, _share_of_school_days(derived.school_terms, period, TERM_FLAG["suspensions"]))
    if definitions.denominator == "january headcount":
        calendar = calendars(derived.spans, definitions.data_cut, definitions.look_back_months)[measure.observed_by]
        return _headcount(derived, _share_of_years(derived.headcounts["academic_year"], calendar, period))
    held = derived.pupil_years
    same = (
        (held["source"] == measure.observed_by) & (held["period_kind"] == period.kind) & (held["period"] == period.name)
    )
    return held[same].groupby(KEY, sort=False)["pupil_years"].sum()


def _headcount(derived: Derived, share: pd.Series) -> pd.Series:
    """January headcounts of all academic years, each with its share; `share` by urn and year, or by year."""
    heads = derived.headcounts
    names = [name for name in ("urn", "academic_year") if name in share.index.names]
    weighted = heads.join(share.rename("share"), on=names)
    amount = weighted["pupils"] * weighted["share"].fillna(0.0)
    return amount.groupby([weighted["trial"], weighted["urn"]], sort=False).sum()


def _share_of_school_days(terms: pd.DataFrame, period: Period, flag: str) -> pd.Series:
    """Share of each academic year's school days that lie in the period and were returned, by urn and year."""
    whole = (terms["last_day"] - terms["first_day"]).dt.days + 1
    inside = _days_inside(terms, period).where(terms[flag].astype(bool), 0)
    by_year = [terms["urn"], terms["academic_year"]]
    return inside.groupby(by_year).sum() / whole.groupby(by_year).sum()


def _days_inside(terms: pd.DataFrame, period: Period) -> pd.Series:
    day = pd.Timedelta(days=1)
    first = terms["first_day"].clip(lower=period.start)
    last = (terms["last_day"] + day).clip(upper=period.end)
    return (last - first).dt.days.clip(lower=0)


def _share_of_years(academic_years: pd.Series, calendar: DayCalendar, period: Period) -> pd.Series:
    shares = {}
    inside = calendar.within(period.start, period.end)
    for year in academic_years.unique():
        window = academic_year_window(year)
        shares[year] = inside.share_of(window.start, window.end_exclusive)
    return pd.Series(shares, dtype="float64").rename_axis("academic_year")


def observed_share(measure: Measure, derived: Derived, period: Period, definitions: Definitions) -> pd.Series:
    """Share of the period that received returns cover, for every trial school, indexed by trial and urn."""
    schools = derived.trial_schools
    if measure.observed_by in TERM_FLAG:
        by_urn = _share_of_terms(derived.school_terms, period, measure)
        values = schools["urn"].map(by_urn).fillna(0.0).astype(float)
    elif measure.observed_by == "attainment":
        values = pd.Series(_share_of_results(derived.attainment, period, measure), index=schools.index)
    else:
        calendar = calendars(derived.spans, definitions.data_cut, definitions.look_back_months)[measure.observed_by]
        values = pd.Series(calendar.share_of(period.start, period.end), index=schools.index)
    return pd.Series(values.to_numpy(), index=pd.MultiIndex.from_frame(schools[KEY]))


def _share_of_terms(terms: pd.DataFrame, period: Period, measure: Measure) -> pd.Series:
    days = _days_inside(terms, period)
    returned = terms[TERM_FLAG[measure.observed_by]].astype(bool)
    if measure.observed_by == "attendance":
        # Sessions are held by term: a term that is not wholly inside the period cannot be counted.
        returned &= (terms["first_day"] >= period.start) & (terms["last_day"] < period.end)
        returned &= ~terms["academic_year"].isin(measure.not_published_years)
    total = days.groupby(terms["urn"]).sum()
    return (days.where(returned, 0).groupby(terms["urn"]).sum() / total).where(total > 0)


def _share_of_results(attainment: pd.DataFrame, period: Period, measure: Measure) -> float:
    """Share of the cohorts examined in the period that have results of the measure."""
    years = range(period.start.year - 1, period.end.year + 1)
    examined = [year for year in years if period.start <= pd.Timestamp(year, *LAST_EXAM_DAY) < period.end]
    labels = [f"{year - 1}/{year % 100:02d}" for year in examined]
    held = set(attainment.loc[attainment[measure.name].notna(), "academic_year"]) - set(measure.not_published_years)
    return len(held & set(labels)) / len(labels) if labels else 0.0
