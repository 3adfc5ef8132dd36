"""Every plausibility rule about rows finds a row that breaks it and leaves sound rows alone."""

from __future__ import annotations

from typing import Any

import pytest
import validate_sound_returns as sound
from derive_tables import ROOT

from swis.params import load_params
from swis.validate.plausibility import plausibility_rules
from swis.validate.returns import survey_scales
from swis.validate.tables import Tables

RULES = {rule.code.removeprefix("trial "): rule for rule in plausibility_rules()}
WRONG_LETTER = ("A" if sound.UPN[0] != "A" else "B") + sound.UPN[1:]
LAST_YEAR, NEXT_YEAR = {"return_year": 2020}, {"return_year": 2022}

# rule → what is changed in the sound returns; the last row of the first table named is the one at fault
BROKEN: dict[str, dict[str, list[dict[str, Any]]]] = {
    "absence exceeds possible sessions": {"attendance": [{"sessions_authorised": 140, "sessions_unauthorised": 1}]},
    "code X out of time": {"attendance": [{"sessions_code_x": 2, "academic_year": "2018/19"}]},
    "more sessions than a term has": {"attendance": [{"sessions_possible": 161}]},
    "result of a year without results": {"attainment": [{"academic_year": "2019/20", "progress8": 0.1}]},
    "exam grades in a year without exams": {"attainment": [{"academic_year": "2020/21"}]},
    "open care gone from the next return": {"care_episodes": [{"la_child_id": "SYN2"} | NEXT_YEAR, {}]},
    "date of birth not as on the roll": {"children": [{"birth_date": "2008-04-05"}]},
    "child's number changed": {"children": [{"upn": sound.OTHER_UPN} | LAST_YEAR, {}]},
    "child with two dates of birth": {"children": [{"birth_date": "2008-04-05"} | LAST_YEAR, {}]},
    "event after the return": {"section47": [{"section47_start_date": "2021-04-01"}]},
    "event new in a later return": {
        "section47": [{"section47_start_date": "2020-03-01"} | LAST_YEAR, {"section47_start_date": "2020-03-02"}]
    },
    "open case gone from the next return": {"referrals": [{"la_child_id": "SYN2"} | NEXT_YEAR, {}]},
    "main pupil of two schools": {"pupils": [{}, {"urn": "900002"}]},
    "enters after census day": {"pupils": [{"entry_date": "2020-10-16"}]},
    "joins too young": {"pupils": [{"entry_date": "2010-05-03"}]},
    "leaves before entry": {"pupils": [{"leaving_date": "2019-09-02"}]},
    "pupil number on roll invalid": {"pupils": [{"upn": WRONG_LETTER}]},
    "former number is the present one": {"pupils": [{"former_upn": sound.UPN}]},
    "school of a roll not in the register": {"pupils": [{"urn": "900009"}]},
    "pupil with two dates of birth": {"pupils": [{"birth_date": "2008-05-05"}, {"census_term": "spring"}]},
    "year group does not fit age": {"pupils": [{"year_group": 10}]},
    "suspended on no school day": {"suspensions": [{"start_date": "2020-03-07"}]},
    "suspended pupil on no roll": {"suspensions": [{"upn": sound.OTHER_UPN}]},
    "suspended more than 45 days": {
        "suspensions": [{"sessions": 60.0}, {"sessions": 31.0, "start_date": "2020-07-01"}]
    },
    "work ends before it starts": {"delivery": [{"to_date": "2020-09-13"}]},
    "work outside the programme": {"delivery": [{"from_date": "2002-09-14"}]},
    "work without school or share": {"delivery": [{"fte": None}]},
    "worker at a control school": {
        "delivery": [{}, {"urn": "900002"}],
        "allocation": [{}, {"urn": "900002", "arm": "control"}],
    },
    "worker at a school of no trial": {"delivery": [{"urn": "900009"}]},
    "more than a post at a school": {"delivery": [{}, {"worker": "W2", "from_date": "2021-07-16", "fte": 0.6}]},
    "contact decided before it was made": {"contacts": [{"decision_date": "2020-05-28"}]},
    "contact of a school of no trial": {"contacts": [{"urn": "900009"}]},
    "contact about a pupil on no roll": {"contacts": [{"upn": sound.OTHER_UPN}]},
    "contact without its referral": {"contacts": [{"contact_date": "2020-05-01", "decision_date": "2020-05-02"}]},
    "early help ends before it starts": {"early_help": [{"assessment_end_date": "2020-10-04"}]},
    "survey answer of a school of no trial": {"dsl_survey": [{"urn": "900009"}]},
    "survey answered at baseline after leaving": {"dsl_survey": [{"left_post_on": "2020-08-31"}]},
    "lead with two leaving dates": {"dsl_survey": [{}, {"item": 2, "left_post_on": "2021-07-31"}]},
    "survey scale that no trial names": {"dsl_survey": [{"scale": "Welbeing"}]},
    "survey score outside its scale": {"dsl_survey": [{"score": 5.5}]},
    "worker beyond full time": {"delivery": [{}, {"urn": "900002", "from_date": "2021-01-01", "fte": 0.3}]},
}


def failing(name: str, tables: Tables) -> dict[str, list[bool]]:
    return {table: mask.tolist() for table, mask in RULES[name].failing(tables).items()}


def test_every_plausibility_rule_has_a_broken_example() -> None:
    assert sorted(BROKEN) == sorted(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_sound_returns_break_no_plausibility_rule(name: str) -> None:
    assert not any(any(mask) for mask in failing(name, sound.returns_with({})).values())


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_plausibility_rule_finds_the_broken_row(name: str) -> None:
    changes = BROKEN[name]
    assert failing(name, sound.returns_with(changes))[next(iter(changes))][-1]


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_plausibility_rule_changes_no_table(name: str) -> None:
    tables = sound.returns_with(BROKEN[name])
    before = {table: frame.copy() for table, frame in tables.items()}
    failing(name, tables)
    assert all(tables[table].equals(frame) for table, frame in before.items())


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_plausibility_rule_answers_on_tables_without_rows(name: str) -> None:
    empty = Tables({table: frame.iloc[:0] for table, frame in sound.returns_with({}).items()}, sound.SCALES)
    assert all(mask == [] for mask in failing(name, empty).values())


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"role": "team manager", "urn": None, "fte": None}, "work without school or share"),
        ({"role": "supervising social worker", "urn": "900002"}, "worker at a control school"),
        ({"worker": "W2", "from_date": "2021-07-17"}, "more than a post at a school"),
        ({"worker": "W2", "from_date": "2021-01-01", "fte": 0.5}, "more than a post at a school"),
        ({"month": "2021-03", "fte": None}, "work without school or share"),
        ({"month": "2021-03"}, "worker beyond full time"),
    ],
)
def test_what_is_ordinary_in_a_record_of_delivery_raises_no_alarm(change: dict[str, Any], name: str) -> None:
    control = {"urn": "900002", "arm": "control"}
    tables = sound.returns_with({"delivery": [{}, change], "allocation": [{}, control]})
    assert failing(name, tables)["delivery"] == [False, False]


def test_a_control_school_that_was_later_given_a_worker_is_explained() -> None:
    given = {"urn": "900002", "arm": "control", "reason": "later given a worker"}
    tables = sound.returns_with({"delivery": [{"urn": "900002"}], "allocation": [{}, given]})
    assert failing("worker at a control school", tables)["delivery"] == [False]


@pytest.mark.parametrize(
    ("year_group", "birth_date", "fits"),
    [(8, "2008-05-04", True), (7, "2008-05-04", True), (8, "2008-09-01", True), (10, "2008-05-04", False)],
)
def test_a_pupil_may_be_one_year_out_of_cohort(year_group: int, birth_date: str, fits: bool) -> None:
    tables = sound.returns_with({"pupils": [{"year_group": year_group, "birth_date": birth_date}]})
    assert failing("year group does not fit age", tables)["pupils"] == [not fits]


@pytest.mark.parametrize(
    ("change", "is_said"),
    [
        ({"contact_date": "2020-06-01"}, False),
        ({"contact_date": "2020-05-02"}, False),
        ({"contact_date": "2020-06-02", "decision_date": None}, True),
        ({"contact_date": "2020-05-01", "outcome": "early_help"}, False),
        ({"contact_date": "2020-05-01", "outcome": None}, False),
        ({"contact_date": "2020-05-01", "la_child_id": "SYN2"}, True),
        ({"contact_date": "2020-03-01"}, False),
        ({"contact_date": "2021-03-20"}, False),
    ],
    ids=["same day", "30 days", "after it", "no referral said", "not decided", "of another child", "no census of then",
         "no census of the days after"],
)  # fmt: skip
def test_a_contact_that_led_to_a_referral_is_looked_for_where_a_census_came(
    change: dict[str, Any], is_said: bool
) -> None:
    assert failing("contact without its referral", sound.returns_with({"contacts": [change]}))["contacts"] == [is_said]


def test_scales_are_those_of_the_authoritys_own_trials() -> None:
    params = load_params(ROOT / "params")
    own = survey_scales(params.authorities["bolton"], params.trials)
    assert len(own) == 6 and (own["lowest"] < own["highest"]).all()
    of_workers = survey_scales(params.authorities["gateshead"], params.trials)
    assert of_workers["scale"].str.startswith("Support by children's social care").tolist() == [True]
    assert len(survey_scales(params.authorities["salford"], params.trials)) == 6, "both trials ask on one scale"
    without = {"swis": params.trials["swis"].model_copy(update={"survey": None})}
    assert survey_scales(params.authorities["gateshead"], without).empty
