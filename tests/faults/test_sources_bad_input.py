"""Bad returns: each fault gives one clear line, all at once, with no child's value in it."""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from swis.commands.choose import check_folders
from swis.errors import InputError, Problem
from swis.params import load_params
from swis.sources.returns import check_returns, read_authority
from swis.workspace import Workspace

SPEC = importlib.util.spec_from_file_location(
    "made_returns", Path(__file__).parents[1] / "unit" / "sources_made_returns.py"
)
assert SPEC is not None and SPEC.loader is not None
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)

VALUES = ["KID0", "A820", "01/05/2008", "2008-05-01", "N1 1A"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made.write_authority(tmp_path / "data_raw" / "mine" / "gateshead")


def check(folder: Path, project_root: Path) -> list[Problem]:
    return check_returns(folder, made.authority(), made.definitions(project_root))


def cut_cin(folder: Path) -> None:
    whole = made.cin_xml(*(made.child_xml(number) for number in range(1, 9)))
    (folder / "cin" / "cin_2021.xml").write_text(whole[: len(whole) // 2])


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return act


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def without_its_roll(folder: Path) -> None:
    path = folder / "school_census" / "2020_autumn_pupilonroll.csv"
    path.rename(path.with_name("2020_autumn_pupilnolongeronroll.csv"))


FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "truncated xml": (cut_cin, "cin/cin_2021.xml", "cut off after child 3"),
    "wrong year inside": (
        write("cin/cin_2021.xml", made.cin_xml(year=2020)),
        "cin/cin_2021.xml",
        "wrong year: Year 2020 in the header, 2021 in the file name",
    ),
    "year and reference date differ": (
        write("cin/cin_2021.xml", made.cin_xml().replace("2021-03-31", "2022-03-31")),
        "cin/cin_2021.xml",
        "wrong year: Year 2021 but ReferenceDate in 2022",
    ),
    "wrong authority": (
        write("cin/cin_2021.xml", made.cin_xml(lea="391")),
        "cin/cin_2021.xml",
        "wrong authority: LEA in the header is 391",
    ),
    "not the census": (
        write("cin/cin_2021.xml", made.cin_xml().replace(">CIN<", ">CLA<")),
        "cin/cin_2021.xml",
        "Collection in the header",
    ),
    "empty xml": (write("cin/cin_2021.xml", b""), "cin/cin_2021.xml", "the file is empty"),
    "not xml": (write("cin/cin_2021.xml", "PK hello"), "cin/cin_2021.xml", "not readable as XML"),
    "no header": (write("cin/cin_2021.xml", "<Message><Children/></Message>"), "cin/cin_2021.xml", "no Header"),
    "two files for one year": (
        write("cin/cin_2021_v2.xml", made.cin_xml()),
        "cin/cin_2021.xml",
        "two files for one period (cin census 2021), beside cin/cin_2021_v2.xml",
    ),
    "empty csv": (write("ssda903/2021/header.csv", ""), "ssda903/2021/header.csv", "the file is empty"),
    "file missing": (remove("ssda903/2021/header.csv"), "ssda903/2021/episodes.csv", "no header module"),
    "column renamed": (
        write("ssda903/2021/episodes.csv", made.EPISODES_CSV.replace("DECOM", "DECOMM")),
        "ssda903/2021/episodes.csv",
        "required column DECOM is missing",
    ),
    "column missing": (
        write(
            "school_census/2020_autumn_pupilonroll.csv", "pupilonrolltableid,NativeId,upn\nr1,123456,A820000000001\n"
        ),
        "school_census/2020_autumn_pupilonroll.csv",
        "required column entrydate is missing",
    ),
    "census without its roll": (
        without_its_roll,
        "school_census/2020_autumn_pupilnolongeronroll.csv",
        "no module of pupils on roll in this census",
    ),
    "903 folder and file of different years": (
        write("ssda903/2021/SSDA903_2020_header.csv", made.HEADER_CSV),
        "ssda903/2021/SSDA903_2020_header.csv",
        "wrong year",
    ),
    "workbook that is none": (write("annex_a/a.xlsx", "hello"), "annex_a/a.xlsx", "opened as a workbook"),
    "broken gzip": (
        write("school_census/2021_spring_pupilonroll.csv.gz", gzip.compress(b"upn\n" * 999)[:30]),
        "school_census/2021_spring_pupilonroll.csv.gz",
        "cannot be unpacked",
    ),
    "attainment without its columns": (
        write("attainment/attainment.csv", "pupil,score\nA820000000001,45\n"),
        "attainment/attainment.csv",
        "no column name is known",
    ),
    "simulated file among real ones": (
        write("cin/cin_2021.xml", made.cin_xml(software="SWIS-SYNTHETIC")),
        "cin/cin_2021.xml",
        "a simulated return in a data set of real ones",
    ),
    "simulated folder among real ones": (
        write("SYNTHETIC.json", '{"synthetic": true}'),
        "SYNTHETIC.json",
        "a folder of simulated returns in a data set of real ones",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_gives_one_clear_line_without_a_value(folder: Path, project_root: Path, fault: str) -> None:
    act, file, said = FAULTS[fault]
    act(folder)
    problems = [problem for problem in check(folder, project_root) if said in problem.line()]
    assert len(problems) == 1
    line = problems[0].line()
    assert line.startswith(f"gateshead/{file}: ")
    assert "\n" not in line
    assert not any(value in line for value in VALUES)


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "903 folder and file of different years"])
def test_each_fault_is_the_only_problem_said(folder: Path, project_root: Path, fault: str) -> None:
    FAULTS[fault][0](folder)
    assert len(check(folder, project_root)) == 1


def test_all_problems_of_all_returns_are_said_at_once_and_nothing_is_read(
    folder: Path, tmp_path: Path, project_root: Path
) -> None:
    cut_cin(folder)
    write("ssda903/2021/header.csv", "")(folder)
    write("attainment/attainment.csv", "upn,urn,academic_yr\n")(folder)
    with pytest.raises(InputError) as raised:
        read_authority(Workspace(tmp_path, "mine"), made.authority(), made.definitions(project_root))
    assert len(raised.value.problems) == 3
    assert not any(value in str(raised.value) for value in VALUES)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_no_problem(folder: Path, tmp_path: Path, project_root: Path, encoding: str) -> None:
    for path in sorted(folder.rglob("*.csv")):
        path.write_bytes((path.read_text() + "\n").replace("\n", "\r\n").encode(encoding))
    assert check(folder, project_root) == []
    tables = read_authority(Workspace(tmp_path, "mine"), made.authority(), made.definitions(project_root)).tables
    assert len(tables["care_episodes"]) == 2


def test_a_real_return_among_simulated_ones_is_refused(folder: Path, project_root: Path) -> None:
    for place in (folder, folder.parent):
        write("SYNTHETIC.json", '{"synthetic": true}')(place)
    problems = check(folder, project_root)
    assert {problem.where for problem in problems} == {"a real return in a data set of simulated ones"}
    assert len(problems) == 5


def test_a_missing_return_is_no_problem(folder: Path, project_root: Path) -> None:
    (folder / "cin" / "cin_2021.xml").unlink()
    assert check(folder, project_root) == []


def test_a_missing_or_empty_folder_is_a_problem(tmp_path: Path, project_root: Path) -> None:
    assert [problem.where for problem in check(tmp_path / "gateshead", project_root)] == ["no folder of returns"]
    (tmp_path / "gateshead").mkdir()
    assert [problem.where for problem in check(tmp_path / "gateshead", project_root)] == ["no return in the folder"]


def test_an_unknown_authority_is_named_with_the_nearest_known_one(tmp_path: Path, project_root: Path) -> None:
    for name in ("gateshed", "gateshead", "national", "truth"):
        (tmp_path / "data_raw" / "mine" / name).mkdir(parents=True)
    problems = check_folders(Workspace(tmp_path, "mine"), load_params(project_root / "params"))
    assert [problem.line() for problem in problems] == [
        "gateshed: an authority unknown to params; expected a slug of params/authorities; did you mean gateshead?"
    ]


def test_returns_of_none_of_the_evaluations_years_are_refused(tmp_path: Path, project_root: Path) -> None:
    write("cin/cin_2016.xml", made.cin_xml(year=2016))(tmp_path / "gateshead")
    lines = [problem.line() for problem in check(tmp_path / "gateshead", project_root)]
    assert len(lines) == 1
    assert lines[0].startswith("gateshead: wrong year: returns of 2016 only; expected returns of 2018 to 2024; ")


def test_xml_broken_in_the_middle_stops_the_reading_with_one_line(
    folder: Path, tmp_path: Path, project_root: Path
) -> None:
    broken = made.cin_xml(made.child_xml(1), made.child_xml(2).replace("</Section47>", ""), made.child_xml(3))
    write("cin/cin_2021.xml", broken)(folder)
    with pytest.raises(InputError) as raised:
        read_authority(Workspace(tmp_path, "mine"), made.authority(), made.definitions(project_root))
    assert [problem.file for problem in raised.value.problems] == ["cin/cin_2021.xml"]
    assert "not well formed after child 1 " in raised.value.problems[0].where
    assert not any(value in str(raised.value) for value in VALUES)


def roll(entry: str, urn: str = "123456") -> str:
    header, row = made.ROLL_CSV.splitlines()
    rows = [row.replace("2020-Sep-01", entry).replace("123456", urn).replace("r1", f"r{n}") for n in range(60)]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize(("entry", "is_right"), [("2020-Sep-01", True), ("2018-Sep-01", False), ("2022-Sep-01", False)])
def test_a_roll_of_another_year_is_refused(folder: Path, project_root: Path, entry: str, is_right: bool) -> None:
    write("school_census/2020_autumn_pupilonroll.csv", roll(entry))(folder)
    wheres = [problem.where for problem in check(folder, project_root)]
    assert (wheres == []) is is_right
    assert all(where.startswith("wrong year") for where in wheres)


@pytest.mark.parametrize(("la_code", "is_right"), [("390", True), ("391", False)])
def test_a_roll_of_another_authoritys_schools_is_refused(
    folder: Path, project_root: Path, la_code: str, is_right: bool
) -> None:
    write("school_census/2020_autumn_pupilonroll.csv", roll("2020-Sep-01"))(folder)
    write("gias.csv", f"URN,LA (code)\n123456,{la_code}\n")(folder.parent / "national")
    wheres = [problem.where for problem in check(folder, project_root)]
    assert (wheres == []) is is_right
    assert all(where.startswith("wrong authority") for where in wheres)


@pytest.mark.parametrize(("la_code", "is_right"), [("390", True), ("391", False)])
def test_results_of_another_authoritys_schools_are_refused(
    folder: Path, project_root: Path, la_code: str, is_right: bool
) -> None:
    header, row = made.ATTAINMENT_CSV.splitlines()
    write("attainment/attainment.csv", "\n".join([header, *[row] * 60]) + "\n")(folder)
    write("gias.csv", f"URN,LA (code)\n123456,{la_code}\n")(folder.parent / "national")
    found = check(folder, project_root)
    assert (found == []) is is_right
    assert all(problem.file == "gateshead/attainment/attainment.csv" for problem in found)
    assert all(problem.where.startswith("wrong authority") for problem in found)


def test_a_whole_folder_of_the_wrong_kind_is_one_line_and_not_one_a_file(folder: Path, project_root: Path) -> None:
    write("SYNTHETIC.json", '{"synthetic": true}')(folder)
    write("cin/cin_2021.xml", made.cin_xml(software="SWIS-SYNTHETIC"))(folder)
    (problem,) = check(folder, project_root)
    assert problem.line().startswith("gateshead/SYNTHETIC.json: a folder of simulated returns in a data set of real")
