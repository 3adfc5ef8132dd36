"""Real and other people's files: school census samples, the register's header, an Annex A workbook."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from swis.sources.annex_a import read_annex_a
from swis.sources.gias import laestab_to_urn, read_gias
from swis.sources.school_census import read_school_census

pytestmark = pytest.mark.real
OWN_NUMBERS = {f"SCH{number}": f"90000{number}" for number in range(1, 9)}


def _censuses(real_data: Path) -> dict[tuple[int, str], dict[str, Path]]:
    found: dict[tuple[int, str], dict[str, Path]] = defaultdict(dict)
    for path in sorted((real_data / "sf-liia-pipeline/school_census/samples").iterdir()):
        year, term, module = path.name.split(".")[0].split("_")
        found[int(year), term][module] = path
    return dict(found)


@pytest.fixture(scope="module")
def read(real_data):
    results = {}
    for (year, term), paths in _censuses(real_data).items():
        folder = next(iter(paths.values())).parent
        results[year, term] = read_school_census(
            paths, authority="x", folder=folder, census_year=year, census_term=term, laestab_to_urn=OWN_NUMBERS
        )
    return results


ROWS = [
    # census              pupils  attendance  suspensions
    ((2024, "autumn"), 308, 616, 10_691),
    ((2025, "spring"), 9_873, 9_768, 10_580),
    ((2025, "summer"), 600, 593, 11_385),
]


@pytest.mark.parametrize(("census", "pupils", "attendance", "suspensions"), ROWS)
def test_every_row_of_the_samples_is_read(read, census, pupils, attendance, suspensions):
    tables = read[census].tables
    assert {name: len(table) for name, table in tables.items()} == {
        "pupils": pupils,
        "attendance": attendance,
        "suspensions": suspensions,
    }
    assert set(tables["pupils"]["urn"]) == set(OWN_NUMBERS.values())


def test_dates_and_floats_of_the_samples_all_parse(read):
    kinds = {fault for result in read.values() for fault in result.faults["fault"]}
    assert kinds == {"no pupil with this record number"}


def test_exclusions_without_their_pupil_module_are_kept_and_reported(read):
    result = read[2024, "autumn"]
    unlinked = result.faults["fault"].eq("no pupil with this record number").sum()
    assert unlinked == 10_373
    assert result.tables["suspensions"]["upn"].isna().sum() == unlinked


def test_the_autumn_sample_carries_two_parts_of_the_summer_before(read):
    attendance = read[2024, "autumn"].tables["attendance"]
    assert attendance.groupby(["academic_year", "absence_term"]).size().to_dict() == {
        ("2023/24", "summer"): 308,
        ("2023/24", "summer half-term 2"): 308,
    }


def test_absence_of_2025_comes_from_reason_codes_because_its_totals_are_gone(read):
    attendance = read[2025, "spring"].tables["attendance"]
    assert attendance["sessions_authorised"].notna().all()
    assert attendance["sessions_unauthorised"].sum() > 0


def test_school_numbers_of_their_own_are_faults_without_a_mapping(real_data):
    paths = _censuses(real_data)[2025, "summer"]
    folder = next(iter(paths.values())).parent
    result = read_school_census(paths, authority="x", folder=folder, census_year=2025, census_term="summer")
    of_pupils = result.faults[result.faults["table"].eq("pupils")]
    assert len(of_pupils) == len(result.tables["pupils"]) == 600
    assert set(of_pupils["fault"]) == {"unknown school"}


def test_upns_that_are_none_are_kept_for_validation(read):
    upn = read[2025, "spring"].tables["pupils"]["upn"]
    assert upn.notna().all()
    assert not upn.str.fullmatch("[A-Z][0-9]{11}[0-9A-Z]").any()


def test_year_groups_of_the_samples_are_numbers_or_outside_the_curriculum(read):
    result = read[2025, "spring"]
    years = result.tables["pupils"]["year_group"]
    assert years.dropna().between(-2, 14).all()
    assert [note.count for note in result.notes if note.kind == "no_year_group"] == [600]


def test_the_register_is_read_from_its_own_header(real_data):
    result = read_gias(real_data / "gias-sample/edubase_sample.csv")
    schools = result.tables["schools"]
    assert list(schools["laestab"]) == ["2073402", "2064651", "2073437", "2033526"]
    assert list(schools["phase"]) == ["primary", "secondary", "primary", "all-through"]
    assert set(schools["status"]) == {"open"}
    assert result.faults.empty
    assert len(laestab_to_urn(schools, schools["open_date"].max())) == 4


def test_the_annex_a_workbook_is_read_list_by_list(real_data):
    result = read_annex_a(real_data / "sf-liia-pipeline/annex_a/samples/Annex_A_2024_Jan.xlsx", authority="x")
    assert {name: len(table) for name, table in result.tables.items()} == {
        "contacts": 5,
        "early_help": 5,
        "referrals": 6,
        "assessments": 5,
        "section47": 5,
        "cin_plans": 5,
    }
    assert list(result.tables["referrals"]["referral_source"]) == ["8", "3D", "6", "2A", "6", "6"]
    assert list(result.tables["section47"]["conference_not_required"]) == [False, False, True, True, False]
    assert result.faults.empty
