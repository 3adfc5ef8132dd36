"""What became of every event on its way to a trial school: counted, or left out and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.attribute import school_on_date
from swis.derive.calendar import DayCalendar
from swis.derive.cohort import COHORT_DAY
from swis.derive.link import BY_FORMER_UPN, BY_UPN, NOT_ON_A_TRIAL_ROLL, UNLINKED
from swis.derive.lookup import look_up, positions_in

COUNTED, NOT_ON_ROLL = "counted", "on no trial roll that day"
OUTSIDE, UNOBSERVED = "outside the year groups", "no return for the day"
NO_RECORD = "no record of the child"
STATUSES = [COUNTED, NOT_ON_ROLL, OUTSIDE, UNOBSERVED, NOT_ON_A_TRIAL_ROLL, UNLINKED]
LINKAGE_COLUMNS = ["authority", "event", "academic_year", "link_status", "reason", "count"]


def attributed_events(
    events: pd.DataFrame,
    links: pd.DataFrame,
    spells: pd.DataFrame,
    trial_schools: pd.DataFrame,
    calendar: DayCalendar,
) -> pd.DataFrame:
    """Events of one authority (column event_date) with upn, urn, year_group, link_status (STATUSES) and reason.

    urn is kept only where the event counts: linked, on a trial roll in its year groups that day, and on a day that a
    received return covers (`calendar`).
    """
    known = links.set_index("la_child_id")
    place = positions_in(events["la_child_id"], known.index)
    columns = {name: known[name].array.take(place, allow_fill=True) for name in ("upn", "link", "reason")}
    found = school_on_date(events.assign(**columns), spells, "event_date")
    status = _status(found, trial_schools, calendar.holds(found["event_date"]))
    by_number = found["link"].isin([BY_UPN, BY_FORMER_UPN])
    reason = found["reason"].mask(by_number, found["link"]).fillna(NO_RECORD)
    kept = found.assign(urn=found["urn"].where(status.eq(COUNTED)), link_status=status, reason=reason)
    return kept.drop(columns="link")


def _status(events: pd.DataFrame, trial_schools: pd.DataFrame, is_observed: np.ndarray) -> pd.Series:
    groups = trial_schools.groupby("urn").agg(first=("first_year_group", "min"), last=("last_year_group", "max"))
    year = events["year_group"].astype("Float64")
    first, last = (look_up(events["urn"], groups[name].astype("Float64")) for name in ("first", "last"))
    inside = ((year >= first) & (year <= last)).fillna(False).astype(bool)
    status = pd.Series(COUNTED, index=events.index, dtype="string")
    status = status.mask(~inside, OUTSIDE).mask(events["urn"].isna() | first.isna(), NOT_ON_ROLL)
    status = status.mask(events["upn"].isna(), events["link"].fillna(UNLINKED))
    return status.mask(~is_observed, UNOBSERVED)


def linkage_counts(events: pd.DataFrame, academic_years: list[str]) -> pd.DataFrame:
    """Counts of events by kind, academic year, link status and reason (LINKAGE_COLUMNS)."""
    inside = events[events["academic_year"].isin(academic_years)]
    key = LINKAGE_COLUMNS[:-1]
    return inside.groupby(key, dropna=False).size().rename("count").reset_index().sort_values(key, ignore_index=True)


def cohort_care_dates(periods_of_care: pd.DataFrame) -> pd.Series:
    """Day on which a period of care is given to a school of the closed cohort: its start, or the cohort's day if later.

    A period that ended before the cohort's day belongs to no school; its day is missing.
    """
    day = periods_of_care["start"].clip(lower=COHORT_DAY)
    return day.where(periods_of_care["end"].isna() | (periods_of_care["end"] > COHORT_DAY))
