"""Denominators that do not come from the rows themselves, and the share of a period that was observed, by school."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_window
from swis.derive.derived import Derived
from swis.derive.observed import ROLL
from swis.derive.periods import Period
from swis.outcomes.measures.attainment import LAST_EXAM_DAY
from swis.outcomes.measures.safeguarding_leads import SCALES, TURNOVER
from swis.outcomes.registry import Measure
from swis.params import Definitions

TERM_FLAG = {"attendance": "has_attendance", "suspensions": "has_suspensions"}
KEY = ["trial", "urn"]
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Bases:
    """Denominators and observed shares of one period, as arrays over the rows of `derived.trial_schools`."""

    derived: Derived
    period: Period
    definitions: Definitions
    known: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    def _once(self, key: tuple[str, ...], make: Callable[[], np.ndarray]) -> np.ndarray:
        """The array of that key, made the first time it is asked for."""
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def denominator(self, measure: Measure) -> np.ndarray:
        """Denominator of a rate: pupil-years over observed days, or January headcount."""
        if measure.base == "headcount":
            return self._headcount_over_school_days
        if self.definitions.denominator == "january headcount":
            return self._headcount_over_observed_days(measure.observed_by)
        return self.pupil_years(measure.observed_by)

    def observed_share(self, measure: Measure) -> np.ndarray:
        """Share of the period that received returns cover."""
        schools = self.derived.trial_schools
        if measure.observed_by in TERM_FLAG:
            without = tuple(measure.not_published_years)
            return self._once(("terms", measure.observed_by, *without), lambda: self._share_of_terms(measure))
        if measure.observed_by == "attainment":
            return np.full(len(schools), share_of_results(self.derived.attainment, self.period, measure))
        if measure.observed_by == "dsl_survey":
            return share_of_survey(self.derived, self.period, measure)
        share = self.derived.calendar(measure.observed_by).share_of(self.period.start, self.period.end)
        return np.full(len(schools), share)

    def pupil_years(self, source: str) -> np.ndarray:
        """Pupil-years over the days a source observed."""
        return self._once(("pupil-years", source), lambda: self._pupil_years_over(source))

    def _pupil_years_over(self, source: str) -> np.ndarray:
        held = self._pupil_years.get(source)
        return np.zeros(len(self._key)) if held is None else held.reindex(self._key, fill_value=0.0).to_numpy()

    @property
    def has_pupils(self) -> np.ndarray:
        """Whether any pupil of the trial's year groups was on roll in the period."""
        return self.pupil_years(ROLL) > 0

    @cached_property
    def _key(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(self.derived.trial_schools[KEY])

    @cached_property
    def _pupil_years(self) -> Mapping[str, pd.Series]:
        held = self.derived.pupil_years
        own = held[(held["period_kind"] == self.period.kind) & (held["period"] == self.period.name)]
        return {str(source): rows.set_index(KEY)["pupil_years"] for source, rows in own.groupby("source")}

    @cached_property
    def _term_days(self) -> pd.Series:
        """Days of each row of `school_terms` that lie in the period."""
        terms = self.derived.school_terms
        first = terms["first_day"].clip(lower=self.period.start)
        last = (terms["last_day"] + ONE_DAY).clip(upper=self.period.end)
        return (last - first).dt.days.clip(lower=0)

    @cached_property
    def _headcount_over_school_days(self) -> np.ndarray:
        """January headcounts, each year with the share of its school days that lie in the period and were returned."""
        terms = self.derived.school_terms
        by_year = [terms["urn"], terms["academic_year"]]
        whole = (terms["last_day"] - terms["first_day"]).dt.days + 1
        inside = self._term_days.where(terms[TERM_FLAG["suspensions"]].astype(bool), 0)
        share = inside.groupby(by_year).sum() / whole.groupby(by_year).sum()
        return self._weighted_headcount(share, ["urn", "academic_year"])

    def _headcount_over_observed_days(self, source: str) -> np.ndarray:
        """January headcounts, each year with the share of its days that lie in the period and were observed."""
        inside = self.derived.calendar(source).within(self.period.start, self.period.end)
        years = self.derived.headcounts["academic_year"].unique()
        windows = {year: academic_year_window(year) for year in years}
        shares = {year: inside.share_of(held.start, held.end_exclusive) for year, held in windows.items()}
        return self._weighted_headcount(pd.Series(shares, dtype="float64"), ["academic_year"])

    def _weighted_headcount(self, share: pd.Series, on: list[str]) -> np.ndarray:
        weighted = self.derived.headcounts.join(share.rename("share"), on=on)
        amount = weighted["pupils"] * weighted["share"].fillna(0.0)
        by_school = amount.groupby([weighted[name] for name in KEY]).sum()
        return by_school.reindex(self._key, fill_value=0.0).to_numpy(float)

    def _share_of_terms(self, measure: Measure) -> np.ndarray:
        terms = self.derived.school_terms
        returned = terms[TERM_FLAG[measure.observed_by]].astype(bool)
        if measure.observed_by == "attendance":
            # Sessions are held by term: a term that is not wholly inside the period cannot be counted.
            returned &= (terms["first_day"] >= self.period.start) & (terms["last_day"] < self.period.end)
            returned &= ~terms["academic_year"].isin(measure.not_published_years)
        total = self._term_days.groupby(terms["urn"]).sum()
        share = self._term_days.where(returned, 0).groupby(terms["urn"]).sum() / total.where(total > 0)
        return share.reindex(self.derived.trial_schools["urn"]).fillna(0.0).to_numpy(float)


def share_of_survey(derived: Derived, period: Period, measure: Measure) -> np.ndarray:
    """By trial school: whether a wave of its trial's survey lies in the period; for turnover, the share before the cut.

    A scale is observed where the survey has it. Nobody knows of a trial without a survey who left the post.
    """
    every = derived.lead_scores
    scores = every[every["measure"] == measure.name] if measure.name in SCALES else every
    inside = (scores["wave_day"] >= period.start) & (scores["wave_day"] < period.end)
    is_turnover = measure.name == TURNOVER
    seen = scores["trial"] if is_turnover else scores.loc[inside, "trial"]
    share = derived.calendar(ROLL).share_of(period.start, period.end) if is_turnover else 1.0
    return np.where(derived.trial_schools["trial"].isin(seen.unique()), share, 0.0)


def share_of_results(attainment: pd.DataFrame, period: Period, measure: Measure) -> float:
    """Share of the cohorts examined in a period that have results of the measure."""
    years = range(period.start.year - 1, period.end.year + 1)
    examined = [year for year in years if period.start <= pd.Timestamp(year, *LAST_EXAM_DAY) < period.end]
    labels = {f"{year - 1}/{year % 100:02d}" for year in examined}
    held = set(attainment.loc[attainment[measure.name].notna(), "academic_year"].unique())
    return len((held - set(measure.not_published_years)) & labels) / len(labels) if labels else 0.0
