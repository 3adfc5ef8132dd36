"""Traps of DfE tidy CSV files, each on a few rows written here."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.schemas import table_schema
from swis.sources.explore_education_statistics import read_explore_education_statistics as read
from swis.sources.published_cells import clean_periods, figures_of, mend_band

PLACE = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
    "old_la_code,new_la_code,la_name"
)
C1 = "c1_children_in_need_referrals_2013_to_2024.csv"


def authority_row(period: str, old: str, new: str, name: str, *cells: str, kind: str = "Reporting year") -> str:
    place = [period, kind, "Local authority", "E92000001", "England", "E12000001", "North East", old, new, name]
    return ",".join([*place, *cells])


def england_row(period: str, *cells: str, kind: str = "Reporting year") -> str:
    return ",".join([period, kind, "National", "E92000001", "England", "", "", "", "", "", *cells])


def write(folder: Path, name: str, columns: str, *rows: str, end: str = "\n", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes((end.join([f"{PLACE},{columns}" if columns else PLACE, *rows]) + end).encode(encoding))
    return path


def figures(path: Path, **options: object) -> pd.DataFrame:
    return read(path, **options).tables["published"]  # type: ignore[arg-type]


def only(frame: pd.DataFrame, **where: str) -> pd.Series:
    for column, wanted in where.items():
        frame = frame[frame[column].eq(wanted)]
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("c", "suppressed"), ("x", "not available"), ("z", "not applicable"), ("u", "low reliability"),
        ("k", "rounds to zero"), ("low", "rounds to zero"), (":", "not available"), (".", "not applicable"),
        ("~", "rounds to zero"), ("[c]", "suppressed"), ("C", "suppressed"), ("-", "not available"),
        ("NA", "not available"),
    ],
)  # fmt: skip
def test_symbol_is_kept_as_the_reason_and_the_cell_as_published(tmp_path: Path, cell: str, reason: str) -> None:
    path = write(tmp_path, C1, "category,Referrals", england_row("2024", "All", cell))
    found = only(figures(path), measure="referrals")
    assert pd.isna(found["value"])
    assert found["symbol"] == reason
    assert found["value_as_published"] == cell


@pytest.mark.parametrize(
    ("period", "reason"), [("201617", "suppressed"), ("201718", "suppressed"), ("201819", "not available")]
)
def test_x_means_suppressed_until_the_file_ends_in_2019(tmp_path: Path, period: str, reason: str) -> None:
    row = england_row(period, "Total", "x", kind="Academic year")
    path = write(tmp_path, "exclusions_by_geographic_level.csv", "school_type,perm_excl", row)
    assert only(figures(path), measure="permanent_exclusions")["symbol"] == reason


def test_vintage_of_symbols_is_that_of_the_whole_file_not_of_the_row(tmp_path: Path) -> None:
    rows = [england_row(period, "Total", "x", kind="Academic year") for period in ("201617", "202122")]
    path = write(tmp_path, "exc_nat_region_la.csv", "education_phase,perm_excl", *rows)
    assert set(figures(path)["symbol"]) == {"not available"}


def test_blank_figure_is_not_available_and_noted(tmp_path: Path) -> None:
    result = read(write(tmp_path, C1, "category,Referrals", england_row("2024", "All", "")))
    assert result.tables["published"]["symbol"].tolist() == ["not available"]
    assert [(note.kind, note.count) for note in result.notes] == [("blank_cell", 1)]


def test_cell_that_is_neither_figure_nor_symbol_is_a_fault_without_its_value(tmp_path: Path) -> None:
    result = read(
        write(tmp_path, C1, "category,Referrals", england_row("2024", "All", "12"), england_row("2023", "All", "12b"))
    )
    fault = result.faults.iloc[0]
    assert (fault["column"], fault["fault"], fault["source_record"]) == ("referrals", "not a number", 2)
    assert "12b" not in result.faults.to_string()
    assert result.tables["published"]["value"].tolist() == [12]


def test_figure_with_thousands_comma_or_percent_sign_is_a_number() -> None:
    assert figures_of(pd.Series(["1,234", "12.5%", " 7 "]), is_old=False)["value"].tolist() == [1234, 12.5, 7]


def test_columns_renamed_between_releases_give_the_same_measures(tmp_path: Path) -> None:
    old = write(
        tmp_path, C1, "category,Referrals,Referrals_rate,Re_referrals", england_row("2024", "All", "10", "5.5", "2")
    )
    new = write(
        tmp_path,
        "c1_children_in_need_2025.csv",
        "category,referral_count,rereferral_count",
        england_row("2025", "All", "11", "3"),
    )
    assert set(figures(old)["measure"]) == {"referrals", "referrals_rate", "rereferrals_within_12_months"}
    assert set(figures(new)["measure"]) == {"referrals", "rereferrals_within_12_months"}


@pytest.mark.parametrize(
    ("phase", "count", "rate"),
    [
        ("school_type", "fixed_excl", "fixed_excl_rate"),
        ("education_phase", "suspension", "susp_rate"),
        ("Education_Phase", "SUSPENSION", "Susp_Rate"),
    ],
)
def test_exclusions_became_suspensions_and_school_type_a_phase(
    tmp_path: Path, phase: str, count: str, rate: str
) -> None:
    row = england_row("202122", "State-funded secondary", "7", "1.5", kind="Academic year")
    found = figures(write(tmp_path, "exc_nat_region_la.csv", f"{phase},{count},{rate}", row))
    assert found["measure"].tolist() == ["suspensions", "suspensions_rate"]
    assert set(found["breakdown"]) == {"State-funded secondary"}
    assert found["unit"].tolist() == ["number", "per 100 pupils"]


def test_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    one = tmp_path / "absence_one.csv"
    two = tmp_path / "absence_two.csv"
    header = ["time_identifier", "time_period", "geographic_level", "school_type", "term", "sess_overall_percent"]
    cells = ["Academic year", "202122", "National", "State-funded primary", "Autumn term", "4.5"]
    one.write_text(",".join(header) + "\n" + ",".join(cells) + "\n")
    two.write_text(",".join(header[::-1]) + "\n" + ",".join(cells[::-1]) + "\n")
    first, second = figures(one, publication="p"), figures(two, publication="p")
    pd.testing.assert_frame_equal(first, second)
    assert first["breakdown"].tolist() == ["Autumn term | State-funded primary"]


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n"), ("cp1252", "\r\n")]
)
def test_encodings_and_line_ends_give_the_same_figures(tmp_path: Path, encoding: str, end: str) -> None:
    row = authority_row("2024", "390", "E08000037", "Gateshead – é", "All", "10")
    found = figures(write(tmp_path, C1, "category,Referrals", row, end=end, encoding=encoding))
    assert found["area_name"].tolist() == ["Gateshead – é"]
    assert found["value"].tolist() == [10]


def test_byte_order_mark_is_noted(tmp_path: Path) -> None:
    result = read(write(tmp_path, C1, "category,Referrals", england_row("2024", "All", "1"), encoding="utf-8-sig"))
    assert [note.kind for note in result.notes] == ["byte_order_mark"]


def test_bands_damaged_by_excel_are_mended_and_noted(tmp_path: Path) -> None:
    rows = [
        england_row("201112", "Total", band, "5", kind="Academic year")
        for band in ("01-May", "06-Oct", "Nov-15", "16-20", "Total")
    ]
    path = write(
        tmp_path, "exclusions_total_days.csv", "school_type,total_length_days_fixed_exclusions_group,headcount", *rows
    )
    result = read(path)
    assert result.tables["published"]["breakdown"].tolist() == ["1 to 5", "6 to 10", "11 to 15", "16-20", "Total"]
    assert [(note.kind, note.count) for note in result.notes] == [("excel_damaged_band", 3)]


@pytest.mark.parametrize("text", ["16-20", "46 and above", "May", "01-Mai", "01 May", "2024-May"])
def test_text_that_is_no_damaged_band_stays(text: str) -> None:
    assert mend_band(text) == text


def test_stray_space_and_second_case_of_a_filter_are_one_value_and_noted(tmp_path: Path) -> None:
    phases = (" All through", "All through", "special", "Special")
    rows = [england_row(f"20{year}", phase, "5") for year, phase in zip((21, 22, 23, 24), phases, strict=True)]
    result = read(write(tmp_path, "absence_x.csv", "school_type,enrolments", *rows))
    assert result.tables["published"]["breakdown"].tolist() == ["All through", "All through", "Special", "Special"]
    assert {note.kind for note in result.notes} == {"stray_space", "case_variants"}


def test_authority_is_known_by_its_old_code_whatever_the_new_one(tmp_path: Path) -> None:
    codes = [
        ("2013", "390", "E08000020"),
        ("2024", "390", "E08000037"),
        ("2023", "933", "E10000027"),
        ("2024", "933", "E06000066"),
    ]
    rows = [authority_row(period, old, new, "name", "All", "1") for period, old, new in codes]
    result = read(write(tmp_path, C1, "category,Referrals", *rows))
    assert result.tables["published"]["area_code"].tolist() == ["390", "390", "933", "933"]
    assert [(note.kind, note.count) for note in result.notes] == [("several_codes_one_area", 2)]


def test_code_that_is_missing_in_either_place_is_taken_from_the_other(tmp_path: Path) -> None:
    rows = [
        authority_row("2009", "875", ".", "Cheshire (Pre LGR 2009)", "1"),
        authority_row("2024", "", "E09000001", "City", "1"),
    ]
    assert figures(write(tmp_path, C1, "Referrals", *rows))["area_code"].tolist() == ["875", "E09000001"]


def test_row_without_period_or_area_is_a_fault(tmp_path: Path) -> None:
    rows = [authority_row("2024", "", ".", "nowhere", "1"), england_row("soon", "1"), england_row("2024", "1")]
    result = read(write(tmp_path, C1, "Referrals", *rows))
    assert result.faults["source_record"].tolist() == [1, 2]
    assert set(result.faults["fault"]) == {"record without its key"}
    assert len(result.tables["published"]) == 1


def test_periods_are_four_or_six_digits_however_written() -> None:
    written = pd.Series(
        ["2024", "202324", "2023/24", "2023-24", "2023/2024", "2024.0", "20", "202325", ""], dtype="string"
    )
    read_as = clean_periods(written)
    assert read_as[:6].tolist() == ["2024", "202324", "202324", "202324", "202324", "2024"]
    assert read_as[6:].isna().all()


def test_schools_are_read_on_request_only(tmp_path: Path) -> None:
    header = "time_period,time_identifier,geographic_level,old_la_code,la_name,laestab,school_type,headcount\n"
    path = tmp_path / "exclusions.csv"
    path.write_text(header + "201617,Academic year,School,935,Suffolk,9354604,State-funded secondary,1802\n")
    assert figures(path).empty
    assert figures(path, levels=["School"])["area_code"].tolist() == ["9354604"]
    with pytest.raises(ValueError, match="no geographic level"):
        figures(path, levels=["Ward"])


def test_meta_file_says_what_is_a_filter_and_the_unit(tmp_path: Path) -> None:
    path = write(tmp_path, "thing.csv", "days,share", england_row("2024", "3", "4.5"))
    assert set(figures(path)["measure"]) == {"days", "share"}
    (tmp_path / "thing.meta.csv").write_text("col_name,col_type,indicator_unit\ndays,Filter,\nshare,Indicator,%\n")
    found = figures(path)
    assert found[["measure", "breakdown", "unit"]].values.tolist() == [["share", "3", "%"]]


def test_release_is_the_last_period_and_the_edition_where_the_file_has_one(tmp_path: Path) -> None:
    rows = [
        england_row("202122", "Final", "1", kind="Academic year"),
        england_row("202223", "Revised", "2", kind="Academic year"),
    ]
    found = figures(write(tmp_path, "ks4_la.csv", "version,avg_att8", *rows))
    assert found["release"].tolist() == ["2022/23 Final", "2022/23 Revised"]
    assert set(found["breakdown"]) == {"Total"}
    assert figures(write(tmp_path, C1, "Referrals", england_row("2024", "1")), release="2025")["release"].tolist() == [
        "2025"
    ]


def test_population_belongs_to_the_release_of_the_year_after(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "ons_mid-year_population_estimates_2012_to_2023.csv",
        "age_group,population_estimate",
        england_row("2023", "Children", "5"),
    )
    found = only(figures(path), measure="children_0_to_17")
    assert (found["release"], found["time_period"], found["breakdown"]) == ("2024", "2023", "Total")


def test_long_file_names_its_measure_by_a_filter(tmp_path: Path) -> None:
    kinds = ["Children looked after on 31 March each year", "Children starting to be looked after each year"]
    rows = [england_row("2023", kind, "1000", str(number), "7") for number, kind in enumerate(kinds, 1)]
    found = figures(
        write(tmp_path, "cla_number.csv", "population_type,population_estimate,children_count,rate_per_10000", *rows)
    )
    assert only(found, measure="children_looked_after")["value"] == 1
    assert only(found, measure="children_entering_care")["value"] == 2
    assert set(found["breakdown"]) == {"Total"}


def test_gzip_and_zip_are_read_as_the_plain_file(tmp_path: Path) -> None:
    plain = write(tmp_path, C1, "category,Referrals", england_row("2024", "All", "10"))
    packed = tmp_path / (C1 + ".gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "release.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.write(plain, f"data/{C1}")
        bundle.writestr("data/lookup.csv", "code,name\n1,one\n")
    expected = figures(plain)
    for path in (packed, archive):
        pd.testing.assert_frame_equal(figures(path), expected)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"name,value\na,1\n", "required column time_period is missing"),
        ("a.csv", (PLACE + ",Referrals\n2024,Reporting year\n").encode(), "more or fewer cells"),
        ("a.csv.gz", b"not gzip", "cannot be unpacked"),
        ("a.zip", b"not zip", "cannot be unpacked"),
    ],
)
def test_file_that_cannot_be_used_is_one_clear_problem(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read(path)


def test_frame_has_the_columns_of_the_schema(tmp_path: Path) -> None:
    found = figures(write(tmp_path, C1, "category,Referrals", england_row("2024", "All", "10")))
    assert list(found.columns) == table_schema("published").columns
    assert found["publication"].tolist() == ["Children in need"]
    assert found["area_code"].tolist() == ["E92000001"]
