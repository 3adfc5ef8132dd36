"""An authority's whole return by reporting year, counted as the DfE counts it: every child under 18, whatever school.

A reporting year ends on 31 March and is named by the year it ends in. Only years whose own return came and which were
over on the day of the data cut are counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.academic_year import reporting_year_of
from swis.derive.calendar import FIRST_DAY, LAST_DAY, DayCalendar
from swis.derive.derived import Derived
from swis.derive.events import (
    CARE_START,
    COMPLETED,
    CONFERENCE,
    CONFERENCE_ON_CASE,
    PLAN,
    REFERRAL,
    SECTION47,
)  # fmt: skip
from swis.derive.observed import CARE, CIN
from swis.outcomes.estimates import rate
from swis.outcomes.measures.assessments import WORKING_DAYS as ASSESSMENT_DAYS
from swis.outcomes.measures.conferences import WORKING_DAYS as CONFERENCE_DAYS
from swis.params import Authority

RETURN_COLUMNS = ["authority", "measure", "time_period", "count", "denominator", "value", "unit"]
PER_CHILDREN = 10_000
OF_POPULATION = f"per {PER_CHILDREN:,} children"
# Denominators that are the count of another measure, or part of one, for disclosure control.
DENOMINATOR_IS = {
    "referrals_from_schools": "referrals",
    "rereferrals_within_12_months": "referrals",
    "assessments_within_45_working_days": "section17_assessments_completed",
}
DENOMINATOR_PART_OF = {
    "referrals_no_further_action": "referrals",
    "conferences_within_15_working_days": "conferences",
}


def authority_returns(derived: Derived, authority: Authority) -> pd.DataFrame:
    """Counts, denominators and values by reporting year (RETURN_COLUMNS), comparable with DfE statistics.

    Rates are per 10,000 of the children aged 0 to 17 in the authority's parameters (a mid-2020 estimate).
    """
    events = _under_18(derived.events.assign(year=reporting_year_of(derived.events["event_date"])))
    years = {source: return_years(derived.calendar(source)) for source in (CIN, CARE)}
    of_census = events[events["year"].isin(years[CIN])]
    of_care = events[events["year"].isin(years[CARE])]
    rows = [
        *_referrals(of_census, years[CIN]),
        *_assessments(of_census, years[CIN]),
        *_protection(of_census, years[CIN]),
        *_care(of_care, derived.care_periods, years[CARE]),
    ]
    frame = pd.concat(rows, ignore_index=True)
    of_all = (frame["unit"] == OF_POPULATION).to_numpy(bool)
    base = frame["denominator"].where(~of_all, float(authority.children_0_to_17))
    per = np.where(of_all, PER_CHILDREN, 100)
    valued = frame.assign(authority=authority.slug, denominator=base, value=rate(frame["count"], base, per))
    typed = valued.astype({"authority": "string", "measure": "string", "unit": "string", "time_period": "string"})
    return typed[RETURN_COLUMNS].sort_values(["measure", "time_period"], ignore_index=True)


def return_years(calendar: DayCalendar) -> list[int]:
    """Reporting years that are observed from first to last day: their return came and they were over at the cut."""
    years = range(FIRST_DAY.year + 1, LAST_DAY.year)
    return [year for year in years if calendar.share_of(pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 4, 1)) == 1]


def _under_18(events: pd.DataFrame) -> pd.DataFrame:
    grown = (events["event_date"] >= events["turns_18"]).fillna(False).to_numpy(bool)
    return events[~grown]


def _count(events: pd.DataFrame, years: list[int]) -> pd.Series:
    return events.groupby("year").size().reindex(years, fill_value=0).astype(float)


def _rows(measure: str, years: list[int], count: pd.Series, base: pd.Series | None, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": measure,
            "time_period": [str(year) for year in years],
            "count": count.to_numpy(float),
            "denominator": np.nan if base is None else base.to_numpy(float),
            "unit": unit,
        }
    )


def _referrals(events: pd.DataFrame, years: list[int]) -> list[pd.DataFrame]:
    made = events[events["event"] == REFERRAL]
    every = _count(made, years)
    from_schools = _count(made[made["from_school"].fillna(False).astype(bool)], years)
    decided = made[made["no_further_action"].notna()]
    nothing = _count(decided[decided["no_further_action"].astype(bool)], years)
    # A year's look-back lies in the return of the year before it.
    looked_back = [year for year in years if year - 1 in years]
    again = _count(made[made["is_rereferral"].fillna(False).astype(bool)], looked_back)
    unit = "% of referrals"
    return [
        _rows("referrals", years, every, None, OF_POPULATION),
        _rows("referrals_from_schools", years, from_schools, every, unit),
        _rows("rereferrals_within_12_months", looked_back, again, every.reindex(looked_back), unit),
        _rows("referrals_no_further_action", years, nothing, _count(decided, years), unit),
    ]


def _assessments(events: pd.DataFrame, years: list[int]) -> list[pd.DataFrame]:
    completed = events[events["event"] == COMPLETED]
    every = _count(completed, years)
    in_time = _count(
        completed[(completed["days_from_referral"] <= ASSESSMENT_DAYS).fillna(False).to_numpy(bool)], years
    )
    return [
        _rows("section17_assessments_completed", years, every, None, OF_POPULATION),
        _rows("assessments_within_45_working_days", years, in_time, every, "% of assessments completed"),
    ]


def _protection(events: pd.DataFrame, years: list[int]) -> list[pd.DataFrame]:
    held = events[events["event"] == CONFERENCE]
    precedes = held["conference_precedes"].fillna(False).astype(bool)
    in_time = held[((held["days_from_start"] <= CONFERENCE_DAYS).fillna(False) & ~precedes).to_numpy(bool)]
    every_conference = events[events["event"].isin([CONFERENCE, CONFERENCE_ON_CASE])]
    return [
        _rows("section47_enquiries", years, _count(events[events["event"] == SECTION47], years), None, OF_POPULATION),
        _rows("conferences", years, _count(every_conference, years), None, OF_POPULATION),
        _rows(
            "conferences_within_15_working_days", years, _count(in_time, years), _count(held, years), "% of conferences"
        ),
        _rows("protection_plans_started", years, _count(events[events["event"] == PLAN], years), None, OF_POPULATION),
    ]


def _care(events: pd.DataFrame, periods: pd.DataFrame, years: list[int]) -> list[pd.DataFrame]:
    started = events[events["event"] == CARE_START].drop_duplicates(["la_child_id", "year"])
    stock = pd.Series([looked_after_on(periods, pd.Timestamp(year, 3, 31)) for year in years], dtype=float)
    return [
        _rows("children_entering_care", years, _count(started, years), None, OF_POPULATION),
        _rows("children_looked_after", years, stock, None, OF_POPULATION),
    ]


def looked_after_on(periods: pd.DataFrame, day: pd.Timestamp) -> int:
    """Children under 18 in a period of care on a day (short breaks are not periods of care)."""
    there = (periods["start"] <= day) & (periods["end"].isna() | (periods["end"] > day))
    grown = (periods["turns_18"] <= day).fillna(False)
    return int(periods.loc[(there & ~grown).to_numpy(bool), "la_child_id"].nunique())
