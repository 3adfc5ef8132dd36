"""Finding, reading and accounting for everything one authority has sent."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from swis.sources.marker import has_marker, sniff
from swis.sources.return_completeness import expected_censuses
from swis.sources.returns import check_returns, completeness, find_returns, read_authority
from swis.workspace import Workspace

SPEC = importlib.util.spec_from_file_location(
    "made_returns", Path(__file__).parents[1] / "unit" / "sources_made_returns.py"
)
assert SPEC is not None and SPEC.loader is not None
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)


def statuses(folder: Path, project_root: Path, **changes: object) -> dict[tuple[str, str], tuple[str, str]]:
    frame = completeness(folder, made.authority(**changes), made.definitions(project_root))
    return {(row.returns, row.period): (row.status, row.reason) for row in frame.itertuples()}


def test_every_return_is_found_with_its_period(tmp_path: Path) -> None:
    folder = made.write_authority(tmp_path / "gateshead")
    found = find_returns(folder)
    assert [(one.kind, one.period, len(one.paths)) for one in found] == [
        ("attainment", "attainment", 1),
        ("cin_census", "2021", 1),
        ("school_census", "2020 autumn", 1),
        ("ssda903", "2021", 2),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("ssda903/2021_header.csv", "ssda903/2021_episodes.csv"),
        ("ssda903/SSDA903_2021_header.csv", "ssda903/SSDA903_2021_episodes.csv"),
        ("ssda903/2020-21/header.csv", "ssda903/2020-21/episodes.csv"),
    ],
)
def test_a_903_is_found_in_every_layout(tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find_returns(tmp_path)
    assert [(one.kind, one.period, len(one.paths)) for one in found] == [("ssda903", "2021", 2)]


def test_a_sound_authority_has_no_problem_and_is_read_whole(tmp_path: Path, project_root: Path) -> None:
    made.write_authority(tmp_path / "data_raw" / "mine" / "gateshead")
    workspace = Workspace(tmp_path, "mine")
    definitions = made.definitions(project_root)
    assert check_returns(workspace.returns("gateshead"), made.authority(), definitions) == []
    tables = read_authority(workspace, made.authority(), definitions).tables
    assert {"children", "section47", "care_episodes", "pupils", "attainment"} <= set(tables)
    assert (tables["care_episodes"]["authority"] == "gateshead").all()
    assert tables["section47"]["source_file"].tolist() == ["cin/cin_2021.xml"]


def test_a_file_no_reader_knows_is_noted(tmp_path: Path, project_root: Path) -> None:
    folder = made.write_authority(tmp_path / "data_raw" / "mine" / "gateshead")
    (folder / "school_census" / "autumn roll 2020 final.csv").write_text("upn\n")
    (folder / "cin" / "notes.txt").write_text("hello")
    result = read_authority(Workspace(tmp_path, "mine"), made.authority(), made.definitions(project_root))
    named = [note.file for note in result.notes if note.kind == "file_not_recognised"]
    assert named == ["cin/notes.txt", "school_census/autumn roll 2020 final.csv"]


def test_completeness_tells_received_missing_and_known_gaps_apart(tmp_path: Path, project_root: Path) -> None:
    folder = made.write_authority(tmp_path / "gateshead")
    said = statuses(folder, project_root, known_gaps=[made.gap("ssda903", "2020"), made.gap("ssda903", "2021")])
    assert said["cin_census", "2021"] == ("received", "")
    assert said["cin_census", "2020"] == ("missing", "no file found")
    assert said["ssda903", "2020"] == ("known gap", "lost in a change of system")
    assert said["ssda903", "2021"] == ("received", "received although listed as a known gap")
    assert said["school_census", "2020 autumn"] == ("received", "")
    assert said["attainment", "all"] == ("received", "")


def test_completeness_has_a_row_for_every_expected_period_even_without_a_folder(
    tmp_path: Path, project_root: Path
) -> None:
    said = statuses(tmp_path / "none", project_root)
    assert len(said) == 7 + 7 + 17 + 1
    assert {status for status, _ in said.values()} == {"missing"}


def test_a_return_nobody_expects_is_said_to_be_so(tmp_path: Path, project_root: Path) -> None:
    folder = made.write_authority(tmp_path / "gateshead")
    (folder / "cin" / "cin_2017.xml").write_text(made.cin_xml(year=2017))
    assert statuses(folder, project_root)["cin_census", "2017"][0] == "not expected"


def test_a_split_authority_is_complete_only_with_a_file_for_each_code(tmp_path: Path, project_root: Path) -> None:
    definitions, authority = made.definitions(project_root), made.split_authority()
    (tmp_path / "cin").mkdir()
    for lea, status in (("942", "missing"), ("943", "received")):
        (tmp_path / "cin" / f"cin_2024_{lea}.xml").write_text(made.cin_xml(year=2024, lea=lea))
        frame = completeness(tmp_path, authority, definitions).set_index(["returns", "period"])
        assert frame.loc[("cin_census", "2024"), "status"] == status
    assert check_returns(tmp_path, authority, definitions) == []


def test_a_split_authority_may_send_a_903_for_each_code(tmp_path: Path, project_root: Path) -> None:
    folder = tmp_path / "data_raw" / "mine" / "cumbria"
    definitions, authority = made.definitions(project_root), made.split_authority()
    for lea, status in (("942", "missing"), ("943", "received")):
        (folder / "ssda903" / "2024" / lea).mkdir(parents=True)
        for name, text in (("header", made.HEADER_CSV), ("episodes", made.EPISODES_CSV)):
            (folder / "ssda903" / "2024" / lea / f"{name}.csv").write_text(text)
        frame = completeness(folder, authority, definitions).set_index(["returns", "period"])
        assert frame.loc[("ssda903", "2024"), "status"] == status
    episodes = read_authority(Workspace(tmp_path, "mine"), authority, definitions).tables["care_episodes"]
    assert sorted(set(episodes["source_file"])) == ["ssda903/2024/942/episodes.csv", "ssda903/2024/943/episodes.csv"]


def test_the_censuses_of_the_evaluation_run_from_autumn_to_spring(project_root: Path) -> None:
    censuses = expected_censuses(made.definitions(project_root))
    assert (censuses[0], censuses[1], censuses[-1], len(censuses)) == ("2018 autumn", "2019 spring", "2024 spring", 17)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.xml", made.cin_xml(software="SWIS-SYNTHETIC"), "synthetic"),
        ("a.xml", made.cin_xml(made.child_xml(prefix="SYN")), "synthetic"),
        ("a.xml", made.cin_xml(), "real"),
        ("header.csv", "CHILD,SEX\nSYN0000001,1\n", "synthetic"),
        ("header.csv", made.HEADER_CSV, "real"),
        ("roll.csv", "upn,sex\nA999000000001,M\n", "synthetic"),
        ("roll.csv", made.ROLL_CSV, "real"),
        ("sessions.csv", "recordid,sessions\nr1,4\n", "unknown"),
        ("empty.csv", "", "unknown"),
    ],
)
def test_files_show_whether_they_are_simulated(tmp_path: Path, name: str, content: str, found: str) -> None:
    (tmp_path / name).write_text(content)
    assert sniff(tmp_path / name) == found


def test_a_marker_counts_even_where_it_cannot_be_read(tmp_path: Path) -> None:
    assert not has_marker(tmp_path)
    (tmp_path / "SYNTHETIC.json").write_text("{not json")
    assert has_marker(tmp_path)


def test_plans_of_a_workbook_are_read_for_years_whose_census_held_none(tmp_path: Path, project_root: Path) -> None:
    folder = made.write_authority(tmp_path / "data_raw" / "mine" / "gateshead")
    made.write_annex_a(
        folder / "annex_a" / "annex_a_2021.xlsx",
        {
            "List 3": [["Child Unique ID", "Date of Referral"], ["KID00001", "2021-03-01"]],
            "List 6": [["Child Unique ID", "CIN Start Date", "CIN Closure Date"], ["KID00001", "2021-02-08", ""]],
        },
    )
    tables = read_authority(Workspace(tmp_path, "mine"), made.authority(), made.definitions(project_root)).tables
    plan = tables["cin_plans"].iloc[0]
    assert (len(tables["cin_plans"]), plan["return_year"]) == (1, 2021), "the census of 2021 holds no plans"
    assert str(plan["referral_date"])[:10] == "2020-10-06", "the census has the referral that list 3 is too short for"
    assert len(tables["referrals"]) == 1, "referrals of a year with a census come from it alone"
