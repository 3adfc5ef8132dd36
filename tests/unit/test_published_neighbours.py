"""Layouts of the DfE's statistical neighbour models."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.sources.statistical_neighbours import looks_like_neighbours, read_statistical_neighbours

HEADER_2021 = ["LA num", "LA Name", "LA number", "GOInd", "GOReg", "SN1", "SNP", "SN2", "SNP", ""]
ROW_2021 = ["909", "Cumbria", "909", "5", "North West", "925", "Extremely Close", "926", "Very Close", ""]
EXPECTED = [["909", "925", 1, "Extremely close"], ["909", "926", 2, "Very close"]]


def lines(*rows: list[str]) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


def core(frame: pd.DataFrame) -> list[list[object]]:
    return frame[["old_la_code", "neighbour_old_la_code", "rank", "closeness"]].values.tolist()


def test_april_2021_csv_with_repeated_headings_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "New_Statistical_Neighbour_Groupings_April_2021.csv"
    blank, heading = [""] * 10, ["", "Old SNs:", *[""] * 8]
    path.write_text(lines(HEADER_2021, ROW_2021, blank, heading), encoding="utf-8-sig")
    found = read_statistical_neighbours(path)
    assert core(found) == EXPECTED
    assert set(found["model"]) == {"2021"}


def test_workbook_with_rows_of_numbers_above_its_header(tmp_path: Path) -> None:
    path = tmp_path / "sn_april_2021.xlsx"
    numbers = [str(number) for number in range(10)]
    pd.DataFrame([numbers, numbers, HEADER_2021, ROW_2021]).to_excel(path, header=False, index=False)
    assert core(read_statistical_neighbours(path)) == EXPECTED


def test_wide_csv_of_2025_with_trailing_spaces(tmp_path: Path) -> None:
    path = tmp_path / "sn_model_2025_wide.csv"
    header = ["old_la_code", "la_name", "region_ind", "region_name", "SN_1", "SN_1P", "SN_2", "SN_2P"]
    path.write_text(lines(header, ["942", "Cumberland", "5", "North West", "943", "Very close", "925", "Close "]))
    found = read_statistical_neighbours(path)
    assert core(found) == [["942", "943", 1, "Very close"], ["942", "925", 2, "Close"]]
    assert set(found["model"]) == {"2025"}


def test_own_long_table_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "statistical_neighbours.csv"
    path.write_text(
        "old_la_code,neighbour_old_la_code,rank,closeness,model\n"
        "909,926,2,Very close,2021\n909,925,1,Extremely close,2021\n"
    )
    assert core(read_statistical_neighbours(path)) == EXPECTED


def test_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "neighbours_2021.csv"
    path.write_text("a,b\n1,2\n")
    assert not looks_like_neighbours(path)
    with pytest.raises(InputError, match="no header of neighbours"):
        read_statistical_neighbours(path)


def test_model_year_must_be_said_or_named(tmp_path: Path) -> None:
    path = tmp_path / "neighbours.csv"
    path.write_text(lines(HEADER_2021, ROW_2021))
    with pytest.raises(InputError, match="no year in the file's name"):
        read_statistical_neighbours(path)
    assert set(read_statistical_neighbours(path, model="2021")["model"]) == {"2021"}
