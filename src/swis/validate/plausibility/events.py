"""Counts of events by month and return, and headcounts by school and census, that several checks look at."""

from __future__ import annotations

import pandas as pd

from swis.academic_year import reporting_year_of
from swis.validate.plausibility.check import Context
from swis.validate.tables import Tables

EventKey = tuple[list[str], str]
MONTHLY_EVENTS: dict[str, EventKey] = {
    "referrals": (["la_child_id", "referral_date"], "referral_date"),
    "assessments": (["la_child_id", "referral_date", "assessment_start_date"], "assessment_start_date"),
    "section47": (["la_child_id", "referral_date", "section47_start_date"], "section47_start_date"),
    "protection_plans": (["la_child_id", "plan_start_date"], "plan_start_date"),
    "suspensions": (["upn", "urn", "start_date"], "start_date"),
    "contacts": (["urn", "la_child_id", "contact_date"], "contact_date"),
}
YEARLY_EVENTS = {name: key for name, key in MONTHLY_EVENTS.items() if name not in {"suspensions", "contacts"}}
"""Events of returns of a reporting year; others come by term or for years of their own, so some are never whole."""
HOLIDAY_MONTH = 8
SCHOOLS_CLOSED = pd.PeriodIndex(["2020-03", "2020-04", "2020-05", "2020-06", "2020-07", "2021-01", "2021-02"], freq="M")
"""Months in which schools in England were closed to most pupils."""


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

    Where the table has no `return_year` its events happen at school, so August and the months in which schools were
    closed to most pupils are left out.
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
        every = every[(every.month != HOLIDAY_MONTH) & ~every.isin(SCHOOLS_CLOSED)]
    return months.value_counts().reindex(every, fill_value=0).astype("float64")


def yearly_counts(tables: Tables, name: str, key: list[str], start: str) -> pd.Series:
    """Events of a table by the reporting year of their start, for the years at hand; index: year as integer."""

    def counted() -> pd.Series:
        events = distinct_events(tables[name], key, start)
        years = reporting_year_of(events[start]).astype("int64")
        return years.value_counts().sort_index().astype("float64")

    return tables.made_once("yearly counts", name, *key, start, make=counted)


def headcounts(context: Context) -> pd.DataFrame:
    """Pupils on roll: columns urn, census_year, census_term, autumn (first year of the academic year), pupils."""
    pupils = context.table("pupils")
    return context.tables.made_once("headcounts", make=lambda: _headcounts(pupils))


def _headcounts(pupils: pd.DataFrame) -> pd.DataFrame:
    key = ["urn", "census_year", "census_term"]
    on_roll = pupils.loc[pupils["is_on_roll"].eq(True).fillna(False), key]
    counts = on_roll.groupby(key).size().rename("pupils").reset_index()
    counts["autumn"] = counts["census_year"] - counts["census_term"].ne("autumn").astype("Int64")
    return counts
