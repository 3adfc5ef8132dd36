"""Kinds of planted fault: enough of them, said in full, each changing one child, planted without validation's help."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from swis.schemas import table_names
from swis.simulate.faults import Fault, kinds, kinds_of
from swis.simulate.faults_care import SPOILERS as CARE
from swis.simulate.faults_cin import SPOILERS as CIN
from swis.simulate.faults_cin import spoil_children
from swis.simulate.faults_cin_children import un7_with_action
from swis.simulate.faults_cin_text import Context
from swis.simulate.faults_results import spoil_attainment
from swis.simulate.faults_school import SPOILERS as SCHOOL
from swis.simulate.faults_school import with_cell
from swis.simulate.faults_supervision import CONTACT_CELLS, SURVEY_CELLS, SpoilRows, spoil_contacts, spoil_survey
from swis.simulate.files import write_table
from swis.simulate.fixtures import STOPPING

CHILD = (
    "<Child><ChildIdentifiers><LAchildID>SYN{n:07d}</LAchildID><UPN>A99900000{n:04d}</UPN>"
    "<PersonBirthDate>2008-05-0{d}</PersonBirthDate><GenderCurrent>1</GenderCurrent></ChildIdentifiers>"
    "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails>"
    "<CINreferralDate>2020-06-0{d}</CINreferralDate><ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>"
    "<Assessments><AssessmentActualStartDate>2020-06-10</AssessmentActualStartDate>"
    "<AssessmentAuthorisationDate>2020-07-10</AssessmentAuthorisationDate></Assessments>"
    "<ReferralNFA>0</ReferralNFA></CINdetails></Child>\n"
)


def children() -> list[str]:
    return [CHILD.format(n=number, d=1 + number % 9) for number in range(40)]


def test_there_are_at_least_thirty_kinds_that_can_be_found() -> None:
    assert sum(kind.detectable == "yes" for kind in kinds().values()) >= 30


def test_every_kind_names_a_table_a_layer_and_what_should_find_it() -> None:
    for kind in kinds().values():
        assert kind.table in table_names()
        assert kind.layer in {"shape", "statutory", "plausibility", "link"}
        assert kind.severity in {"stop", "set aside", "note"}
        assert bool(kind.rules) == (kind.detectable == "yes"), kind.name
        assert bool(kind.why) == (kind.detectable != "yes"), kind.name


def test_every_kind_of_a_return_has_code_that_plants_it() -> None:
    not_single = {"cin_child_twice", "cin_open_case_vanishes"}
    assert set(CIN) == set(kinds_of("cin_census")) - not_single
    assert set(CARE) == set(kinds_of("ssda903"))
    assert set(SCHOOL) == set(kinds_of("school_census"))
    assert {*CONTACT_CELLS, "contact_twice", "contact_decided_before_it_was_made"} == set(kinds_of("contacts"))
    assert {*SURVEY_CELLS, "survey_answer_twice"} == set(kinds_of("dsl_survey"))


def test_faults_that_stop_a_run_are_kept_out_of_the_simulated_data() -> None:
    assert {"truncated", "wrong_year", "wrong_authority", "empty_file", "column_missing", "swapped_arms"} <= set(
        STOPPING
    )
    assert not any(kind.severity == "stop" for kind in kinds().values())


def test_planting_knows_nothing_of_validation(project_root: Path) -> None:
    for path in (project_root / "src" / "swis" / "simulate").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not any(module.startswith("swis.validate") for module in modules), path.name


def spoilt(texts: list[str], names: list[str]) -> tuple[list[str], list[Fault], list[str]]:
    """The return of 2021 with these kinds planted, what was planted, and what found no place."""
    return spoil_children(
        texts,
        names,
        authority="gateshead",
        source_file="cin/CIN_2021.xml",
        year=2021,
        spare_upns=[],
        before={},
        file_before="",
        rng=np.random.default_rng(1),
    )


def test_each_kind_changes_one_child_and_says_which() -> None:
    names = ["cin_upn_check_letter", "cin_need_missing", "cin_assessment_before_referral", "cin_ethnicity_unknown_code"]
    before = children()
    after, faults, left = spoilt(before, names)
    changed = [place + 1 for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert sorted(fault.source_record for fault in faults) == changed
    assert len(changed) == len(names)
    assert left == []


def test_a_kind_that_fits_no_child_is_left_for_another_year() -> None:
    _, faults, left = spoilt(children(), ["cin_plan_of_no_days"])
    assert faults == []
    assert left == ["cin_plan_of_no_days"]


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_table_with_one_cell_changed_is_written_as_it_is(row: int, tmp_path: Path) -> None:
    table = pa.table({"id": pa.array([1, 2, 3]), "sessions": pa.array(["2.0"] * 3)})
    write_table(tmp_path / "f.csv", with_cell(table, "sessions", row, "124.0"))
    expected = ["2.0"] * 3
    expected[row] = "124.0"
    assert pd.read_csv(tmp_path / "f.csv", dtype=str)["sessions"].tolist() == expected


def test_a_child_given_twice_stands_at_the_end() -> None:
    after, faults, _ = spoilt(children(), ["cin_child_twice"])
    assert faults[0].source_record == len(after) == 41
    assert after[-1] in after[:-1]


def test_a_reason_that_needs_action_is_planted_only_where_action_followed() -> None:
    child = CHILD.format(n=1, d=1).replace("<PersonBirthDate>", "<UPNunknown>UN4</UPNunknown><PersonBirthDate>")
    context = Context(2021, "", "", np.random.default_rng(1))
    assert "<UPNunknown>UN7" in (un7_with_action(child, context) or "")
    assert un7_with_action(child.replace("<ReferralNFA>0", "<ReferralNFA>1"), context) is None


@pytest.mark.parametrize("name", kinds_of("attainment"))
def test_faults_of_results_stand_where_they_are_said_to_be(name: str) -> None:
    row = {"upn": "A999000000001", "urn": "900001", "KS4_ATT8": "50.00", "KS4_P8SCORE": "", "graded_by": "teacher"}
    results = pd.DataFrame([row] * 5, dtype=object)
    after, faults = spoil_attainment(results, [name], authority="gateshead", rng=np.random.default_rng(3))
    place = faults[0].source_record - 1
    assert not after.iloc[place].equals(pd.Series(row, name=place))
    assert len(after) == len(results) + (name == "attainment_two_results")


CONTACT = {
    "la_child_id": "SYN0100001", "upn": "A999000000001", "urn": "900001", "contact_date": "2021-03-08",
    "source_code": "2A", "concern_codes": "NEG", "outcome": "no_further_action", "decision_date": "2021-03-09",
}  # fmt: skip
ANSWER = {
    "urn": "900001", "respondent": "D010011", "wave": "baseline", "scale": "A scale", "item": "1", "score": "3",
    "left_post_on": "2021-11-30",
}  # fmt: skip
OWN_FORMS = [(name, spoil_contacts, CONTACT) for name in kinds_of("contacts")] + [
    (name, spoil_survey, ANSWER) for name in kinds_of("dsl_survey")
]


@pytest.mark.parametrize(("name", "spoil", "row"), OWN_FORMS, ids=[name for name, _, _ in OWN_FORMS])
def test_faults_of_our_own_forms_stand_where_they_are_said_to_be(
    name: str, spoil: SpoilRows, row: dict[str, str]
) -> None:
    before = pd.DataFrame([row] * 5, dtype=object)
    after, faults = spoil(before, [name], authority="tameside", rng=np.random.default_rng(3))
    place, is_repeat = faults[0].source_record - 1, name.endswith("_twice")
    assert len(after) == len(before) + is_repeat
    assert after.drop(index=place).equals(before.iloc[: len(after) - 1].set_axis(after.index.drop(place)))
    assert after.iloc[place].equals(pd.Series(row, dtype=object)) == (name == "contact_twice")


def test_two_faults_of_our_own_forms_never_meet_in_a_row() -> None:
    names = kinds_of("contacts")
    rows = pd.DataFrame([CONTACT] * len(names), dtype=object)
    _, faults = spoil_contacts(rows, names, authority="tameside", rng=np.random.default_rng(3))
    assert len({fault.source_record for fault in faults}) == len(faults) == len(names)


def test_a_fault_is_planted_only_where_there_is_something_to_spoil() -> None:
    rows = pd.DataFrame([CONTACT | {"upn": "", "decision_date": ""}], dtype=object)
    names = ["contact_upn_too_short", "contact_decided_before_it_was_made"]
    after, faults = spoil_contacts(rows, names, authority="tameside", rng=np.random.default_rng(3))
    assert faults == []
    assert after.equals(rows)
