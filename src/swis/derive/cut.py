"""The data cut: what was known on a day. Events after it are dropped and what was learned after it is hidden.

A cut is by the date of the event, never by when a return arrived, so open work is censored at the cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from swis.academic_year import academic_year_window
from swis.derive.terms import term_calendar
from swis.derive.working_days import next_working_day

# Table → the date that makes the row (a later one drops it).
EVENT_DATE = {
    "referrals": "referral_date",
    "assessments": "assessment_start_date",
    "section47": "section47_start_date",
    "conferences": "conference_date",
    "protection_plans": "plan_start_date",
    "cin_plans": "plan_start_date",
    "care_episodes": "episode_start_date",
    "pupils": "entry_date",
    "suspensions": "start_date",
    "contacts": "contact_date",
    "early_help": "assessment_start_date",
    "delivery": "from_date",
}
# Table → a date learned later → everything learned with it (hidden together).
LEARNED = {
    "referrals": {"closure_date": ["closure_date", "closure_reason"]},
    "assessments": {
        "assessment_end_date": ["assessment_end_date", "assessment_factors"],
        "assessment_review_date": ["assessment_review_date"],
    },
    "section47": {"conference_date": ["conference_date"]},
    "protection_plans": {"plan_end_date": ["plan_end_date"]},
    "cin_plans": {"plan_end_date": ["plan_end_date"]},
    "care_episodes": {"episode_end_date": ["episode_end_date", "reason_ceased", "reason_place_change"]},
    "pupils": {"leaving_date": ["leaving_date"]},
    "contacts": {"decision_date": ["decision_date", "outcome"]},
    "early_help": {"assessment_end_date": ["assessment_end_date"]},
    "dsl_survey": {"left_post_on": ["left_post_on"]},
    "delivery": {"to_date": ["to_date"]},
}


def cut_table(frame: pd.DataFrame, table: str, data_cut: date) -> pd.DataFrame:
    """The table as it stood on the day of the cut (that day included); tables without events are unchanged."""
    last = pd.Timestamp(data_cut)
    if table == "attendance":
        return _cut_attendance(frame, last)
    if table == "attainment":
        return _cut_attainment(frame, last)
    kept = frame
    if table in EVENT_DATE:
        kept = frame[~(frame[EVENT_DATE[table]] > last).fillna(False).to_numpy(bool)].reset_index(drop=True)
    if table == "referrals":
        kept = _hide_decision(kept, last)
    return _hide_learned(kept, LEARNED.get(table, {}), last)


def cut_tables(tables: Mapping[str, pd.DataFrame], data_cut: date) -> dict[str, pd.DataFrame]:
    """Every table as it stood on the day of the cut."""
    return {name: cut_table(frame, name, data_cut) for name, frame in tables.items()}


def decision_date(referrals: pd.DataFrame) -> pd.Series:
    """Day on which the decision about a referral was known.

    The census holds no date of it. A referral without further action is decided when it is closed, where the date is
    given; any other by the working day after the referral (Working Together: decide within one working day).
    """
    by_law = next_working_day(referrals["referral_date"])
    closed = referrals["no_further_action"].fillna(False).astype(bool) & referrals["closure_date"].notna()
    return by_law.where(~closed, referrals["closure_date"])


def _hide_decision(referrals: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    known = ~(decision_date(referrals) > last).to_numpy(bool)
    return referrals.assign(no_further_action=referrals["no_further_action"].where(known))


def _hide_learned(frame: pd.DataFrame, learned: Mapping[str, list[str]], last: pd.Timestamp) -> pd.DataFrame:
    hidden: dict[str, pd.Series] = {}
    for when, columns in learned.items():
        known = ~(frame[when] > last).fillna(False).to_numpy(bool)
        hidden |= {name: frame[name].where(known) for name in columns if name in frame}
    return frame.assign(**hidden) if hidden else frame


def _cut_attendance(attendance: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Sessions are held by term: a term that was not over on the day of the cut is not known."""
    starts = sorted({int(year[:4]) for year in attendance["academic_year"].dropna().unique()})
    terms = term_calendar(starts)
    over = terms.loc[terms["last_day"] <= last, ["academic_year", "absence_term"]]
    kept = (attendance["academic_year"] + attendance["absence_term"]).isin(over["academic_year"] + over["absence_term"])
    return attendance[kept.fillna(False).to_numpy(bool)].reset_index(drop=True)


def _cut_attainment(attainment: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Results are learned in August: those of an academic year are known from its 31 August."""
    years = attainment["academic_year"].dropna().unique()
    known = {year for year in years if pd.Timestamp(academic_year_window(year).last_day) <= last}
    return attainment[attainment["academic_year"].isin(known)].reset_index(drop=True)
