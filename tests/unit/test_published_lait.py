"""The long table of the local authority interactive tool, on a few rows written here."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.sources.lait import period_of, read_lait

DICTIONARY = pd.DataFrame(
    {
        "Measure_short": ["Section_47", "SecFixedEx", "SecFixedEx", "Other"],
        "Measure": ["S47", "Suspensions", "Suspensions again", "Another"],
        "y_axis_name": ["Rate per 10,000", "%", "%", "Pounds"],
        "Year_Type": ["Financial Year", "Academic Year", "Academic Year", "Calendar Year"],
        "Last Update": ["45931", "45839", "45839", "-"],
    }
)


def write(folder: Path, rows: list[tuple[str, str, str, str, float]]) -> Path:
    columns = ["Short Desc", "Years", "LA and Regions", "Values", "LA Number"]
    path = folder / "bds_long_0.parquet"
    pd.DataFrame(rows, columns=columns).assign(Region="NA").to_parquet(path)
    DICTIONARY.to_csv(folder / "lait_data_dictionary.csv", index=False)
    return path


@pytest.mark.parametrize(
    ("years", "kind", "expected"),
    [
        ("2024", "Financial Year", ("2024", "Reporting year", "")),
        ("2024", "Annual", ("2024", "Reporting year", "")),
        ("2022", "Academic Year", ("202122", "Academic year", "")),
        ("2000", "Academic Year", ("199900", "Academic year", "")),
        ("2018", "Calendar Year", ("2018", "Calendar year", "")),
        ("2023/24", "Academic Year", ("202324", "Academic year", "")),
        ("2023-24", "Academic Year", ("202324", "Academic year", "")),
        ("2018 (Rev)", "Academic Year", ("201718", "Academic year", "Rev")),
        ("2025 (prov)", "Academic Year", ("202425", "Academic year", "prov")),
        ("2024-25 (OT)", "Financial Year", ("202425", "Financial year", "OT")),
        ("2014-16", "Calendar Year", ("2016", "Three calendar years to", "")),
        ("2013/14-15/16", "Financial Year", ("201516", "Three financial years to", "")),
        ("0", "Academic Year", ("", "", "")),
    ],
)
def test_every_spelling_of_a_year_is_one_period(years: str, kind: str, expected: tuple[str, str, str]) -> None:
    assert period_of(years, kind) == expected


def test_rate_is_read_with_measure_breakdown_unit_and_vintage(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        [
            ("SecFixedEx", "2020/21", "England", "8.4802900000000001", 970.0),
            ("Section_47", "2023", "England", "189.4", 970.0),
        ],
    )
    suspensions, enquiries = read_lait(path).tables["published"].to_dict("records")
    assert suspensions["measure"] == "suspensions_rate"
    assert suspensions["breakdown"] == "State-funded secondary"
    assert suspensions["value"] == 8.48029
    assert suspensions["unit"] == "per 100 pupils"
    assert suspensions["release"] == "LAIT 2025-07"
    assert (enquiries["measure"], enquiries["time_period"], enquiries["release"]) == (
        "section47_enquiries_rate",
        "2023",
        "LAIT 2025-10",
    )


def test_artefact_of_a_spreadsheet_goes_and_the_cell_stays(tmp_path: Path) -> None:
    path = write(tmp_path, [("Section_47", "2023", "Croydon", "28.499999999999996", 306.0)])
    found = read_lait(path).tables["published"].iloc[0]
    assert (found["value"], found["value_as_published"], found["area_code"]) == (28.5, "28.499999999999996", "306")


def test_dash_is_not_available_and_regions_get_their_national_codes(tmp_path: Path) -> None:
    rows = [("Section_47", "2021", "Hackney", "-", 204.0), ("Section_47", "2021", "London (Outer)", "150", 988.0)]
    found = read_lait(write(tmp_path, rows)).tables["published"]
    assert found["symbol"].fillna("").tolist() == ["not available", ""]
    assert found["area_code"].tolist() == ["204", "E13000002"]
    assert found["geographic_level"].tolist() == ["Local authority", "Regional"]


def test_year_that_is_no_year_is_left_out_and_noted(tmp_path: Path) -> None:
    path = write(tmp_path, [("Section_47", "0", "Croydon", "-", 306.0), ("Section_47", "2023", "Croydon", "1", 306.0)])
    result = read_lait(path)
    assert len(result.tables["published"]) == 1
    assert [(note.kind, note.count) for note in result.notes] == [("no_time_period", 1)]


def test_text_that_is_no_figure_is_a_fault(tmp_path: Path) -> None:
    result = read_lait(write(tmp_path, [("Section_47", "2023", "Croydon", "many", 306.0)]))
    assert result.faults["fault"].tolist() == ["not a number"]
    assert result.tables["published"].empty


def test_only_measures_with_a_name_are_read_unless_asked(tmp_path: Path) -> None:
    path = write(tmp_path, [("Other", "2023", "Croydon", "1", 306.0), ("Section_47", "2023", "Croydon", "1", 306.0)])
    assert set(read_lait(path).tables["published"]["measure"]) == {"section47_enquiries_rate"}
    assert set(read_lait(path, codes=["Other"]).tables["published"]["measure"]) == {"Other"}
    everything = read_lait(path, codes=[]).tables["published"]
    assert set(everything["measure"]) == {"Other", "section47_enquiries_rate"}
    assert set(everything["release"]) == {"LAIT", "LAIT 2025-10"}


def test_missing_dictionary_or_column_is_a_clear_problem(tmp_path: Path) -> None:
    path = write(tmp_path, [("Section_47", "2023", "Croydon", "1", 306.0)])
    (tmp_path / "lait_data_dictionary.csv").unlink()
    with pytest.raises(InputError, match="file missing"):
        read_lait(path)
    path.write_bytes(b"nothing")
    DICTIONARY.to_csv(tmp_path / "lait_data_dictionary.csv", index=False)
    with pytest.raises(InputError, match="cannot be read as parquet"):
        read_lait(path)
    pd.DataFrame({"Years": ["2023"]}).to_parquet(path)
    with pytest.raises(InputError, match="'LA Number' is missing"):
        read_lait(path)
