"""The SSDA903 reader: CSV, workbook and XML, and the traps of each."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from swis.errors import InputError
from swis.sources.result import ReadResult
from swis.sources.ssda903 import check_ssda903, read_ssda903
from swis.sources.ssda903_files import module_of

SPEC = importlib.util.spec_from_file_location(
    "made_returns", Path(__file__).parents[1] / "unit" / "sources_made_returns.py"
)
assert SPEC is not None and SPEC.loader is not None
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)


def read(folder: Path, header: str = made.HEADER_CSV, episodes: str = made.EPISODES_CSV, **more: str) -> ReadResult:
    for name, text in ({"header": header, "episodes": episodes} | more).items():
        (folder / f"{name}.csv").write_text(text)
    return read_ssda903(folder.glob("*.csv"), authority="gateshead", return_year=2021, folder=folder)


def noted(result: ReadResult) -> dict[str, int]:
    return {note.kind: note.count for note in result.notes}


def test_children_and_episodes_come_out_with_days_first(tmp_path: Path) -> None:
    tables = read(tmp_path).tables
    children, episodes = tables["looked_after_children"], tables["care_episodes"]
    assert children["birth_date"].tolist() == [pd.Timestamp("2008-05-01"), pd.Timestamp("2008-05-02")]
    assert children["sex"].tolist() == ["M", "F"]
    assert children["is_mother"].tolist() == [False, pd.NA]
    assert episodes["episode_start_date"].tolist() == [pd.Timestamp("2020-06-01"), pd.Timestamp("2020-07-01")]
    assert episodes["episode_end_date"].isna().tolist() == [True, False]
    assert (episodes["return_year"] == 2021).all()
    assert (episodes["source_file"] == "episodes.csv").all()


def test_the_reason_for_no_upn_is_told_from_the_upn(tmp_path: Path) -> None:
    children = read(tmp_path).tables["looked_after_children"]
    assert children["upn"].tolist() == [pd.NA, "A820"]
    assert children["upn_unknown_reason"].tolist() == ["UN4", pd.NA]


def test_postcodes_are_never_read(tmp_path: Path) -> None:
    tables = read(tmp_path).tables
    assert not any("N1 1A" in frame.to_csv() for frame in tables.values())


def test_dummies_extra_columns_and_long_urns_are_kept_and_noted(tmp_path: Path) -> None:
    header, first, second = made.EPISODES_CSV.splitlines()
    first = first.replace(",S,", ",*DUMMY*,").replace("123456", "8011362")
    result = read(tmp_path, episodes=f"{header},TEST_COLUMN\n{first},\n{second},x\n")
    assert result.tables["care_episodes"]["reason_new_episode"].tolist() == ["*DUMMY*", "S"]
    assert noted(result)["dummy_value"] == 1
    assert noted(result)["urn_not_six_digits"] == 1
    assert result.faults.empty


def test_a_child_with_several_birth_dates_is_kept_and_noted(tmp_path: Path) -> None:
    result = read(tmp_path, header=made.HEADER_CSV + "KID00002,2,03/05/2009,AIND,,,\n")
    assert len(result.tables["looked_after_children"]) == 3
    assert noted(result)["several_birth_dates"] == 1
    assert noted(result)["child_repeated"] == 1


def test_a_day_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    result = read(tmp_path, episodes=made.EPISODES_CSV.replace("01/07/2020", "31/06/2020"))
    assert result.faults[["table", "column", "source_record"]].to_numpy().tolist() == [
        ["care_episodes", "episode_start_date", 2]
    ]


def test_other_modules_are_named_and_not_read(tmp_path: Path) -> None:
    result = read(tmp_path, reviews="CHILD,DOB,REVIEW,REVIEW_CODE\n", sw_episodes="CHILD,DOB\n", rubbish="a\n")
    assert noted(result)["module_not_read"] == 1
    assert len([note for note in result.notes if note.kind == "module_not_read"]) == 3


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("header.csv", "header"),
        ("SSDA903_2020_header.csv", "header"),
        ("2021_episodes.csv.gz", "episodes"),
        ("Episode", "episodes"),
        ("headers", "header"),
        ("sw_episodes.csv", "sw_episodes"),
        ("previous_permenance", "previous_permanence"),
        ("903 2022-23 Header", "header"),
        ("postcodes.csv", None),
    ],
)
def test_modules_are_known_by_names_that_are_misspelt_or_dated(name: str, module: str | None) -> None:
    assert module_of(name) == module


def write_workbook(path: Path, sheets: dict[str, str]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, text in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                sheet.write_row(row, 0, line.split(","))
    return path


def test_a_workbook_of_sheets_gives_the_same_tables_as_csv(tmp_path: Path) -> None:
    sheets = {"Headers": made.HEADER_CSV, "episodes": made.EPISODES_CSV, "previous_permenance": "CHILD\n"}
    path = write_workbook(tmp_path / "903_xlsx.xlsx", sheets)
    result = read_ssda903([path], authority="gateshead", return_year=2021, folder=tmp_path)
    (tmp_path / "csv").mkdir()
    wanted = read(tmp_path / "csv")
    for name, frame in result.tables.items():
        pd.testing.assert_frame_equal(
            frame.drop(columns="source_file"), wanted.tables[name].drop(columns="source_file"), check_dtype=True
        )
    assert noted(result)["sheet_respelt"] == 1


def test_true_dates_and_numbers_of_a_workbook_are_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, text in {"Header": made.HEADER_CSV, "Episodes": made.EPISODES_CSV}.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                for column, cell in enumerate(line.split(",")):
                    if cell.count("/") == 2:
                        sheet.write_datetime(row, column, pd.to_datetime(cell, format="%d/%m/%Y").to_pydatetime(), day)
                    elif cell.isdigit():
                        sheet.write_number(row, column, int(cell))
                    else:
                        sheet.write(row, column, cell)
    tables = read_ssda903([tmp_path / "x.xlsx"], authority="g", return_year=2021).tables
    assert tables["care_episodes"]["episode_start_date"].dt.day.tolist() == [1, 1]
    assert tables["care_episodes"]["placement_urn"].tolist() == ["123456", "SC12345"]
    assert tables["looked_after_children"]["sex"].tolist() == ["M", "F"]


XML = """<EXPSSDA903><CHILD><HEADER><CHILDID>KID1</CHILDID><UPN>UN3</UPN><SEX>2</SEX><DOB>28/07/2010</DOB>
<ETHNIC>BAFR</ETHNIC><MOTHER/><AREVIEW><REVIEW>27/09/2015</REVIEW></AREVIEW></HEADER>
<EPISODE><DECOM>06/01/2021</DECOM><RNE>T</RNE><LS>J3</LS><CIN>N4</CIN><PL>R5</PL><DEC/><REC/></EPISODE>
<EPISODE><DECOM>01/06/2020</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N4</CIN><PL>U4</PL><DEC>06/01/2021</DEC><REC>X1</REC></EPISODE>
</CHILD></EXPSSDA903>"""


def test_the_xml_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "903.xml").write_text(XML)
    tables = read_ssda903([tmp_path / "903.xml"], authority="g", return_year=2021).tables
    assert tables["looked_after_children"]["upn_unknown_reason"].tolist() == ["UN3"]
    assert tables["care_episodes"]["placement"].tolist() == ["R5", "U4"]
    assert tables["care_episodes"]["la_child_id"].tolist() == ["KID1", "KID1"]
    assert tables["care_episodes"]["episode_end_date"].isna().tolist() == [True, False]


def test_every_problem_of_a_return_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, header="CHILD,SEX,DOBB,ETHNIC,UPN\n", episodes="")
    said = [problem.line() for problem in raised.value.problems]
    assert len(said) == 2
    assert any("DOBB" in line for line in said)
    assert any("the file is empty" in line for line in said)


def test_a_return_without_episodes_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text(made.HEADER_CSV)
    problems = check_ssda903([tmp_path / "header.csv"], return_year=2021)
    assert [problem.where for problem in problems] == ["no episodes module"]


def test_a_return_of_another_year_is_a_problem(tmp_path: Path) -> None:
    row = "KID{0:05d},01/0{1}/2019,S,V2,N1,R1,PR4,1{1}/06/2019,E13,,,,\n"
    many = made.EPISODES_CSV.splitlines()[0] + "\n" + "".join(row.format(n, n % 5 + 1) for n in range(30))
    read(tmp_path, episodes=many)
    paths = [tmp_path / "header.csv", tmp_path / "episodes.csv"]
    assert check_ssda903(paths, return_year=2020) == []
    assert "wrong year" in check_ssda903(paths, return_year=2022)[0].where
    assert "wrong year" in check_ssda903(paths, return_year=2018)[0].where
