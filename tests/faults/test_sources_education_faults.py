"""Education returns and our own forms that cannot be used: one clear line each, all at once, no value of a child."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.sources.annex_a import check_annex_a
from swis.sources.attainment import check_attainment, read_attainment
from swis.sources.gias import check_gias
from swis.sources.own_csv import check_own_csv, read_own_csv
from swis.sources.school_census import check_school_census, read_school_census

SOUND = "pupilonrolltableid,NativeId,upn,entrydate\na1,900001,A999000000001,2019-Sep-03 00:00:00\n"


def _read(folder: Path, **modules: str):
    paths = {}
    for module, content in modules.items():
        paths[module] = folder / f"2022_spring_{module}.csv"
        paths[module].write_text(content)
    return read_school_census(paths, authority="x", folder=folder, census_year=2022, census_term="spring")


RENAMED = [
    ("upn", "upno", "required column upn is missing"),
    ("entrydate", "entrydte", "required column entrydate is missing"),
    ("NativeId", "NativeIdent", "required column NativeId is missing"),
]


@pytest.mark.parametrize(("column", "renamed", "where"), RENAMED)
def test_a_renamed_column_is_named_with_the_nearest_header(tmp_path, column, renamed, where):
    with pytest.raises(InputError) as error:
        _read(tmp_path, pupilonroll=SOUND.replace(column, renamed))
    (problem,) = error.value.problems
    assert problem.where == where
    assert renamed in problem.action
    assert problem.file == "2022_spring_pupilonroll.csv"


def test_every_problem_of_every_module_is_said_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        _read(
            tmp_path,
            pupilonroll=SOUND.replace("upn", "a").replace("entrydate", "b"),
            termlyexclusionsonroll="",
            termlysessiondetailsonroll="pupilonrolltableid,sessions\n",
        )
    assert [(problem.file.split("_")[-1], problem.where) for problem in error.value.problems] == [
        ("pupilonroll.csv", "required column entrydate is missing"),
        ("pupilonroll.csv", "required column upn is missing"),
        ("termlyexclusionsonroll.csv", "the file is empty"),
        ("termlysessiondetailsonroll.csv", "required column attendancereason is missing"),
    ]


def test_modules_without_any_pupils_are_a_problem(tmp_path):
    path = tmp_path / "ex.csv"
    path.write_text("pupilonrolltableid,NativeId,startdate,category\n")
    problems = check_school_census({"termlyexclusionsonroll": path}, folder=tmp_path)
    assert [problem.where for problem in problems] == ["no module of pupils in this census"]


def test_a_list_of_own_school_numbers_without_its_columns_is_a_problem(tmp_path):
    (tmp_path / "native_ids.csv").write_text("school,urn\nSCH1,900001\n")
    with pytest.raises(InputError, match=r"native_ids\.csv: required column native_id is missing"):
        _read(tmp_path, pupilonroll=SOUND)


def test_a_pupil_module_needs_its_record_number_only_where_others_refer_to_it(tmp_path):
    without = "NativeId,upn,entrydate\n900001,A999000000001,2019-Sep-03 00:00:00\n"
    assert len(_read(tmp_path, pupilonroll=without).tables["pupils"]) == 1
    with pytest.raises(InputError, match="required column pupilonrolltableid is missing"):
        _read(
            tmp_path,
            pupilonroll=without,
            termlysessiondetailsonroll="pupilonrolltableid,sessions,attendancereason\n",
        )


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_a_problem_for_every_reader(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    found = [check_attainment(path), check_gias(path), check_own_csv(path, "contacts"), check_own_csv(path, "roll")]
    assert [problems[0].where for problems in found] == ["the file is empty"] * 4


def test_a_missing_file_is_a_problem_for_every_reader(tmp_path):
    path = tmp_path / "none.csv"
    found = [check_attainment(path), check_gias(path), check_own_csv(path, "costs"), check_annex_a(path)]
    assert [problems[0].where for problems in found] == ["file missing"] * 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_byte_order_marks_and_other_encodings_change_nothing_but_a_note(tmp_path, encoding):
    path = tmp_path / "delivery.csv"
    path.write_bytes(codecs.encode("worker,role,from\nZoë,social worker,2020-09-01\n", encoding))
    result = read_own_csv(path, "delivery", authority="x")
    assert result.tables["delivery"]["worker"].item() == "Zoë"
    assert len(result.notes) == 1


def test_a_results_file_without_results_is_a_problem(tmp_path):
    path = tmp_path / "ks4_2019.csv"
    path.write_text("UPN,URN,ACADEMIC_YEAR,KS4_ATTAINMENT\nA1,900001,2018/19,46\n")
    assert [problem.where for problem in check_attainment(path)] == ["no column of results"]
    with pytest.raises(InputError, match="no column of results"):
        read_attainment(path, authority="x")


def test_a_truncated_gzip_file_is_a_problem(tmp_path):
    path = tmp_path / "roll.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc")
    problems = check_school_census({"pupilonroll": path}, folder=tmp_path)
    assert [problem.where for problem in problems] == ["the file cannot be unpacked or read"]


def test_no_problem_and_no_fault_ever_holds_a_value(tmp_path):
    secret = "A123456789012"
    broken = f"pupilonrolltableid,NativeId,upn,entrydate,dob\na1,NOSCHOOL,{secret},{secret},{secret}\n"
    result = _read(tmp_path, pupilonroll=broken)
    assert len(result.faults) == 3
    assert secret not in result.faults.to_csv() + str(result.notes)
    with pytest.raises(InputError) as error:
        _read(tmp_path, pupilonroll=broken.replace(",upn,", ",pupil,"))
    assert secret not in str(error.value)
