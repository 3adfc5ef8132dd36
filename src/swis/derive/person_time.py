"""Pupil-years on roll and January headcounts of trial schools: the denominators.

Person-time comes from entry and leaving dates, over observed days only: days of a missing return leave the denominator
as they leave the count. Academic years run to 31 August and windows to 31 July: the two do not sum to one another.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.derive.calendar import DayCalendar, day_numbers
from swis.derive.periods import Period
from swis.derive.terms import january_census_day

DAYS_A_YEAR = 365.25
SCHOOL = ["authority", "trial", "urn", "arm"]
PUPIL_YEAR_COLUMNS = [*SCHOOL, "period_kind", "period", "source", "pupil_years"]
HEADCOUNT_COLUMNS = [*SCHOOL, "academic_year", "pupils"]


def spells_in_scope(spells: pd.DataFrame, trial_schools: pd.DataFrame) -> pd.DataFrame:
    """Main registrations in the year groups of the trial, with trial and arm; a school of two trials appears twice."""
    main = spells.loc[spells["is_main"]].drop(columns="authority")
    own = trial_schools[[*SCHOOL, "first_year_group", "last_year_group"]]
    joined = main.merge(own, on="urn", how="inner")
    inside = joined["year_group"].between(joined["first_year_group"], joined["last_year_group"])
    return joined[inside.fillna(False).astype(bool)].reset_index(drop=True)


def pupil_years(
    scope: pd.DataFrame,
    trial_schools: pd.DataFrame,
    periods: list[Period],
    calendars: Mapping[str, DayCalendar],
) -> pd.DataFrame:
    """Pupil-years by school, period and source of observation (PUPIL_YEAR_COLUMNS), zeros included.

    `scope` is from `spells_in_scope`. One pupil-year is 365.25 days on roll.
    """
    starts, ends = day_numbers(scope["start"]), day_numbers(scope["end"])
    key = ["trial", "urn"]
    school = pd.MultiIndex.from_frame(trial_schools[key]).get_indexer(pd.MultiIndex.from_frame(scope[key]))
    counted = []
    for period in periods:
        own = np.full(len(trial_schools), True) if not period.trial else (trial_schools["trial"] == period.trial)
        schools = trial_schools[own]
        for source, calendar in calendars.items():
            running = calendar.within(period.start, period.end).running()
            days = np.bincount(school, weights=running[ends] - running[starts], minlength=len(trial_schools))
            years = days[own] / DAYS_A_YEAR
            named = {"period_kind": period.kind, "period": period.name, "source": source}
            counted.append(schools[SCHOOL].assign(**named, pupil_years=years))
    return pd.concat(counted, ignore_index=True)[PUPIL_YEAR_COLUMNS]


def january_headcounts(scope: pd.DataFrame, trial_schools: pd.DataFrame, academic_years: list[str]) -> pd.DataFrame:
    """Pupils of the trial's year groups with main registration on spring census day (HEADCOUNT_COLUMNS), zeros too."""
    counted = []
    key = pd.MultiIndex.from_frame(trial_schools[["trial", "urn"]])
    for year in academic_years:
        day = january_census_day(int(year[:4]))
        there = scope[(scope["start"] <= day) & (day < scope["end"])]
        pupils = there.groupby(["trial", "urn"])["upn"].nunique().reindex(key, fill_value=0).to_numpy()
        counted.append(trial_schools[SCHOOL].assign(academic_year=year, pupils=pupils))
    return pd.concat(counted, ignore_index=True)[HEADCOUNT_COLUMNS]
