"""The CIN census reader: every trap a real file has been seen to hold."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.schemas import table_schema
from swis.sources.cin_census import count_whole_children, read_batches, read_cin_census
from swis.sources.cin_header import check_header, is_whole, read_header, years_in_name
from swis.sources.result import ReadResult

SPEC = importlib.util.spec_from_file_location(
    "made_returns", Path(__file__).parents[1] / "unit" / "sources_made_returns.py"
)
assert SPEC is not None and SPEC.loader is not None
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)

TABLES = {"children", "referrals", "assessments", "section47", "conferences", "protection_plans", "cin_plans"}


def read(folder: Path, content: str | bytes) -> ReadResult:
    path = folder / "cin.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_cin_census(path, authority="gateshead")


def case(inside: str) -> str:
    return f"<CINdetails><CINreferralDate>2020-10-06</CINreferralDate>{inside}</CINdetails>"


def noted(result: ReadResult) -> dict[str, int]:
    return {note.kind: note.count for note in result.notes}


def test_every_block_fills_its_table_with_the_columns_of_its_schema(tmp_path: Path) -> None:
    tables = read(tmp_path, made.cin_xml()).tables
    assert set(tables) == TABLES
    for name, frame in tables.items():
        assert frame.columns.tolist() == table_schema(name).columns


def test_the_values_of_a_child_come_out(tmp_path: Path) -> None:
    tables = read(tmp_path, made.cin_xml()).tables
    child, plan = tables["children"].iloc[0], tables["protection_plans"].iloc[0]
    assert child[["la_child_id", "upn", "sex", "disabilities"]].tolist() == [
        "KID00001",
        "A820000000001",
        "M",
        "AUT VIS",
    ]
    assert (child["birth_date"], child["return_year"], child["source_record"]) == (pd.Timestamp("2008-05-01"), 2021, 1)
    assert (plan["number_of_previous_plans"], plan["reviews_count"]) == (1, 2)
    assert tables["assessments"]["assessment_factors"].tolist() == ["1B 3A"]
    assert tables["referrals"]["no_further_action"].tolist() == [False]
    assert (tables["section47"]["referral_date"] == pd.Timestamp("2020-10-06")).all()


def test_a_conference_is_found_in_the_enquiry_and_in_the_case(tmp_path: Path) -> None:
    found = read(tmp_path, made.cin_xml()).tables["conferences"].set_index("recorded_in")["conference_date"]
    assert found.to_dict() == {"section47": pd.Timestamp("2020-10-28"), "referral": pd.Timestamp("2020-12-06")}


def test_the_order_of_elements_does_not_matter(tmp_path: Path) -> None:
    late = (
        "<Section47><DateOfInitialCPC>2020-10-28</DateOfInitialCPC><S47ActualStartDate>2020-10-08</S47ActualStartDate>"
    )
    inside = f"<ReferralNFA>1</ReferralNFA>{late}</Section47><DateOfInitialCPC>2020-12-06</DateOfInitialCPC>"
    tables = read(tmp_path, made.cin_xml(made.child_xml(case=case(inside)))).tables
    assert tables["section47"]["conference_date"].tolist() == [pd.Timestamp("2020-10-28")]
    assert sorted(tables["conferences"]["recorded_in"]) == ["referral", "section47"]
    assert tables["referrals"]["no_further_action"].tolist() == [True]


def test_rows_belong_to_their_own_case_and_child(tmp_path: Path) -> None:
    two = case("<Section47><S47ActualStartDate>2020-10-08</S47ActualStartDate></Section47>") + (
        "<CINdetails><CINreferralDate>2021-01-05</CINreferralDate>"
        "<Section47><S47ActualStartDate>2021-01-06</S47ActualStartDate></Section47></CINdetails>"
    )
    children = [made.child_xml(1, case=case("")), made.child_xml(2, case=two), made.child_xml(3, case="")]
    tables = read(tmp_path, made.cin_xml(*children)).tables
    enquiries = tables["section47"]
    assert enquiries["la_child_id"].tolist() == ["KID00002"] * 2
    assert enquiries["referral_date"].dt.strftime("%Y-%m-%d").tolist() == ["2020-10-06", "2021-01-05"]
    assert enquiries["source_record"].tolist() == [2, 2]
    assert len(tables["referrals"]) == 3
    assert len(tables["children"]) == 3


def test_a_block_outside_its_case_is_left_out_and_noted(tmp_path: Path) -> None:
    stray = "<Section47><S47ActualStartDate>2020-10-08</S47ActualStartDate></Section47>"
    result = read(tmp_path, made.cin_xml(made.child_xml(1), made.child_xml(2, case=stray)))
    assert len(result.tables["section47"]) == 1
    assert noted(result)["block_outside_case"] == 1


def test_any_namespace_and_prefix_is_read(tmp_path: Path) -> None:
    spaced = made.cin_xml(attributes=' xmlns="http://www.example.org/cin"')
    assert len(read(tmp_path, spaced).tables["conferences"]) == 2
    prefixed = made.cin_xml().replace("<", "<c:").replace("<c:/", "</c:")
    prefixed = prefixed.replace("<c:Message>", '<c:Message xmlns:c="http://www.example.org/cin">')
    assert read(tmp_path, prefixed).tables["conferences"]["recorded_in"].tolist() == ["section47", "referral"]


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("FALSE", False), ("1", True), ("0", False), ("Y", True)]
)
def test_yes_and_no_in_words_are_read(tmp_path: Path, written: str, value: bool) -> None:
    result = read(tmp_path, made.cin_xml(made.child_xml(case=case(f"<ReferralNFA>{written}</ReferralNFA>"))))
    assert result.tables["referrals"]["no_further_action"].tolist() == [value]
    assert result.faults.empty


@pytest.mark.parametrize(
    ("element", "sex"),
    [
        ("<GenderCurrent>2</GenderCurrent>", "F"),
        ("<GenderCurrent>0</GenderCurrent>", "U"),
        ("<GenderCurrent>9</GenderCurrent>", "U"),
        ("<Sex>M</Sex>", "M"),
        ("<Sex>2</Sex>", "F"),
        ("<Sex>U</Sex>", "U"),
        ("<Sex>Q</Sex>", "Q"),
    ],
)
def test_both_codings_of_sex_are_read(tmp_path: Path, element: str, sex: str) -> None:
    xml = made.cin_xml().replace("<GenderCurrent>1</GenderCurrent>", element)
    assert read(tmp_path, xml).tables["children"]["sex"].tolist() == [sex]


def test_text_between_elements_is_passed_over_and_noted(tmp_path: Path) -> None:
    result = read(tmp_path, made.cin_xml(made.child_xml(identifiers="<UPNunknown>UN3</UPNunknown>PersonBirthDate")))
    assert result.tables["children"]["upn_unknown_reason"].tolist() == ["UN3"]
    assert noted(result) == {"stray_text": 1}


def test_the_pre_proceedings_block_of_2026_is_passed_over_and_noted(tmp_path: Path) -> None:
    block = "<PreProceedingsandFGDM><PPStartDate>2026-09-09</PPStartDate></PreProceedingsandFGDM>"
    result = read(tmp_path, made.cin_xml(made.child_xml(case=case(block))))
    assert noted(result) == {"element_not_read": 2}
    assert len(result.tables["referrals"]) == 1


def test_plans_of_children_in_need_are_read(tmp_path: Path) -> None:
    block = "<CINPlanDates><CINPlanStartDate>2022-01-01</CINPlanStartDate></CINPlanDates>"
    plans = read(tmp_path, made.cin_xml(made.child_xml(case=case(block)), year=2022)).tables["cin_plans"]
    assert plans["plan_start_date"].tolist() == [pd.Timestamp("2022-01-01")]
    assert plans["plan_end_date"].isna().all()


def test_a_cell_that_does_not_parse_is_missing_and_a_fault_without_its_value(tmp_path: Path) -> None:
    bad = made.child_xml(2, case=case("<CINclosureDate>30/02/2021</CINclosureDate><ReferralNFA>maybe</ReferralNFA>"))
    result = read(tmp_path, made.cin_xml(made.child_xml(1), bad))
    assert result.tables["referrals"]["closure_date"].isna().tolist() == [False, True]
    said = result.faults[["table", "source_record", "column", "fault"]].to_numpy().tolist()
    assert said == [
        ["referrals", 2, "closure_date", "not a date"],
        ["referrals", 2, "no_further_action", "not a boolean"],
    ]
    assert not result.faults.astype(str).apply(lambda column: column.str.contains("30/02|maybe")).to_numpy().any()


def test_a_date_in_another_form_is_read_and_noted(tmp_path: Path) -> None:
    result = read(tmp_path, made.cin_xml(made.child_xml(case=case("<CINclosureDate>27/02/2021</CINclosureDate>"))))
    assert result.tables["referrals"]["closure_date"].tolist() == [pd.Timestamp("2021-02-27")]
    assert result.faults.empty
    assert noted(result) == {"dates_in_another_form": 1}


def test_white_space_in_cells_is_trimmed(tmp_path: Path) -> None:
    xml = made.cin_xml(
        made.child_xml(case=case("<ReferralSource>\n  2A  </ReferralSource><PrimaryNeedCode> </PrimaryNeedCode>"))
    )
    referral = read(tmp_path, xml).tables["referrals"].iloc[0]
    assert referral["referral_source"] == "2A"
    assert pd.isna(referral["primary_need"])


def test_a_code_outside_its_list_is_kept(tmp_path: Path) -> None:
    result = read(tmp_path, made.cin_xml(made.child_xml(case=case("<ReferralSource>ZZ</ReferralSource>"))))
    assert result.tables["referrals"]["referral_source"].tolist() == ["ZZ"]
    assert result.faults.empty


def test_an_element_that_stands_twice_gives_the_first_and_a_note(tmp_path: Path) -> None:
    twice = case("<ReferralSource>2A</ReferralSource><ReferralSource>2B</ReferralSource>")
    result = read(tmp_path, made.cin_xml(made.child_xml(case=twice)))
    assert result.tables["referrals"]["referral_source"].tolist() == ["2A"]
    assert noted(result) == {"element_repeated": 1}


def test_a_child_without_identifier_keeps_its_rows(tmp_path: Path) -> None:
    result = read(tmp_path, made.cin_xml().replace("<LAchildID>KID00001</LAchildID>", ""))
    assert result.tables["section47"]["la_child_id"].isna().tolist() == [True]


def test_a_byte_order_mark_and_windows_text_are_read_and_noted(tmp_path: Path) -> None:
    assert noted(read(tmp_path, b"\xef\xbb\xbf" + made.cin_xml().encode())) == {"byte_order_mark": 1}
    result = read(tmp_path, made.cin_xml(software="Caf\xe9").encode("cp1252"))
    assert noted(result) == {"cp1252": 1}
    assert len(result.tables["children"]) == 1


def test_a_return_without_children_is_read_and_noted(tmp_path: Path) -> None:
    xml = made.cin_xml().split("<Children>")[0] + "<Children/></Message>"
    result = read(tmp_path, xml)
    assert set(result.tables) == TABLES
    assert noted(result) == {"no_children": 1}


def test_a_declared_document_type_is_refused_and_its_entity_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    declared = f'<!DOCTYPE m [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
    with pytest.raises(InputError, match="declares a document type") as raised:
        read(tmp_path, declared + made.cin_xml(software="&e;"))
    assert "secret" not in str(raised.value)


def test_a_truncated_file_names_the_last_whole_child_and_no_value(tmp_path: Path) -> None:
    xml = made.cin_xml(*(made.child_xml(number) for number in range(1, 6)))
    with pytest.raises(InputError) as raised:
        read(tmp_path, xml[: xml.index("KID00004") + 4])
    assert len(raised.value.problems) == 1
    assert "after child 3 " in raised.value.problems[0].where
    assert "KID" not in str(raised.value)
    assert count_whole_children(tmp_path / "cin.xml") == 3
    assert not is_whole(tmp_path / "cin.xml")


def test_batches_of_any_size_give_the_same_rows(tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(made.cin_xml(*(made.child_xml(number) for number in range(1, 8))))
    for size in (1, 2, 3, 7, 100):
        records = [
            number
            for batch in read_batches(path, children_per_batch=size)
            for number in batch.tables["section47"]["source_record"].to_pylist()
        ]
        assert records == list(range(1, 8))


def test_the_header_is_read_without_the_children(tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(made.cin_xml()[:700])
    header = read_header(path)
    assert (header.collection, header.return_year, header.la_code, header.software) == ("CIN", 2021, "390", "Supplier")


def test_the_reference_date_gives_the_year_where_year_is_absent(tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(made.cin_xml().replace("<Year>2021</Year>", ""))
    assert read_header(path).return_year == 2021


def test_the_header_must_name_a_code_the_authority_had_on_that_31_march(tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    for year, lea, is_right in [(2023, "909", True), (2024, "909", False), (2024, "942", True), (2023, "942", False)]:
        path.write_text(made.cin_xml(year=year, lea=lea))
        problems = check_header(read_header(path), file="cin.xml", authority=made.split_authority())
        assert (problems == []) is is_right


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("cin_2021.xml", {2021}),
        ("CIN_2020-21_final.xml", {2021}),
        ("cin 2020_2021.xml", {2021}),
        ("cin.xml", set()),
        ("cin_20210331.xml", set()),
        ("cin_2021_v2.xml", {2021}),
    ],
)
def test_years_are_found_in_file_names(name: str, years: set[int]) -> None:
    assert years_in_name(name) == years
