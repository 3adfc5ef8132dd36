"""Results by pupil: both forms, the symbols, and the years without exams or tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.sources.attainment import as_academic_year, read_attainment

OWN = (
    "upn,urn,academic_year,KS4_ATT8,KS4_P8SCORE,KS4_L2BASICS_95,"
    "KS2_READ_SCALED,KS2_MATH_SCALED,KS2_RWM_EXPECTED,graded_by"
)


def _read(folder: Path, *lines: str):
    path = folder / "attainment.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_attainment(path, authority="gateshead", folder=folder)


def test_a_row_is_the_key_stage_whose_columns_are_filled(tmp_path):
    result = _read(tmp_path, OWN, "A1,900001,2018/19,46.5,-0.12,1,104,101,,exam", "A2,900002,2018/19,,,,98,95,0,exam")
    table = result.tables["attainment"]
    assert list(table["key_stage"]) == ["KS4", "KS2"]
    assert list(table["english_maths_grade5"].fillna(False)) == [True, False]
    assert list(table["ks2_reading_scaled"]) == [104.0, 98.0]
    assert not table["ks2_expected_standard"].iloc[1]
    assert result.faults.empty


def test_a_file_with_national_pupil_database_names_is_read(tmp_path):
    table = _read(
        tmp_path, "KS4_UPN,KS4_URN,KS4_ACADYR,KS4_ATT8,KS4_P8SCORE,KS4_L2BASICS_95", "A1,900001,2018/2019,50.00,0.3,1"
    ).tables["attainment"]
    assert table[["upn", "urn", "academic_year", "key_stage", "graded_by"]].iloc[0].tolist() == [
        "A1",
        "900001",
        "2018/19",
        "KS4",
        "exam",
    ]


SYMBOLS = [
    ("SUPP", "suppressed"),
    ("NE", "no_entries"),
    ("NP", "not_published"),
    ("LOWCOV", "low_coverage"),
    ("NA", "not_available"),
]


@pytest.mark.parametrize(("symbol", "kind"), SYMBOLS)
def test_a_symbol_is_missing_and_counted_and_no_fault(tmp_path, symbol, kind):
    result = _read(tmp_path, "upn,urn,academic_year,KS4_ATT8", f"A1,900001,2018/19,{symbol}")
    table = result.tables["attainment"]
    assert table["attainment8"].isna().all()
    assert list(table["key_stage"]) == ["KS4"]
    assert [(note.kind, note.count) for note in result.notes] == [(kind, 1)]
    assert result.faults.empty


@pytest.mark.parametrize("year", ["2019/20", "2020/21"])
def test_key_stage_4_of_the_pandemic_years_is_graded_by_teachers_whatever_the_file_says(tmp_path, year):
    result = _read(tmp_path, OWN, f"A1,900001,{year},46.5,,1,,,,exam", f"A2,900001,{year},46.5,,1,,,,")
    assert list(result.tables["attainment"]["graded_by"]) == ["teacher", "teacher"]
    assert [(note.kind, note.count) for note in result.notes] == [("graded_by_teacher", 1)]


@pytest.mark.parametrize("year", ["2019/20", "2020/21"])
def test_key_stage_2_of_the_pandemic_years_is_a_fault_without_its_results(tmp_path, year):
    result = _read(tmp_path, OWN, f"A1,900001,{year},,,,100,100,1,exam")
    assert result.tables["attainment"]["ks2_expected_standard"].isna().all()
    assert list(result.faults["fault"]) == ["no key stage 2 tests in that year"]


def test_a_percentage_of_one_pupil_is_yes_or_no_and_another_is_a_fault(tmp_path):
    rows = [f"A{number},900001,2018/19,40,{value}" for number, value in enumerate(["100%", "0%", "50.3%"])]
    result = _read(tmp_path, "upn,urn,academic_year,KS4_ATT8,KS4_L2BASICS_95", *rows)
    assert list(result.tables["attainment"]["english_maths_grade5"].fillna(False)) == [True, False, False]
    assert list(result.faults["source_record"]) == [3]


def test_a_row_without_any_result_in_a_file_of_both_key_stages_is_a_fault(tmp_path):
    result = _read(tmp_path, OWN, "A1,900001,2018/19,,,,,,,")
    assert list(result.faults["fault"]) == ["neither key stage has a result"]


YEARS = [("2021/22", "2021/22"), ("2021/2022", "2021/22"), ("2021-22", "2021/22"), ("202122", "2021/22"), ("22", "22")]


@pytest.mark.parametrize(("written", "read"), YEARS)
def test_an_academic_year_is_read_in_every_way_of_writing_it(written, read):
    assert as_academic_year(pd.Series([written], dtype="string")).item() == read
