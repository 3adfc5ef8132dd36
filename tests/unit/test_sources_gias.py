"""The school register, its links, and the national checks of the allocation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.params import load_params
from swis.sources.gias import laestab_to_urn, read_gias
from swis.sources.national import check_national, read_national
from swis.sources.returns import read_authority
from swis.workspace import Workspace

HEADER = (
    '"URN","LA (code)","EstablishmentNumber","EstablishmentName","TypeOfEstablishment (name)",'
    '"EstablishmentStatus (name)","OpenDate","CloseDate","PhaseOfEducation (name)","StatutoryLowAge",'
    '"StatutoryHighAge","NumberOfPupils","PercentageFSM"'
)
ROW = (
    '"900001","390","4321","Synthetic School 001","Academy converter","Open","01-09-2012","","Secondary",'
    '11,18,"1104","28.5"'
)
ALLOCATION = "urn,trial,stratum,arm,allocated_on,withdrawn_on,reason,merged_into_urn"


def _gias(folder: Path, *rows: str, encoding: str = "cp1252") -> Path:
    path = folder / "gias.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\r\n".join([HEADER, *rows, ""]).encode(encoding))
    return path


def test_a_school_is_read_in_our_words(tmp_path):
    schools = read_gias(_gias(tmp_path, ROW)).tables["schools"]
    school = schools.iloc[0]
    assert (school["urn"], school["laestab"], school["phase"], school["status"]) == (
        "900001",
        "3904321",
        "secondary",
        "open",
    )
    assert school["open_date"].date() == date(2012, 9, 1)
    assert school["pupils_on_register"] == 1104


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_every_encoding_of_the_register_gives_the_same_name(tmp_path, encoding):
    named = ROW.replace("Synthetic School 001", "St Chloë’s School")
    schools = read_gias(_gias(tmp_path, named, encoding=encoding)).tables["schools"]
    assert schools["school_name"].item() == "St Chloë’s School"


PHASES = [
    ("Secondary", "secondary"),
    ("Middle Deemed Secondary", "middle deemed secondary"),
    ("All through", "all-through"),
    ("All-through", "all-through"),
    ("16 Plus", "16 plus"),
    ("Not applicable", "not applicable"),
]


@pytest.mark.parametrize(("written", "read"), PHASES)
def test_a_phase_is_read_in_any_letter_case(tmp_path, written, read):
    schools = read_gias(_gias(tmp_path, ROW.replace('"Secondary"', f'"{written}"'))).tables["schools"]
    assert schools["phase"].item() == read


def test_fillers_are_missing_and_counted(tmp_path):
    row = (
        ROW.replace('"Academy converter"', '"Not applicable"')
        .replace('"1104"', '"999"')
        .replace(",11,18,", ',"00","00",')
    )
    result = read_gias(_gias(tmp_path, row))
    school = result.tables["schools"].iloc[0]
    assert school[["establishment_type", "pupils_on_register", "lowest_age", "highest_age"]].isna().all()
    assert [note.count for note in result.notes if note.kind == "filler"] == [4]
    assert result.faults.empty


def test_the_establishment_number_has_four_digits(tmp_path):
    schools = read_gias(_gias(tmp_path, ROW.replace('"4321"', '"21"'), ROW.replace('"4321"', '""'))).tables["schools"]
    assert schools["laestab"].fillna("none").tolist() == ["3900021", "none"]


def test_the_successor_is_the_one_linked_last(tmp_path):
    links = tmp_path / "gias_links.csv"
    links.write_text(
        "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"
        "900001,900007,B,Successor,01-09-2020\n900001,900009,C,Successor - merged,01-09-2021\n"
        "900001,900005,A,Predecessor,01-09-2022\n"
    )
    result = read_gias(_gias(tmp_path, ROW), links)
    assert result.tables["schools"]["successor_urn"].item() == "900009"
    assert [note.count for note in result.notes if note.kind == "several_successors"] == [1]


def test_a_shared_number_means_the_school_open_on_that_day():
    schools = pd.DataFrame(
        {
            "urn": ["900001", "900002"],
            "laestab": ["3904321", "3904321"],
            "open_date": pd.to_datetime([None, "2021-01-01"]),
            "close_date": pd.to_datetime(["2020-12-31", None]),
        }
    )
    assert laestab_to_urn(schools, pd.Timestamp("2019-01-17")) == {"3904321": "900001"}
    assert laestab_to_urn(schools, pd.Timestamp("2022-01-20")) == {"3904321": "900002"}


def test_a_census_by_laestab_finds_the_school_of_its_day(tmp_path, project_root):
    workspace, params = Workspace(tmp_path, "real"), load_params(project_root / "params")
    before = ROW.replace('"01-09-2012",""', '"","31-12-2020"')
    after = ROW.replace("900001", "900002").replace("01-09-2012", "01-01-2021")
    _gias(workspace.national, before, after)
    folder = workspace.returns("gateshead") / "school_census"
    folder.mkdir(parents=True)
    for census in ("2019_spring", "2022_spring"):
        path = folder / f"{census}_pupilonroll.csv"
        path.write_text("NativeId,upn,entrydate\n3904321,A820000000001,2018-Sep-03 00:00:00\n")
    result = read_authority(workspace, params.authorities["gateshead"], params.definitions)
    assert list(result.tables["pupils"]["urn"]) == ["900001", "900002"]
    assert result.faults.empty


def _national(tmp_path: Path, *allocation: str) -> Workspace:
    workspace = Workspace(tmp_path, "real")
    rows = [ROW, ROW.replace("900001", "900002"), ROW.replace("900001", "900003")]
    _gias(workspace.national, *rows)
    (workspace.national / "allocation.csv").write_text("\n".join([ALLOCATION, *allocation]) + "\n")
    return workspace


def test_sound_national_files_are_read_without_a_problem(tmp_path, project_root):
    workspace = _national(tmp_path, "900001,swis,gateshead,intervention,2020-09-01,,,")
    assert check_national(workspace, load_params(project_root / "params")) == []
    tables = read_national(workspace).tables
    assert (len(tables["schools"]), len(tables["allocation"])) == (3, 1)


CONTRADICTIONS = [
    ("unknown trial", ["900001,swiss,gateshead,control,2020-09-01,,,"], "did you mean swis?"),
    ("unknown stratum", ["900001,swis,gatesheed,control,2020-09-01,,,"], "did you mean gateshead?"),
    ("unknown arm", ["900001,swis,gateshead,treated,2020-09-01,,,"], "known: control, intervention"),
    ("allocated in dsls_group", ["900001,dsls_group,gateshead,control,2020-09-01,,,"], "correct the trial"),
    ("1 rows repeat", ["900001,swis,gateshead,control,2020-09-01,,,"] * 2, "keep one"),
    (
        "1 schools are in both programmes",
        ["900001,swis,salford,control,2020-09-01,,,", "900001,dsls_greater_manchester,salford,control,2021-01-01,,,"],
        "take them out",
    ),
    ("1 schools are not in the register", ["900099,swis,gateshead,control,2020-09-01,,,"], "correct the URN"),
    ("column allocated_on: 1 cells", ["900001,swis,gateshead,control,soon,,,"], "correct the cells"),
    ("no rows", [], "export"),
]


@pytest.mark.parametrize(("where", "rows", "action"), CONTRADICTIONS)
def test_an_allocation_that_contradicts_itself_is_a_problem(tmp_path, project_root, where, rows, action):
    problems = check_national(_national(tmp_path, *rows), load_params(project_root / "params"))
    assert len(problems) == 1
    assert where in problems[0].where
    assert action in problems[0].action
    assert problems[0].file == "national/allocation.csv"


def test_missing_national_files_are_all_said_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        read_national(Workspace(tmp_path, "real"))
    assert [problem.file for problem in error.value.problems] == ["national/allocation.csv", "national/gias.csv"]
