"""The compact tables and the DfE's own files beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.params import load_params
from swis.published import (
    authority_context,
    load_neighbours,
    load_published,
    read_published,
    referrals_by_academic_year,
    vintages,
)
from swis.schemas import table_schema

ENGLAND = "E92000001"
HEADER = "time_period,time_identifier,geographic_level,country_code,country_name,old_la_code,la_name,category"
C4 = "c4_children_in_need_section_47s_and_icpcs_2013_to_2026.csv"


@pytest.fixture
def compact(tmp_path: Path, project_root: Path) -> Path:
    return Path(shutil.copytree(project_root / "data_raw" / "published", tmp_path / "published"))


def test_compact_tables_load_clean_and_unique(project_root: Path) -> None:
    result = read_published(project_root / "data_raw" / "published")
    figures = result.tables["published"]
    assert result.faults.empty
    assert result.notes == []
    assert not figures.duplicated(list(table_schema("published").primary_key)).any()
    assert figures["release"].notna().all()
    assert (figures["value"].isna() == figures["symbol"].notna()).all()


def test_compact_tables_are_small_and_need_no_quoting_of_line_ends(project_root: Path) -> None:
    tables = sorted((project_root / "data_raw" / "published").glob("*.csv"))
    assert sum(path.stat().st_size for path in tables) < 420_000
    assert all(b"\r" not in path.read_bytes() for path in tables)


def test_figure_names_every_vintage(project_root: Path) -> None:
    figures = load_published(project_root / "data_raw" / "published")
    found = vintages(figures, "section47_enquiries_rate", ENGLAND, "2023")
    assert found[["release", "value"]].values.tolist() == [["2023", 191.6], ["2024", 189.6], ["LAIT 2025-10", 189.4]]


def test_figure_in_a_file_of_the_dfe_takes_over_with_its_own_release(compact: Path) -> None:
    (compact / "release").mkdir()
    rows = [
        f"{year},Reporting year,National,E92000001,England,,,S47,{rate}"
        for year, rate in ((2023, 188.0), (2026, 180.0))
    ]
    (compact / "release" / C4).write_text("\n".join([HEADER + ",Section47_rate", *rows]) + "\n")
    figures = load_published(compact)
    found = vintages(figures, "section47_enquiries_rate", ENGLAND, "2023")
    assert found[["release", "value"]].values.tolist() == [["2023", 191.6], ["2026", 188.0]]
    untouched = vintages(figures, "section47_enquiries_rate", ENGLAND, "2022")
    assert untouched["release"].tolist() == ["2024", "LAIT 2025-10"]


def test_one_release_that_gives_a_figure_twice_keeps_the_first_and_says_so(compact: Path) -> None:
    for name, number in (("c1_children_in_need_2026.csv", 5), ("c5_children_in_need_2026.csv", 6)):
        row = f"2026,Reporting year,National,E92000001,England,,,x,{number}"
        (compact / name).write_text(f"{HEADER},Referrals\n{row}\n")
    result = read_published(compact)
    found = vintages(result.tables["published"], "referrals", ENGLAND, "2026")
    assert found["value"].tolist() == [5]
    assert [(note.kind, note.count) for note in result.notes] == [("figure_given_twice", 1)]


def test_every_broken_file_of_the_dfe_is_named_at_once(compact: Path) -> None:
    (compact / "one.zip").write_bytes(b"nothing")
    (compact / "two.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError) as error:
        load_published(compact)
    assert len(error.value.problems) == 2


def test_every_named_authority_has_ten_neighbours_and_a_context(project_root: Path) -> None:
    folder = project_root / "data_raw" / "published"
    figures, model = load_published(folder), load_neighbours(folder)
    assert set(model["model"]) == {"2021"}
    for authority in load_params(project_root / "params").authorities.values():
        if not authority.is_invented:
            codes = [code.old_la_code for code in authority.codes]
            assert model["old_la_code"].isin(codes).sum() == 10
            assert set(figures.loc[figures["area_code"].isin(codes), "time_period"]) >= {
                "2018",
                "2024",
                "201819",
                "202324",
            }


def test_invented_authority_has_england_only(project_root: Path) -> None:
    folder = project_root / "data_raw" / "published"
    invented = next(a for a in load_params(project_root / "params").authorities.values() if a.is_invented)
    figures = load_published(folder)
    assert set(authority_context(figures, invented, load_neighbours(folder))["area"]) == {"England"}
    assert set(referrals_by_academic_year(figures, invented)["area"]) == {"England"}


def test_empty_folder_gives_an_empty_table_and_no_neighbours(tmp_path: Path) -> None:
    assert load_published(tmp_path).empty
    with pytest.raises(InputError, match="no model 2021"):
        load_neighbours(tmp_path)
