"""Where a statutory rule begins and ends: the row just inside breaks it, the row just outside does not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import validate_sound_returns as sound_returns

from swis.validate.statutory import statutory_rules

RULES = {rule.code: rule for rule in statutory_rules()}
Changes = dict[str, list[dict[str, Any]]]


def broken_in(code: str, table: str, changes: Changes) -> list[bool]:
    """Whether each row of the table breaks the rule."""
    found: list[bool] = RULES[code].failing(sound_returns.returns_with(changes))[table].tolist()
    return found


def episodes(status: str, *days: str) -> Changes:
    """Episodes of one legal status, one after another, by the days on which one ends and the next begins."""
    spans = itertools.pairwise(days)
    return {
        "care_episodes": [
            {"legal_status": status, "episode_start_date": first, "episode_end_date": last} for first, last in spans
        ]
    }


# Lengths by the Children Act 1989: police protection 72 hours, emergency protection 21 days, assessment 7 days.
LIMITS = [
    ("903 361", "L1", "2020-09-04", "2020-09-05"),
    ("903 362", "L2", "2020-09-22", "2020-09-23"),
    ("903 363", "L3", "2020-09-08", "2020-09-09"),
]


@pytest.mark.parametrize(("code", "status", "longest", "too_long"), LIMITS)
def test_a_legal_status_of_the_longest_length_is_sound_and_a_day_more_is_not(
    code: str, status: str, longest: str, too_long: str
) -> None:
    assert broken_in(code, "care_episodes", episodes(status, "2020-09-01", longest)) == [False]
    assert broken_in(code, "care_episodes", episodes(status, "2020-09-01", too_long)) == [True]


@pytest.mark.parametrize(("code", "status", "longest", "too_long"), LIMITS)
def test_a_move_does_not_start_a_legal_status_anew(code: str, status: str, longest: str, too_long: str) -> None:
    moved = episodes(status, "2020-09-01", "2020-09-02", too_long)
    assert broken_in(code, "care_episodes", moved) == [True, True]
    again = (
        episodes(status, "2020-09-01", longest)["care_episodes"]
        + episodes(status, "2020-10-01", "2020-10-02")["care_episodes"]
    )
    assert broken_in(code, "care_episodes", {"care_episodes": again}) == [False, False]


@pytest.mark.parametrize(("code", "status", "longest", "too_long"), LIMITS)
def test_the_limit_of_one_legal_status_is_not_that_of_another(
    code: str, status: str, longest: str, too_long: str
) -> None:
    for other in {"L1", "L2", "L3", "C2"} - {status}:
        assert broken_in(code, "care_episodes", episodes(other, "2020-09-01", "2021-01-01")) == [False]


def test_a_legal_status_that_goes_on_lasts_to_the_end_of_the_return() -> None:
    started = {"legal_status": "L1", "episode_start_date": "2021-03-28"}
    assert broken_in("903 361", "care_episodes", {"care_episodes": [started]}) == [False]
    earlier = started | {"episode_start_date": "2021-03-27"}
    assert broken_in("903 361", "care_episodes", {"care_episodes": [earlier]}) == [True]


@pytest.mark.parametrize(("born", "is_broken"), [("2015-08-31", True), ("2015-09-01", False)])
def test_too_young_for_school_is_judged_on_the_last_day_of_august(born: str, is_broken: bool) -> None:
    child = {"upn": None, "upn_unknown_reason": "UN1", "birth_date": born}
    assert broken_in("903 209", "looked_after_children", {"looked_after_children": [child]}) == [is_broken]


@pytest.mark.parametrize(("reason", "is_broken"), [("S", True), ("L", True), (None, True), ("P", False), ("B", False)])
def test_a_temporary_placement_begins_by_a_change_of_placement(reason: str | None, is_broken: bool) -> None:
    episode = {"placement": "T1", "reason_new_episode": reason}
    assert broken_in("903 380", "care_episodes", {"care_episodes": [episode]}) == [is_broken]


@pytest.mark.parametrize(("reason", "is_broken"), [("E17", True), ("E15", False)])
def test_only_who_stays_with_carers_at_18_must_be_18(reason: str, is_broken: bool) -> None:
    # E15 is an age assessment that found the child to be 18: what the return says of its birth is then wrong.
    episode = {"reason_ceased": reason, "episode_end_date": "2021-03-01"}
    assert broken_in("903 460", "care_episodes", {"care_episodes": [episode]}) == [is_broken]


@pytest.mark.parametrize("dates", [{"plan_start_date": "2020-12-02"}, {"plan_end_date": "2020-12-02"}])
def test_a_plan_for_a_child_in_need_on_a_closed_case_is_found(dates: dict[str, str]) -> None:
    sound = {"plan_start_date": "2020-12-01", "plan_end_date": "2020-12-01"}
    closed = [{"closure_date": "2020-12-01", "closure_reason": "RC1"}]
    assert broken_in("CIN 8565", "cin_plans", {"cin_plans": [sound], "referrals": closed}) == [False]
    assert broken_in("CIN 8565", "cin_plans", {"cin_plans": [sound | dates], "referrals": closed}) == [True]


@pytest.mark.parametrize(("without_action", "is_broken"), [(True, False), (False, True), (None, False)])
def test_a_number_is_asked_for_where_a_referral_led_to_action(without_action: bool | None, is_broken: bool) -> None:
    changes: Changes = {"children": [{"upn": None}], "referrals": [{"no_further_action": without_action}]}
    assert broken_in("CIN 8770Q", "children", changes) == [is_broken]


@pytest.mark.parametrize(("born", "is_broken"), [("1996-03-30", True), ("1996-03-31", False)])
def test_over_25_means_from_the_day_after_the_25th_birthday(born: str, is_broken: bool) -> None:
    assert broken_in("CIN 8775Q", "children", {"children": [{"birth_date": born}]}) == [is_broken]


@pytest.mark.parametrize(("closed", "is_broken"), [("2020-06-02", False), ("2020-06-03", True), (None, True)])
def test_who_is_over_25_now_may_have_had_a_case_until_then(closed: str | None, is_broken: bool) -> None:
    changes: Changes = {"children": [{"birth_date": "1995-06-02"}], "referrals": [{"closure_date": closed}]}
    assert broken_in("CIN 8775Q", "children", changes) == [is_broken]


@pytest.mark.parametrize(("begins", "is_broken"), [("2020-07-02", True), ("2020-07-03", False)])
def test_no_assessment_starts_on_the_day_another_of_the_case_ends(begins: str, is_broken: bool) -> None:
    both: Changes = {"assessments": [{}, {"assessment_start_date": begins, "assessment_end_date": None}]}
    assert broken_in("CIN 8863Q", "assessments", both) == [False, is_broken]


@pytest.mark.parametrize(("begins", "is_broken"), [("2020-06-22", True), ("2020-06-23", False)])
def test_no_enquiry_starts_on_the_day_of_the_conference_of_another(begins: str, is_broken: bool) -> None:
    both: Changes = {"section47": [{}, {"section47_start_date": begins, "conference_date": None}]}
    assert broken_in("CIN 8890", "section47", both) == [False, is_broken]


def test_nothing_starts_during_an_enquiry_that_needed_no_conference() -> None:
    settled = {"conference_date": None, "conference_not_required": True}
    assert broken_in("CIN 8890", "section47", {"section47": [settled, settled]}) == [False, False]


@pytest.mark.parametrize(("referred", "is_broken"), [("2013-03-31", False), ("2013-04-01", True)])
def test_the_source_is_asked_of_referrals_since_april_2013(referred: str, is_broken: bool) -> None:
    changes: Changes = {"referrals": [{"referral_date": referred, "referral_source": None}]}
    assert broken_in("CIN 8866", "referrals", changes) == [is_broken]
