"""Counts of events by month and return, and headcounts by school and census, that several checks look at."""

from __future__ import annotations

import pandas as pd

from swis.academic_year import reporting_year_of

EventKey = tuple[list[str], str]
MONTHLY_EVENTS: dict[str, EventKey] = {
    "referrals": (["la_child_id", "referral_date"], "referral_date"),
    "assessments": (["la_child_id", "referral_date", "assessment_start_date"], "assessment_start_date"),
    "section47": (["la_child_id", "referral_date", "section47_start_date"], "section47_start_date"),
    "protection_plans": (["la_child_id", "plan_start_date"], "plan_start_date"),
    "suspensions": (["upn", "urn", "start_date"], "start_date"),
}
HOLIDAY_MONTH = 8


def distinct_events(rows: pd.DataFrame, key: list[str], start: str) -> pd.DataFrame:
    """Each event once, however many returns hold it, and only where its own year was returned.

    An event of a year before the first return is known only if its case stayed open, so it is left out.
    """
    events = rows[rows[start].notna()].drop_duplicates(key)
    if "return_year" not in rows:
        return events
    return events[reporting_year_of(events[start]).isin(rows["return_year"].dropna().unique())]


def monthly_counts(rows: pd.DataFrame, key: list[str], start: str) -> pd.Series:
    """Events by month from the first to the last month observed; months without events count 0.

    Schools are closed in August, so that month is left out where the table has no `return_year`.
    """
    events = distinct_events(rows, key, start)
    if not len(events):
        return pd.Series(dtype="float64", index=pd.PeriodIndex([], freq="M"))
    months = events[start].dt.to_period("M")
    every = pd.period_range(months.min(), months.max(), freq="M")
    if "return_year" in rows:
        observed = rows["return_year"].dropna().unique()
        every = pd.PeriodIndex([month for month in every if month.year + (month.month > 3) in observed], freq="M")
    else:
        every = every[every.month != HOLIDAY_MONTH]
    return months.value_counts().reindex(every, fill_value=0).astype("float64")


def yearly_counts(rows: pd.DataFrame, key: list[str], start: str) -> pd.Series:
    """Events by the reporting year of their start, for the years at hand; index: year as integer."""
    events = distinct_events(rows, key, start)
    years = reporting_year_of(events[start]).astype("int64")
    return years.value_counts().sort_index().astype("float64")


def headcounts(pupils: pd.DataFrame) -> pd.DataFrame:
    """Pupils on roll: columns urn, census_year, census_term, autumn (first year of the academic year), pupils."""
    on_roll = pupils[pupils["is_on_roll"].eq(True).fillna(False)]
    counts = on_roll.groupby(["urn", "census_year", "census_term"]).size().rename("pupils").reset_index()
    counts["autumn"] = counts["census_year"] - counts["census_term"].ne("autumn").astype("Int64")
    return counts
