"""Every statutory rule finds a row that breaks it and leaves sound rows alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import validate_sound_returns as sound_returns

from swis.validate.statutory import statutory_rules
from swis.validate.tables import Tables

RULES = {rule.code: rule for rule in statutory_rules()}
LAST_YEAR = {"return_year": 2020}
NO_SUCH_CODE = "no such code"
WRONG_LETTER = ("A" if sound_returns.UPN[0] != "A" else "B") + sound_returns.UPN[1:]
SECOND_CHILD = {"la_child_id": "SYN2", "source_record": 2}

# code → what is changed in the sound returns; the last row of the (first) table named is the one at fault
BROKEN: dict[str, dict[str, list[dict[str, Any]]]] = {
    "CIN 1103": {"assessments": [{"assessment_start_date": "2020-05-31"}]},
    "CIN 1104": {"conferences": [{"conference_date": "2020-05-29"}]},
    "CIN 1105": {"protection_plans": [{"plan_start_date": "2020-05-29"}]},
    "CIN 1510": {"children": [{"upn": WRONG_LETTER}]},
    "CIN 1520": {"children": [{}, SECOND_CHILD]},
    "CIN 2884": {"conferences": [{}, {"recorded_in": "referral"}]},
    "CIN 2885": {"protection_plans": [{"plan_start_date": "2020-06-23"}]},
    "CIN 2889": {"section47": [{"section47_start_date": "2020-05-29"}]},
    "CIN 2991Q": {"section47": [{}], "assessments": [{"source_record": 2}]},
    "CIN 4011": {"cin_plans": [{"plan_end_date": "2020-12-01"}]},
    "CIN 4015": {"cin_plans": [{"plan_start_date": "2020-05-31"}]},
    "CIN 4180": {"children": [{"sex": None}]},
    "CIN 4220": {"children": [{"ethnicity": NO_SUCH_CODE}]},
    "CIN 8500": {"children": [{"la_child_id": None}]},
    "CIN 8510": {"children": [{}, {"source_record": 2}]},
    "CIN 8520": {"children": [{"birth_date": "2021-04-01"}]},
    "CIN 8525Q": {"children": [{"expected_birth_date": "2021-04-01"}]},
    "CIN 8535Q": {"children": [{"death_date": "2008-05-03"}]},
    "CIN 8555Q": {"referrals": [{}], "children": [{"death_date": "2020-05-31"}]},
    "CIN 8565": {"assessments": [{}], "referrals": [{"closure_date": "2020-07-01"}]},
    "CIN 8568": {"referrals": [{"no_further_action": None}]},
    "CIN 8569Q": {"referrals": [{"referral_date": "2020-03-30", "no_further_action": True}]},
    "CIN 8590": {"children": [{}], "referrals": [{"source_record": 2}]},
    "CIN 8600": {"referrals": [{"referral_date": "2021-04-01"}]},
    "CIN 8606": {"referrals": [{"referral_date": "2007-07-20"}]},
    "CIN 8608": {"assessments": [{"assessment_end_date": "2020-06-01"}]},
    "CIN 8610": {"referrals": [{"primary_need": None}]},
    "CIN 8614": {"assessments": [{"assessment_end_date": None, "assessment_factors": "1A"}]},
    "CIN 8615": {"section47": [{"section47_start_date": "2020-06-23"}]},
    "CIN 8620": {"referrals": [{"closure_date": "2021-04-01"}]},
    "CIN 8630": {"referrals": [{"closure_date": "2020-05-31"}]},
    "CIN 8670Q": {"assessments": [{"assessment_end_date": None, "assessment_start_date": "2021-01-22"}]},
    "CIN 8675Q": {"section47": [{"conference_date": None, "section47_start_date": "2021-03-09"}]},
    "CIN 8696": {"assessments": [{"assessment_end_date": "2021-04-01"}]},
    "CIN 8715": {"conferences": [{"conference_date": "2021-04-01"}]},
    "CIN 8720": {"protection_plans": [{"plan_start_date": "2021-04-01"}]},
    "CIN 8730": {"protection_plans": [{"number_of_previous_plans": None}]},
    "CIN 8736": {"assessments": [{"assessment_start_date": "2020-03-31", "assessment_end_date": None}]},
    "CIN 8740": {"section47": [{"section47_start_date": "2020-03-31", "conference_date": None}]},
    "CIN 8770Q": {"children": [{"upn": None}]},
    "CIN 8772": {"referrals": [{}], "children": [{"upn": None, "upn_unknown_reason": "UN7"}]},
    "CIN 8775Q": {"children": [{"birth_date": "1996-03-30"}]},
    "CIN 8805": {"referrals": [{"closure_date": "2021-01-01"}]},
    "CIN 8810": {"referrals": [{"closure_reason": "RC1"}]},
    "CIN 8815": {"referrals": [{}, {"referral_date": "2020-12-01"}]},
    "CIN 8820": {"referrals": [{"closure_date": "2020-12-02"}, {"referral_date": "2020-12-01"}]},
    "CIN 8831": {"assessments": [{}], "referrals": [{"no_further_action": True}]},
    "CIN 8832": {"protection_plans": [{}], "referrals": [{"no_further_action": True}]},
    "CIN 8839": {"section47": [{"conference_date": None}, {"conference_date": None}]},
    "CIN 8840": {"protection_plans": [{"plan_end_date": "2020-06-22"}]},
    "CIN 8863Q": {"assessments": [{}, {"assessment_start_date": "2020-07-01"}]},
    "CIN 8866": {"referrals": [{"referral_source": "2Z"}]},
    "CIN 8867": {"assessments": [{"assessment_end_date": None}], "referrals": [{"closure_date": "2020-12-01"}]},
    "CIN 8868": {"section47": [{"conference_date": None}], "referrals": [{"closure_date": "2020-12-01"}]},
    "CIN 8875": {"conferences": [{"conference_date": "2020-06-21"}]},
    "CIN 8890": {"section47": [{}, {"section47_start_date": "2020-06-09"}]},
    "CIN 8896": {"assessments": [{"assessment_end_date": None}, {"assessment_end_date": None}]},
    "CIN 8905": {"protection_plans": [{"initial_category": NO_SUCH_CODE}]},
    "CIN 8915": {"protection_plans": [{}], "children": [{"death_date": "2020-06-21"}]},
    "CIN 8925": {"protection_plans": [{"plan_end_date": "2020-06-21"}]},
    "CIN 8930": {"protection_plans": [{"plan_end_date": "2021-04-01"}]},
    "CIN 8935": {"protection_plans": [{"plan_end_date": None}, {"plan_end_date": None}]},
    "CIN 8940": {"protection_plans": [{}, {"plan_start_date": "2020-11-30"}]},
    "903 101": {"looked_after_children": [{"sex": None}]},
    "903 102": {"looked_after_children": [{"birth_date": None}]},
    "903 103": {"looked_after_children": [{"ethnicity": None}]},
    "903 141": {"care_episodes": [{"episode_start_date": None}]},
    "903 142": {"care_episodes": [{"episode_start_date": "2020-10-01"}, {}]},
    "903 143": {"care_episodes": [{"reason_new_episode": "Q"}]},
    "903 144": {"care_episodes": [{"legal_status": "V1"}]},
    "903 145": {"care_episodes": [{"category_of_need": "N9"}]},
    "903 146": {"care_episodes": [{"placement": "U9"}]},
    "903 148": {"care_episodes": [{"episode_end_date": "2020-10-01"}]},
    "903 149": {"care_episodes": [{"reason_ceased": "X9"}]},
    "903 168": {"looked_after_children": [{"upn": WRONG_LETTER}]},
    "903 202": {"looked_after_children": [{"sex": "M"} | LAST_YEAR, {}]},
    "903 203": {"looked_after_children": [{"birth_date": "2008-05-05"} | LAST_YEAR, {}]},
    "903 208": {"looked_after_children": [{"upn": sound_returns.OTHER_UPN} | LAST_YEAR, {}]},
    "903 209": {"looked_after_children": [{"upn": None, "upn_unknown_reason": "UN1"}]},
    "903 301": {"looked_after_children": [{"birth_date": "2021-04-01"}]},
    "903 302": {"care_episodes": [{}], "looked_after_children": [{"birth_date": "2020-09-02"}]},
    "903 352": {"care_episodes": [{}], "looked_after_children": [{"birth_date": "2002-09-01"}]},
    "903 353": {"care_episodes": [{"episode_start_date": "1991-10-13"}]},
    "903 354": {"care_episodes": [{"episode_start_date": "2021-04-01"}]},
    "903 355": {"care_episodes": [{"episode_end_date": "2020-09-01"}]},
    "903 356": {"care_episodes": [{"episode_end_date": "2020-08-31"}]},
    "903 358": {"care_episodes": [{"legal_status": "J1"}], "looked_after_children": [{"birth_date": "2010-09-02"}]},
    "903 361": {"care_episodes": [{"legal_status": "L1", "episode_end_date": "2020-09-05"}]},
    "903 362": {"care_episodes": [{"legal_status": "L2", "episode_end_date": "2020-09-23"}]},
    "903 363": {"care_episodes": [{"legal_status": "L3", "episode_end_date": "2020-09-09"}]},
    "903 365": {"care_episodes": [{"legal_status": "V3", "episode_end_date": "2020-09-19"}]},
    "903 378": {"care_episodes": [{"legal_status": "V2", "placement": "P1"}]},
    "903 380": {"care_episodes": [{"placement": "T1"}]},
    "903 381": {"care_episodes": [{"placement": "T1", "episode_end_date": "2020-10-01", "reason_ceased": "E4A"}]},
    "903 382": {"care_episodes": [{"placement": "T1", "legal_status": "V4"}]},
    "903 385": {"care_episodes": [{"episode_end_date": "2021-04-01"}]},
    "903 386": {"care_episodes": [{"reason_ceased": "E11", "episode_end_date": "2026-05-04"}]},
    "903 387": {"care_episodes": [{"reason_ceased": "E5", "episode_end_date": "2021-03-01"}]},
    "903 388": {"care_episodes": [{"reason_ceased": "X1", "episode_end_date": "2021-03-01"}]},
    "903 389": {"care_episodes": [{"reason_ceased": "E7", "episode_end_date": "2021-03-01"}]},
    "903 407": {"care_episodes": [{"reason_ceased": "E46", "episode_end_date": "2026-05-04"}]},
    "903 431": {"care_episodes": [{"episode_end_date": "2020-10-01"}, {"episode_start_date": "2020-10-01"}]},
    "903 432": {
        "care_episodes": [
            {"episode_end_date": "2020-10-01", "reason_ceased": "E4A"},
            {"episode_start_date": "2020-12-01", "reason_new_episode": "P"},
        ]
    },
    "903 433": {
        "care_episodes": [
            {"episode_end_date": "2020-10-01", "reason_ceased": "X1"},
            {"episode_start_date": "2020-12-01", "reason_new_episode": "P"},
        ]
    },
    "903 437": {
        "care_episodes": [
            {"episode_start_date": "2020-12-01"},
            {"episode_end_date": "2020-10-01", "reason_ceased": "E2"},
        ]
    },
    "903 442": {"looked_after_children": [{"upn": None}]},
    "903 460": {"care_episodes": [{"reason_ceased": "E17", "episode_end_date": "2021-03-01"}]},
    "903 501": {"care_episodes": [{"episode_end_date": "2020-10-02"}, {"episode_start_date": "2020-10-01"}]},
    "903 502": {
        "care_episodes": [{"episode_start_date": "2020-03-01"} | LAST_YEAR, {"episode_start_date": "2020-03-02"}]
    },
    "903 550": {"care_episodes": [{"placement_provider": "PR0"}]},
    "903 562": {
        "care_episodes": [
            {"la_child_id": "SYN2", "episode_start_date": "2019-09-01"} | LAST_YEAR,
            {"episode_start_date": "2020-03-31"},
        ]
    },
    "903 INT03": {"care_episodes": [{"la_child_id": "SYN9"}]},
    "903 INT32": {"looked_after_children": [{}, {"source_record": 2}]},
}  # fmt: skip


@cache
def sound() -> Tables:
    return sound_returns.returns_with({})


@cache
def without_rows() -> Tables:
    return Tables({name: frame.iloc[:0] for name, frame in sound().items()})


def failing(code: str, tables: Tables) -> dict[str, list[bool]]:
    return {name: mask.tolist() for name, mask in RULES[code].failing(tables).items()}


def test_every_statutory_rule_has_a_broken_example() -> None:
    assert sorted(BROKEN) == sorted(RULES)


def test_there_are_at_least_the_promised_numbers_of_rules() -> None:
    assert sum(code.startswith("CIN ") for code in RULES) >= 18
    assert sum(code.startswith("903 ") for code in RULES) >= 12


@pytest.mark.parametrize("code", sorted(RULES))
def test_sound_returns_break_no_rule(code: str) -> None:
    assert not any(any(mask) for mask in failing(code, sound()).values())


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_the_rule_finds_the_broken_row_and_changes_no_table(code: str) -> None:
    tables = sound_returns.returns_with(BROKEN[code])
    before = {name: tables[name].copy() for name in RULES[code].tables}
    assert failing(code, tables)[next(iter(BROKEN[code]))][-1]
    assert all(tables[name].equals(frame) for name, frame in before.items())


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_answers_on_tables_without_rows(code: str) -> None:
    assert all(mask == [] for mask in failing(code, without_rows()).values())


@pytest.mark.parametrize("code", ["CIN 8820", "CIN 8940"])
def test_spans_that_meet_on_a_day_do_not_overlap(code: str) -> None:
    follow_on = {
        "referrals": [{"closure_date": "2020-12-01", "closure_reason": "RC1"}, {"referral_date": "2020-12-01"}],
        "protection_plans": [{}, {"plan_start_date": "2020-12-01", "plan_end_date": None}],
    }
    assert not any(any(mask) for mask in failing(code, sound_returns.returns_with(follow_on)).values())


def test_the_bank_holidays_of_easter_are_not_counted_back_over() -> None:
    sound = {"section47": [{"conference_date": None, "section47_start_date": "2021-03-10"}]}
    assert not any(failing("CIN 8675Q", sound_returns.returns_with(sound))["section47"])
