"""Social care returns made by others, read with every trap handled or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.schemas import table_schema
from swis.sources.cin_census import read_cin_census
from swis.sources.cin_header import read_header
from swis.sources.marker import sniff
from swis.sources.ssda903 import check_ssda903, read_ssda903

pytestmark = pytest.mark.real

# children, referrals, assessments, section47, conferences, protection plans, plans of children in need: counted by
# element in each file, apart from the reader.
CIN_FILES = {
    "d2i-cin-fake/CIN2rows.xml": (1, 1, 1, 1, 2, 2, 1),
    "d2i-cin-fake/CIN_Census_2021.xml": (1, 1, 1, 1, 2, 1, 1),
    "d2i-cin-fake/CIN_Census_2021_no_assessment_factors.xml": (1, 1, 1, 1, 2, 1, 1),
    "d2i-cin-fake/CIN_Census_2024.xml": (2, 2, 2, 1, 2, 1, 1),
    "d2i-cin-fake/CIN_Census_2026.xml": (2, 2, 2, 1, 2, 1, 1),
    "d2i-cin-fake/CIN_header_issues_100.xml": (1, 1, 1, 1, 2, 1, 1),
    "d2i-cin-fake/CIN_la_issues_2887Q.xml": (1, 1, 1, 1, 2, 1, 1),
    "d2i-cin-fake/fake_CIN_data.xml": (332, 402, 0, 0, 350, 0, 0),
    "sf-liia-pipeline/cin_census/samples/BAR_cin_2022.xml": (1, 1, 1, 1, 2, 1, 1),
}
TABLES = ("children", "referrals", "assessments", "section47", "conferences", "protection_plans", "cin_plans")


def test_every_cin_file_that_is_there_is_on_the_list(real_data: Path) -> None:
    folders = [real_data / "d2i-cin-fake", real_data / "sf-liia-pipeline" / "cin_census" / "samples"]
    there = {path.relative_to(real_data).as_posix() for folder in folders for path in folder.glob("*.xml")}
    assert there == set(CIN_FILES)


@pytest.mark.parametrize("name", CIN_FILES)
def test_every_cin_file_gives_its_rows_without_a_fault(real_data: Path, name: str) -> None:
    result = read_cin_census(real_data / name, authority="someone")
    assert tuple(len(result.tables[table]) for table in TABLES) == CIN_FILES[name]
    assert result.faults.empty
    assert all(result.tables[table].columns.tolist() == table_schema(table).columns for table in TABLES)
    assert sniff(real_data / name) == "real"


def test_the_words_for_yes_and_no_of_the_large_file_are_noted(real_data: Path) -> None:
    result = read_cin_census(real_data / "d2i-cin-fake" / "fake_CIN_data.xml", authority="someone")
    assert {note.kind: note.count for note in result.notes} == {
        "boolean_as_word": 402,
        "reference_date_not_31_march": 1,
    }
    assert set(result.tables["children"]["sex"].dropna()) <= {"M", "F", "U"}


def test_the_block_new_in_2026_and_the_stray_text_are_noted(real_data: Path) -> None:
    notes = read_cin_census(real_data / "d2i-cin-fake" / "CIN_Census_2026.xml", authority="someone").notes
    assert {"element_not_read", "sex_as_number", "stray_text"} <= {note.kind for note in notes}


def test_the_header_alone_tells_year_and_authority(real_data: Path) -> None:
    header = read_header(real_data / "sf-liia-pipeline" / "cin_census" / "samples" / "BAR_cin_2022.xml")
    assert (header.return_year, header.la_code) == (2022, "201")


def test_the_fake_903_gives_its_children_and_episodes(real_data: Path) -> None:
    paths = sorted((real_data / "d2i-903-fake").glob("*.csv"))
    result = read_ssda903(paths, authority="someone", return_year=2018, folder=real_data)
    children, episodes = result.tables["looked_after_children"], result.tables["care_episodes"]
    assert (len(children), len(episodes)) == (2675, 5050)
    assert result.faults.empty
    assert set(children["sex"]) == {"M", "F"}
    assert (episodes["episode_end_date"].dropna() >= episodes["episode_start_date"].min()).all()
    assert episodes["episode_start_date"].min().strftime("%Y-%m-%d") == "2015-01-01"
    noted = {note.kind: note.count for note in result.notes if note.file.endswith("episodes.csv")}
    assert noted["urn_not_six_digits"] == 5050
    assert check_ssda903(paths, return_year=2018) == []


def test_the_dated_sample_with_dummies_is_read(real_data: Path) -> None:
    paths = (real_data / "sf-liia-pipeline" / "ssda903" / "samples").glob("SSDA903_2020_*.csv")
    result = read_ssda903(paths, authority="someone", return_year=2020)
    assert {name: len(frame) for name, frame in result.tables.items()} == {
        "looked_after_children": 5,
        "care_episodes": 5,
    }
    noted = {note.kind for note in result.notes}
    assert {"dummy_value", "several_birth_dates", "child_repeated", "urn_not_six_digits", "columns_not_used"} <= noted
    assert result.tables["care_episodes"]["reason_new_episode"].tolist().count("*DUMMY*") == 1
    assert result.faults.empty


def test_the_xml_form_of_the_903_is_read(real_data: Path) -> None:
    result = read_ssda903([real_data / "d2i-903-fake" / "fake_903.xml"], authority="someone", return_year=2018)
    assert {name: len(frame) for name, frame in result.tables.items()} == {
        "looked_after_children": 253,
        "care_episodes": 459,
    }
    assert result.faults.empty
    assert result.tables["care_episodes"]["placement"].notna().all()
