"""How long help took, in working days: contact to referral, referral to completed assessment, enquiry to conference.

Day 0 is the day it starts. A wait ends with the event, with a competing end after which the event cannot come, or is
open on the last day that received returns cover; how long that is from its start is known of every wait (`covered`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_of
from swis.derive.calendar import DayCalendar
from swis.derive.cut import decision_date
from swis.derive.deduplicate import CASE, CHILD
from swis.derive.events import SCHOOLS_SOURCE
from swis.derive.help_events import children_by_number
from swis.derive.link import link_children
from swis.derive.linkage import COUNTED, attributed_events
from swis.derive.lookup import of_distinct_dates
from swis.derive.observed import CIN, ROLL
from swis.derive.working_days import bank_holidays, working_days_between
from swis.params import Definitions

CONTACT, REFERRAL, ENQUIRY = "contact to referral", "referral to assessment", "enquiry to conference"
WAITS = (CONTACT, REFERRAL, ENQUIRY)
EVENT, COMPETING, OPEN = "event", "competing", "open"
WAIT_COLUMNS = ["wait", "authority", "urn", "start_date", "academic_year", "days", "ended", "covered"]


def waits(
    tables: Mapping[str, pd.DataFrame],
    numbers: pd.DataFrame,
    spells: pd.DataFrame,
    trial_schools: pd.DataFrame,
    calendars: Mapping[str, DayCalendar],
    definitions: Definitions,
) -> pd.DataFrame:
    """Waits of pupils of trial schools (WAIT_COLUMNS), the school being that of the day on which the wait began.

    `tables` hold one row an event, as known on the day of the cut. Children link as those of events do, so that waits
    begun are the referrals and enquiries counted; for contacts also by numbers that only the contacts form gives.
    """
    span, decided = definitions.contact_to_referral_working_days, definitions.no_conference_decided_working_days
    by_census = link_children(tables["children"], numbers)
    by_form = link_children(children_by_number(tables["children"], tables["contacts"]), numbers)
    contacts = contact_waits(tables["contacts"], tables["referrals"], calendars[ROLL], span)
    referrals = referral_waits(tables["referrals"], tables["assessments"], calendars[CIN])
    enquiries = enquiry_waits(tables["section47"], calendars[CIN], decided)
    made = (
        (CONTACT, contacts, by_form, calendars[ROLL]),
        (REFERRAL, referrals, by_census, calendars[CIN]),
        (ENQUIRY, enquiries, by_census, calendars[CIN]),
    )
    parts = []
    for wait, rows, links, calendar in made:
        dated = rows.assign(event_date=rows["start_date"])
        found = attributed_events(dated, links, spells, trial_schools, calendar)
        parts.append(found[found["link_status"] == COUNTED].assign(wait=wait))
    stacked = pd.concat(parts, ignore_index=True)
    labelled = stacked.assign(academic_year=of_distinct_dates(stacked["start_date"], academic_year_of))
    typed = labelled.astype({"wait": "string", "ended": "string", "days": "float64", "covered": "float64"})
    return typed.sort_values(["wait", "urn", "start_date", "days"], kind="stable")[WAIT_COLUMNS].reset_index(drop=True)


def contact_waits(contacts: pd.DataFrame, referrals: pd.DataFrame, calendar: DayCalendar, span: int) -> pd.DataFrame:
    """Contacts of schools that a referral of the child followed in `span` working days [CHILD, columns of _ended].

    Contacts of others, which Annex A list 1 holds and the form does not, are left out: the two would else tell of
    different contacts in different years. The referral is the next on the contact's day or after it. A contact after
    which none came within the span is none of these, and neither is one whose span the returns do not wholly cover,
    for of it only the quick ones would be known. One contact a child and day, whichever file holds it.
    """
    by_school = (contacts["source_code"] == SCHOOLS_SOURCE).fillna(False) | contacts["urn"].notna()
    once = contacts[by_school].dropna(subset=[*CHILD, "contact_date"]).drop_duplicates([*CHILD, "contact_date"])
    start = once[[*CHILD, "contact_date"]].sort_values("contact_date", kind="stable")
    known = referrals[[*CHILD, "referral_date"]].dropna().drop_duplicates().sort_values("referral_date", kind="stable")
    met = pd.merge_asof(
        start, known, left_on="contact_date", right_on="referral_date", by=CHILD, direction="forward"
    ).rename(columns={"contact_date": "start_date"})
    days = working_days_between(met["start_date"], met["referral_date"])
    covered = working_days_between(met["start_date"], last_days(calendar, met["start_date"]))
    kept = (days <= span) & (covered >= span)
    return (
        met.assign(days=days, ended=EVENT, covered=covered)[kept].drop(columns="referral_date").reset_index(drop=True)
    )


def referral_waits(referrals: pd.DataFrame, assessments: pd.DataFrame, calendar: DayCalendar) -> pd.DataFrame:
    """Referrals until the first assessment of the case is authorised [CASE and the columns of _ended].

    Competing: no further action, or the case closed before any assessment was authorised.
    """
    done = assessments.dropna(subset=["assessment_end_date"])
    done = done[done["assessment_end_date"] >= done["referral_date"]]
    first = done.groupby(CASE, as_index=False, sort=False)["assessment_end_date"].min()
    every = referrals.dropna(subset=["referral_date"]).merge(first, on=CASE, how="left")
    unneeded = every["no_further_action"].fillna(False).astype(bool)
    closed = every["closure_date"].where(~unneeded, decision_date(every))
    return _ended(every[CASE], every["referral_date"], every["assessment_end_date"], closed, calendar)


def enquiry_waits(enquiries: pd.DataFrame, calendar: DayCalendar, decided_after: int) -> pd.DataFrame:
    """Section 47 enquiries until the initial conference [CASE and the columns of _ended].

    Competing: the return says that no conference was required, decided so many working days after the start, for no
    return dates it; or the conference had been held before the enquiry, so that none can follow: an end on day 0.
    """
    held = enquiries.dropna(subset=["section47_start_date"]).reset_index(drop=True)
    start, met = held["section47_start_date"], held["conference_date"]
    precedes = (met < start).fillna(False)
    without = held["conference_not_required"].fillna(False).astype(bool) & met.isna()
    decided = _working_days_after(start, decided_after).where(without).mask(precedes, start)
    return _ended(held[CASE], start, met.mask(precedes), decided, calendar)


def last_days(calendar: DayCalendar, dates: pd.Series) -> pd.Series:
    """Last day of the observed span that holds each date; missing for a date on no observed day."""
    spans = calendar.spans()
    found = pd.Series(pd.NaT, index=dates.index, dtype="datetime64[us]")
    for start, end in zip(spans["start"], spans["end"], strict=True):
        found = found.mask(((dates >= start) & (dates < end)).fillna(False), end - pd.Timedelta(days=1))
    return found


def _ended(
    case: pd.DataFrame, start: pd.Series, event: pd.Series, competing: pd.Series, calendar: DayCalendar
) -> pd.DataFrame:
    """Each wait to whichever came first of event and competing end, else open on the last day observed.

    start_date, days, ended, and covered: working days from the start to the last day observed. Of both on one day the
    event counts. Waits that begin on no observed day are left out.
    """
    last = last_days(calendar, start)
    has_event = (event <= last).fillna(False) & ~(competing < event).fillna(False)
    has_other = ~has_event & (competing <= last).fillna(False)
    end = event.where(has_event, competing.where(has_other, last))
    ended = np.select([has_event, has_other], [EVENT, COMPETING], OPEN)
    made = case.assign(
        start_date=start, days=working_days_between(start, end), ended=ended, covered=working_days_between(start, last)
    )
    return made[last.notna()].reset_index(drop=True)


def _working_days_after(start: pd.Series, days: int) -> pd.Series:
    """The working day so many after each date, the date being day 0."""
    stamps = start.to_numpy().astype("datetime64[D]")
    moved = np.busday_offset(stamps, 0, roll="forward", holidays=bank_holidays())
    after = np.busday_offset(moved, days, holidays=bank_holidays())
    return pd.Series(after.astype("datetime64[us]"), index=start.index)
