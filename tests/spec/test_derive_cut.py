"""The data cut: what a table looks like on a day, by the date of events and never by the return they came in."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from derive_tables import rows

from swis.derive.cut import cut_table

CUT = date(2021, 6, 30)
CHILD = {"la_child_id": "SYN1", "referral_date": "2021-05-03"}


def after_cut(table: str, **values: object) -> pd.DataFrame:
    return cut_table(rows(table, {**CHILD, **values}), table, CUT)


# table, the column that makes the event
EVENTS = [
    ("referrals", "referral_date"), ("assessments", "assessment_start_date"), ("section47", "section47_start_date"),
    ("conferences", "conference_date"), ("protection_plans", "plan_start_date"), ("cin_plans", "plan_start_date"),
    ("care_episodes", "episode_start_date"), ("suspensions", "start_date"), ("pupils", "entry_date"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), EVENTS)
def test_an_event_on_the_day_stays_and_one_the_day_after_goes(table: str, column: str) -> None:
    assert len(after_cut(table, **{column: "2021-06-30"})) == 1
    assert len(after_cut(table, **{column: "2021-07-01"})) == 0


# table, its own date, the later date, what is hidden with it
LATER = [
    ("referrals", {"referral_date": "2021-05-03"}, "closure_date", {"closure_reason": "RC1"}),
    ("assessments", {"assessment_start_date": "2021-05-04"}, "assessment_end_date", {"assessment_factors": "3A"}),
    ("section47", {"section47_start_date": "2021-05-04"}, "conference_date", {}),
    ("protection_plans", {"plan_start_date": "2021-05-04"}, "plan_end_date", {}),
    ("care_episodes", {"episode_start_date": "2021-05-04"}, "episode_end_date", {"reason_ceased": "E4A"}),
    ("pupils", {"entry_date": "2019-09-01"}, "leaving_date", {}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "own", "later", "with_it"), LATER)
def test_what_was_learned_after_the_cut_is_hidden(
    table: str, own: dict[str, str], later: str, with_it: dict[str, str]
) -> None:
    known = after_cut(table, **own, **{later: "2021-06-30"}, **with_it)
    hidden = after_cut(table, **own, **{later: "2021-07-01"}, **with_it)
    columns = [later, *with_it]
    assert known[columns].notna().all(axis=None)
    assert len(hidden) == 1 and hidden[columns].isna().all(axis=None)


# referral, closure, no further action, what is known of it on 30 June 2021 (a Wednesday)
DECISIONS = [
    ("2021-05-03", "2021-05-04", True, True),
    ("2021-05-03", "2021-07-05", True, None),
    ("2021-05-03", None, True, True),
    ("2021-05-03", "2021-07-05", False, False),
    ("2021-06-29", None, False, False),
    ("2021-06-30", None, False, None),
    ("2021-06-30", None, True, None),
]


@pytest.mark.parametrize(("referral", "closure", "nothing", "known"), DECISIONS)
def test_the_decision_on_a_referral_is_hidden_until_it_was_made(
    referral: str, closure: str | None, nothing: bool, known: bool | None
) -> None:
    table = rows(
        "referrals",
        {"la_child_id": "SYN1", "referral_date": referral, "closure_date": closure, "no_further_action": nothing},
    )
    found = cut_table(table, "referrals", CUT)["no_further_action"].iloc[0]
    assert (None if pd.isna(found) else bool(found)) == known


# academic year and term, the cut, whether its sessions are known
TERMS = [
    ("2020/21", "autumn", "2020-12-31", True), ("2020/21", "autumn", "2020-12-30", False),
    ("2020/21", "spring", "2021-04-04", True), ("2020/21", "spring", "2021-04-03", False),
    ("2020/21", "summer", "2021-05-30", True), ("2020/21", "summer half-term 2", "2021-07-31", True),
    ("2020/21", "summer half-term 2", "2021-07-30", False),
]  # fmt: skip


@pytest.mark.parametrize(("year", "term", "cut", "known"), TERMS)
def test_a_term_counts_when_it_was_over(year: str, term: str, cut: str, known: bool) -> None:
    table = rows(
        "attendance", {"upn": "Z999000000001", "academic_year": year, "absence_term": term, "sessions_possible": 9}
    )
    assert len(cut_table(table, "attendance", date.fromisoformat(cut))) == int(known)


def test_results_are_known_from_31_august() -> None:
    table = rows("attainment", {"upn": "Z999000000001", "academic_year": "2021/22", "key_stage": "KS4"})
    assert len(cut_table(table, "attainment", date(2022, 8, 31))) == 1
    assert len(cut_table(table, "attainment", date(2022, 8, 30))) == 0
