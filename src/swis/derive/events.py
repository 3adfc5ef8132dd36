"""One long table of social care events, each with its date, and what the measures ask of it.

Kinds: referral, assessment_started, assessment_completed, section47, conference, conference_on_case, protection_plan,
care_start; and of `help_events`, early_help and cin_plan.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.academic_year import academic_year_of
from swis.derive.deduplicate import CASE, CHILD
from swis.derive.lookup import look_up, of_distinct_dates, order_of, sort_codes
from swis.derive.working_days import working_days_between

REFERRAL, STARTED, COMPLETED = "referral", "assessment_started", "assessment_completed"
SECTION47, CONFERENCE, CONFERENCE_ON_CASE = "section47", "conference", "conference_on_case"
PLAN, CARE_START = "protection_plan", "care_start"
EARLY_HELP, CIN_PLAN = "early_help", "cin_plan"
KINDS = [
    REFERRAL, STARTED, COMPLETED, SECTION47, CONFERENCE, CONFERENCE_ON_CASE, PLAN, CARE_START, EARLY_HELP, CIN_PLAN,
]  # fmt: skip
SCHOOLS_SOURCE = "2A"
EVENT_COLUMNS = [
    "event", *CASE, "event_date", "academic_year", "from_school", "no_further_action", "is_rereferral",
    "days_from_referral", "days_from_start", "conference_precedes",
]  # fmt: skip
TYPES = {
    "event": "string", "authority": "string", "la_child_id": "string", "referral_date": "datetime64[us]",
    "event_date": "datetime64[us]", "academic_year": "string", "from_school": "boolean", "no_further_action": "boolean",
    "is_rereferral": "boolean", "days_from_referral": "Float64", "days_from_start": "Float64",
    "conference_precedes": "boolean",
}  # fmt: skip


def social_care_events(
    tables: Mapping[str, pd.DataFrame], periods_of_care: pd.DataFrame, look_back_months: int
) -> pd.DataFrame:
    """Events of deduplicated tables (EVENT_COLUMNS), by kind.

    `days_from_referral` and `days_from_start` are working days: for assessments from the referral and from the start of
    the assessment, for conferences (in days_from_start) from the start of the section 47 enquiry. A conference recorded
    on the case alone (a child moving in on a plan) has no start to count from and is a kind of its own.
    """
    assessments = tables["assessments"]
    enquiries = tables["section47"]
    parts = {
        REFERRAL: referral_events(tables["referrals"], look_back_months),
        STARTED: assessments.assign(event_date=assessments["assessment_start_date"]),
        COMPLETED: completed_assessments(assessments),
        SECTION47: enquiries.assign(event_date=enquiries["section47_start_date"]),
        CONFERENCE: conferences_after_enquiries(enquiries),
        CONFERENCE_ON_CASE: conferences_on_cases(tables["conferences"], enquiries),
        PLAN: tables["protection_plans"].assign(event_date=tables["protection_plans"]["plan_start_date"]),
        CARE_START: periods_of_care.assign(event_date=periods_of_care["start"]),
    }
    typed = [typed_events(frame.assign(event=kind)) for kind, frame in parts.items()]
    stacked = pd.concat(typed, ignore_index=True)
    stacked["academic_year"] = of_distinct_dates(stacked["event_date"], academic_year_of)
    return stacked


def referral_events(referrals: pd.DataFrame, look_back_months: int) -> pd.DataFrame:
    """Referrals with from_school (source 2A) and is_rereferral.

    A re-referral has an earlier referral of the same child in the `look_back_months` before it, the day that many
    months back included, whatever became of the earlier one (DfE children in need guide).
    """
    codes = sort_codes(referrals, [*CHILD, "referral_date"])
    ordered = referrals.take(order_of(codes)).reset_index(drop=True)
    same_child = (ordered[CHILD] == ordered[CHILD].shift(1)).fillna(False).astype(bool).all(axis=1)
    before = ordered["referral_date"].shift(1).where(same_child)
    earliest = ordered["referral_date"] - pd.DateOffset(months=look_back_months)
    return ordered.assign(
        event_date=ordered["referral_date"],
        from_school=ordered["referral_source"].eq(SCHOOLS_SOURCE),
        is_rereferral=before.ge(earliest).where(before.notna(), False).astype("boolean"),
    )


def completed_assessments(assessments: pd.DataFrame) -> pd.DataFrame:
    """Finished assessments by the day of authorisation, with working days from referral and from their own start.

    The statutory clock of a case's first assessment starts with the referral; a later one of a case still open has no
    referral of its own, so its days_from_referral count from its start (assumed).
    """
    first = assessments.groupby(CASE, sort=False)["assessment_start_date"].transform("min")
    clock = (
        assessments["referral_date"]
        .where(assessments["assessment_start_date"] == first)
        .fillna(assessments["assessment_start_date"])
    )
    dated = assessments.assign(clock=clock)[assessments["assessment_end_date"].notna()]
    end = dated["assessment_end_date"]
    return dated.assign(
        event_date=end,
        days_from_referral=working_days_between(dated["clock"], end),
        days_from_start=working_days_between(dated["assessment_start_date"], end),
    )


def conferences_after_enquiries(enquiries: pd.DataFrame) -> pd.DataFrame:
    """Initial conferences by their day, with working days from the start of the enquiry; one a child, case and day.

    Two enquiries that led to one conference count it once, from the later start. `conference_precedes` marks those
    before their enquiry, which the time bands leave out (DfE children in need guide).
    """
    held = enquiries[enquiries["conference_date"].notna()].sort_values([*CASE, "section47_start_date"], kind="stable")
    once = held.drop_duplicates([*CASE, "conference_date"], keep="last")
    start, day = once["section47_start_date"], once["conference_date"]
    return once.assign(
        event_date=day, days_from_start=working_days_between(start, day), conference_precedes=day < start
    )


def conferences_on_cases(conferences: pd.DataFrame, enquiries: pd.DataFrame) -> pd.DataFrame:
    """Conferences that the return holds on the case and in no enquiry of the child, one a child and day."""
    key = [*CHILD, "conference_date"]
    on_case = conferences[conferences["recorded_in"] == "referral"].drop_duplicates(key)
    in_enquiry = pd.MultiIndex.from_frame(enquiries.loc[enquiries["conference_date"].notna(), key])
    alone = on_case[~pd.MultiIndex.from_frame(on_case[key]).isin(in_enquiry)]
    return alone.assign(event_date=alone["conference_date"])


def with_turning_18(rows: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    """Rows of one authority with turns_18, the eighteenth birthday as the latest return has it."""
    born = children.dropna(subset=["birth_date"]).sort_values("return_year", kind="stable")
    latest = born.drop_duplicates("la_child_id", keep="last").set_index("la_child_id")["birth_date"]
    birthday = (latest + pd.DateOffset(years=18)).astype("datetime64[us]")
    return rows.assign(turns_18=look_up(rows["la_child_id"], birthday))


def typed_events(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of EVENT_COLUMNS in their types; missing where the frame has none."""
    columns = {
        name: frame[name].astype(kind) if name in frame else pd.Series(pd.NA, frame.index).astype(kind)
        for name, kind in ((name, TYPES[name]) for name in EVENT_COLUMNS)
    }
    return pd.DataFrame(columns, index=frame.index)
