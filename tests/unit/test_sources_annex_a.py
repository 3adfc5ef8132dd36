"""Annex A workbooks as authorities write them: sheet names, headers, codes, dates and formulas."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from swis.errors import InputError
from swis.sources.annex_a import code_of, read_annex_a

CHILD = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
LISTS = {
    "List 1": [*CHILD, "Date of Contact", "Contact Source"],
    "List_2": [*CHILD, "Assessment start date", "Assessment completion date", "Organisation completing assessment"],
    "LIST 3 ": [*CHILD, "Date of\u00a0Referral", "Referral\nSource", "Referral NFA?", "Allocated Worker"],
    "List 4": [*CHILD, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"],
    "List 5": [
        *CHILD,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
    ],
    "List 6 (CIN)": [*CHILD, "CIN Start Date", "CIN Closure Date", "Reason for Closure"],
}
PERSON = [9212044, "a) Male", "a) WBRI", datetime(2010, 1, 25), 11]


def _workbook(folder: Path, rows: dict[str, list[list[object]]], drop: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, header in LISTS.items():
        if name != drop:
            sheet = book.create_sheet(name)
            for row in [header, *rows.get(name, [])]:
                sheet.append(row)
    book.save(folder / "annex.xlsx")
    return folder / "annex.xlsx"


def test_each_list_fills_its_table(tmp_path):
    day = datetime(2020, 9, 16)
    path = _workbook(
        tmp_path,
        {
            "List 1": [[*PERSON, day, "e) 2A: Schools"]],
            "List_2": [[*PERSON, day, "17/09/2020", "Early Help"]],
            "LIST 3 ": [[*PERSON, day, "s) 8: Other", "b) No", "A Worker"]],
            "List 4": [[*PERSON, day, None]],
            "List 5": [[*PERSON, day, "Yes", ""]],
            "List 6 (CIN)": [[*PERSON, "2021-04-01", None, None]],
        },
    )
    result = read_annex_a(path, authority="gateshead")
    tables = result.tables
    assert sorted(tables) == ["assessments", "cin_plans", "contacts", "early_help", "referrals", "section47"]
    assert all(len(table) == 1 for table in tables.values())
    assert tables["contacts"]["source_code"].item() == "2A"
    assert tables["early_help"]["assessment_end_date"].item() == pd.Timestamp("2020-09-17")
    assert tables["referrals"]["referral_source"].item() == "8"
    assert not tables["referrals"]["no_further_action"].item()
    assert tables["section47"]["conference_not_required"].item()
    assert tables["section47"]["return_year"].item() == 2021
    assert tables["cin_plans"]["return_year"].item() == 2022
    assert tables["contacts"]["la_child_id"].item() == "9212044"
    assert result.faults.empty


def test_no_worker_is_ever_read(tmp_path):
    path = _workbook(tmp_path, {"LIST 3 ": [[*PERSON, date(2020, 9, 16), "8: Other", "No", "A Worker"]]})
    assert "Worker" not in read_annex_a(path, authority="x").tables["referrals"].astype("string").to_csv()


CODES = [
    ("e) 2A: Schools", "2A"),
    ("s) 8: Other", "8"),
    ("8: Other", "8"),
    ("8 - Other", "8"),
    ("q) 6: Police", "6"),
    ("10", "10"),
    ("(a) 1a: Family", "1A"),
    ("t) 9:Anonymous", "9"),
    ("Police", "Police"),
    ("99: Odd", "99: Odd"),
]


@pytest.mark.parametrize(("written", "code"), CODES)
def test_the_code_is_taken_out_of_its_many_spellings(written, code):
    assert code_of(pd.Series([written], dtype="string"), ("1A", "2A", "6", "8", "9", "10")).item() == code


def test_a_formula_without_a_stored_result_is_worked_out(tmp_path):
    path = _workbook(
        tmp_path,
        {"List_2": [[*PERSON, datetime(2020, 9, 16), "=F2+5", "Early Help"], [*PERSON, "=TODAY()", "=F2+5", ""]]},
    )
    result = read_annex_a(path, authority="x")
    table = result.tables["early_help"]
    assert list(table["assessment_end_date"]) == [pd.Timestamp("2020-09-21")] * 2
    assert table["assessment_start_date"].isna().tolist() == [False, True]
    assert {note.kind: note.count for note in result.notes if note.kind.startswith("formula")} == {
        "formula_worked_out": 2,
        "formula_left_blank": 1,
    }


def test_dates_as_day_numbers_and_text_are_read_and_words_are_faults(tmp_path):
    rows = [[*PERSON, day, "6: Police"] for day in (44090, "16/09/2020", "16-Sep-2020", datetime(2020, 9, 16), "soon")]
    result = read_annex_a(_workbook(tmp_path, {"List 1": rows}), authority="x")
    dates = result.tables["contacts"]["contact_date"]
    assert dates.iloc[:4].eq(pd.Timestamp("2020-09-16")).all()
    assert result.faults[["source_record", "fault"]].to_numpy().tolist() == [[5, "not a date"]]
    assert {note.kind for note in result.notes} == {"serial_date"}


def test_an_event_belongs_to_the_last_referral_of_its_child_on_or_before_it(tmp_path):
    other = ["C2", *PERSON[1:]]
    path = _workbook(
        tmp_path,
        {
            "LIST 3 ": [
                [*PERSON, datetime(2020, 9, 1), "6: Police", "No"],
                [*PERSON, datetime(2020, 10, 1), "6: Police", "No"],
                [*PERSON, datetime(2020, 12, 1), "6: Police", "No"],
            ],
            "List 5": [
                [*PERSON, datetime(2020, 11, 3), "No", ""],
                [*PERSON, datetime(2020, 10, 1), "No", ""],
                [*PERSON, datetime(2020, 8, 31), "No", ""],
                [*other, datetime(2020, 11, 3), "No", ""],
            ],
        },
    )
    result = read_annex_a(path, authority="x")
    found = result.tables["section47"]["referral_date"].dt.strftime("%Y-%m-%d").fillna("none")
    assert found.tolist() == ["2020-10-01", "2020-10-01", "none", "none"]
    assert [note.count for note in result.notes if note.kind == "no_referral"] == [2]


def test_empty_rows_do_not_shift_record_numbers(tmp_path):
    path = _workbook(tmp_path, {"List 1": [[None] * 7, [*PERSON, datetime(2020, 9, 16), "6: Police"]]})
    assert read_annex_a(path, authority="x").tables["contacts"]["source_record"].tolist() == [2]


def test_a_list_that_is_not_there_is_noted(tmp_path):
    result = read_annex_a(_workbook(tmp_path, {}, drop="List_2"), authority="x")
    assert "early_help" not in result.tables
    assert [note.message for note in result.notes] == ["lists that are not in the workbook: List 2"]


def test_curly_quotes_and_breaks_in_headers_do_not_matter(tmp_path, monkeypatch):
    monkeypatch.setitem(LISTS, "List 1", ["Child’s Unique\u00a0ID", "Date of\nContact", "Contact  Source"])
    path = _workbook(tmp_path, {"List 1": [["C1", datetime(2020, 9, 16), "6: Police"]]})
    assert read_annex_a(path, authority="x").tables["contacts"]["la_child_id"].item() == "C1"


def test_a_renamed_column_and_a_file_that_is_no_workbook_are_problems(tmp_path, monkeypatch):
    monkeypatch.setitem(LISTS, "List 5", [*CHILD, "Strategy discussion initiating S47 Enquiry Start"])
    with pytest.raises(InputError, match=r"required column Strategy discussion .* rename the column"):
        read_annex_a(_workbook(tmp_path, {}), authority="x")
    (tmp_path / "bad.xlsx").write_text("no workbook")
    with pytest.raises(InputError, match="cannot be opened as a workbook"):
        read_annex_a(tmp_path / "bad.xlsx", authority="x")
