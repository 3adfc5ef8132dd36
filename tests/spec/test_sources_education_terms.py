"""Which term the absence of a census belongs to, and what each attendance code counts as."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.sources.attendance import HALF_TERM_2, TERMLY, absence_period
from swis.sources.school_census import census_day, read_school_census

ROLL = (
    "pupilonrolltableid,NativeId,upn,entrydate,termlysessionspossible,termlysessionsauthorised,"
    "termlysessionsunauthorised,summerhalfterm2sessionspossible,summerhalfterm2sessionsauthorised,"
    "summerhalfterm2sessionsunauthorised\n"
    "a1,900001,A999000000001,2019-Sep-03 00:00:00,120.0,5.0,2.0,60.0,3.0,1.0\n"
)

CENSUS_TERM_TO_ABSENCE = [
    # census day in        columns       academic year  term in which the sessions fell
    (2021, "spring", TERMLY, "2020/21", "autumn"),
    (2021, "summer", TERMLY, "2020/21", "spring"),
    (2021, "autumn", TERMLY, "2020/21", "summer"),
    (2021, "autumn", HALF_TERM_2, "2020/21", "summer half-term 2"),
    (2018, "autumn", TERMLY, "2017/18", "summer"),
    (2024, "spring", TERMLY, "2023/24", "autumn"),
    (2000, "spring", TERMLY, "1999/00", "autumn"),
]


@pytest.mark.parametrize(("year", "term", "columns", "academic_year", "absence_term"), CENSUS_TERM_TO_ABSENCE)
def test_absence_is_one_term_in_arrears(year, term, columns, academic_year, absence_term):
    period = absence_period(year, term, columns)
    assert period is not None
    assert (period.academic_year, period.absence_term) == (academic_year, absence_term)


@pytest.mark.parametrize("term", ["spring", "summer"])
def test_only_the_autumn_census_carries_summer_half_term_2(term):
    assert absence_period(2021, term, HALF_TERM_2) is None


TABLE_BY_TERM = [
    ("spring", [("2020/21", "autumn", 120, 5, 2)]),
    ("summer", [("2020/21", "spring", 120, 5, 2)]),
    ("autumn", [("2020/21", "summer", 120, 5, 2), ("2020/21", "summer half-term 2", 60, 3, 1)]),
]


@pytest.mark.parametrize(("term", "expected"), TABLE_BY_TERM)
def test_a_census_file_gives_attendance_in_the_term_it_fell_in(tmp_path: Path, term, expected):
    path = tmp_path / f"2021_{term}_pupilonroll.csv"
    path.write_text(ROLL)
    paths = {"pupilonroll": path}
    result = read_school_census(paths, authority="x", folder=tmp_path, census_year=2021, census_term=term)
    columns = ["academic_year", "absence_term", "sessions_possible", "sessions_authorised", "sessions_unauthorised"]
    assert list(result.tables["attendance"][columns].itertuples(index=False, name=None)) == expected
    assert result.faults.empty


CODE_COUNTS_AS = {
    "sessions_authorised": ["C", "C1", "C2", "E", "H", "I", "J1", "M", "R", "S", "T"],
    "sessions_unauthorised": ["G", "N", "O", "U"],
    "sessions_code_x": ["X"],
    None: ["/", "\\", "B", "D", "J", "K", "L", "P", "Q", "V", "W", "Y", "Y1", "Y7", "Z", "#"],
}
CODES = [(code, kind) for kind, codes in CODE_COUNTS_AS.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_each_attendance_code_counts_as_its_kind(tmp_path: Path, code, kind):
    roll, details = tmp_path / "roll.csv", tmp_path / "details.csv"
    roll.write_text("pupilonrolltableid,NativeId,upn,entrydate,termlysessionspossible\na1,900001,A1,2019-Sep-03,100\n")
    details.write_text(f"pupilonrolltableid,sessions,attendancereason\na1,7.0,{code}\n")
    paths = {"pupilonroll": roll, "termlysessiondetailsonroll": details}
    result = read_school_census(paths, authority="x", folder=tmp_path, census_year=2025, census_term="spring")
    row = result.tables["attendance"].iloc[0]
    counted = {name: row[name] for name in CODE_COUNTS_AS if name}
    assert counted == {name: 7 if name == kind else 0 for name in counted}
    assert result.faults.empty


CENSUS_DAYS = [
    # from the DfE school census guides
    (2018, "autumn", "2018-10-04"),
    (2019, "spring", "2019-01-17"),
    (2019, "summer", "2019-05-16"),
    (2020, "autumn", "2020-10-01"),
    (2021, "spring", "2021-01-21"),
    (2022, "autumn", "2022-10-06"),
    (2023, "summer", "2023-05-18"),
]


@pytest.mark.parametrize(("year", "term", "day"), CENSUS_DAYS)
def test_census_day_is_the_thursday_the_guides_name(year, term, day):
    assert census_day(year, term) == pd.Timestamp(day)
