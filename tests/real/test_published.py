"""The DfE's own files, read without a hand edit, and figures that its releases print.

Figures were looked up in the releases named beside them; identities hold between cells of one file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.params import load_params
from swis.published import (
    authority_context,
    load_neighbours,
    load_published,
    preferred,
    rate,
    read_published,
    referrals_by_academic_year,
    vintages,
    with_computed,
)
from swis.published.compact import make_compact
from swis.schemas import table_schema
from swis.sources.explore_education_statistics import read_explore_education_statistics
from swis.sources.lait import read_lait
from swis.sources.statistical_neighbours import read_statistical_neighbours

pytestmark = pytest.mark.real
ENGLAND, HACKNEY, HAMPSHIRE = "E92000001", "204", "850"
SECONDARY, PRIMARY = "State-funded secondary", "State-funded primary"
CIN_2024 = "ern-sessions-cin-ees"
DASHBOARD = "dfe-csc-outcomes-enablers"


@pytest.fixture(scope="module")
def cin_2024(real_data: Path) -> pd.DataFrame:
    return with_computed(read_published(real_data / CIN_2024).tables["published"])


@pytest.fixture(scope="module")
def dashboard(real_data: Path) -> pd.DataFrame:
    return load_published(real_data / DASHBOARD)


@pytest.fixture(scope="module")
def lait(real_data: Path) -> pd.DataFrame:
    return read_lait(real_data / "dfe-lait" / "bds_long_0.parquet").tables["published"]


def cell(frame: pd.DataFrame, measure: str, period: str, area: str = ENGLAND, breakdown: str = "Total") -> pd.Series:
    found = frame[
        frame["measure"].eq(measure)
        & frame["time_period"].eq(period)
        & frame["area_code"].eq(area)
        & frame["breakdown"].eq(breakdown)
    ]
    assert len(found) == 1, (measure, period, area, len(found))
    return found.iloc[0]


def value(frame: pd.DataFrame, measure: str, period: str, area: str = ENGLAND, breakdown: str = "Total") -> float:
    return float(cell(frame, measure, period, area, breakdown)["value"])


def tidy_files(folder: Path) -> list[Path]:
    found = [path for pattern in ("*.csv", "*.csv.gz", "*.zip") for path in folder.glob(pattern)]
    return sorted(path for path in found if not path.name.endswith(".meta.csv"))


NOT_TIDY = {
    "LTLA-UTLA_Apr23_Lookup_England-Wales.csv",
    "New_Statistical_Neighbour_Groupings_April_2021.csv",
    "sn_model_2025_wide.csv",
}


@pytest.mark.parametrize("folder", [CIN_2024, DASHBOARD, "dfe-ees-test-data"])
def test_every_release_file_is_read_without_a_fault(real_data: Path, folder: str) -> None:
    paths = [path for path in tidy_files(real_data / folder) if path.name not in NOT_TIDY]
    assert paths
    for path in paths:
        result = read_explore_education_statistics(path)
        figures = result.tables["published"]
        assert len(figures), path.name
        assert result.faults.empty, path.name
        required = [column.name for column in table_schema("published").fields if column.is_required]
        assert figures[required].notna().all().all(), path.name
        assert (figures["value"].isna() == figures["symbol"].notna()).all(), path.name


@pytest.mark.parametrize(
    ("file", "symbols"),
    [
        (
            "absence_la.csv",
            {"suppressed": 44_743, "rounds to zero": 4, "not available": 29_700, "not applicable": 4_917},
        ),
        ("ks4_la.csv", {"suppressed": 5_443, "rounds to zero": 1, "not available": 20_195, "not applicable": 246}),
        ("ks2_la.csv", {"suppressed": 10_293, "rounds to zero": 12, "not available": 47_226, "not applicable": 694}),
        ("b1_children_in_need_2013_to_2025.csv", {"suppressed": 62, "low reliability": 10, "not available": 46}),
    ],
)
def test_every_symbol_of_a_file_is_kept_as_its_reason(real_data: Path, file: str, symbols: dict[str, int]) -> None:
    figures = read_explore_education_statistics(real_data / DASHBOARD / file).tables["published"]
    assert figures["symbol"].value_counts().to_dict() == symbols


def test_schools_of_the_old_exclusions_file_have_x_for_suppressed(real_data: Path) -> None:
    path = real_data / "dfe-ees-test-data" / "exclusions_by_geographic_level.zip"
    schools = read_explore_education_statistics(path, levels=["School"], measures={"suspensions"}).tables["published"]
    assert len(schools) == 235_050
    assert schools["symbol"].value_counts().to_dict()["suppressed"] == 31_399


def test_both_releases_of_children_in_need_agree_on_referrals(cin_2024: pd.DataFrame, dashboard: pd.DataFrame) -> None:
    keys = ["measure", "area_code", "time_period", "breakdown"]
    old = cin_2024[cin_2024["measure"].eq("referrals") & cin_2024["geographic_level"].eq("Local authority")]
    new = dashboard[dashboard["measure"].eq("referrals")]
    both = old.merge(new, on=keys, suffixes=("_2024", "_2025"))
    assert len(both) == len(old) == 1_823
    pd.testing.assert_series_equal(both["value_2024"], both["value_2025"], check_names=False)
    assert set(both["release_2024"]) == {"2024"}
    assert set(both["release_2025"]) == {"2025"}


def test_conferences_within_15_working_days_in_2023_are_78_4_percent(
    cin_2024: pd.DataFrame, lait: pd.DataFrame
) -> None:
    bands = ["0_to_10_days", "11_to_15_days", "16_to_20_days", "21_days_or_more"]
    counts = [value(cin_2024, f"conferences_{band}", "2023") for band in bands]
    assert counts == [6_850, 51_480, 7_100, 8_920]
    assert value(cin_2024, "conferences", "2023") == 74_380
    assert round(value(cin_2024, "conferences_within_15_working_days_percent", "2023"), 1) == 78.4
    assert value(lait, "conferences_within_15_working_days_percent", "2023") == 78.4


def test_share_of_referrals_from_schools_in_2020_is_18_2_percent(cin_2024: pd.DataFrame, lait: pd.DataFrame) -> None:
    frame = preferred(cin_2024)
    assert value(frame, "referrals_from_schools", "2020") == 117_010
    assert value(frame, "referrals", "2020") == 642_980
    assert round(value(frame, "referrals_from_schools_percent", "2020"), 1) == 18.2
    assert value(lait, "referrals_from_schools_percent", "2020") == 18.2


def test_referrals_from_schools_fell_by_31_and_rose_by_59_percent(cin_2024: pd.DataFrame) -> None:
    by_year = [value(cin_2024, "referrals_from_schools", year) for year in ("2020", "2021", "2022")]
    assert by_year == [117_010, 81_180, 129_090]
    assert round((by_year[1] / by_year[0] - 1) * 100, 1) == -30.6
    assert round((by_year[2] / by_year[1] - 1) * 100, 1) == 59.0


@pytest.mark.parametrize(
    ("year", "referrals", "again", "percent"),
    [
        ("2019", 650_930, 147_150, 22.6), ("2020", 642_980, 145_390, 22.6), ("2021", 597_760, 135_850, 22.7),
        ("2022", 650_270, 139_500, 21.5), ("2023", 640_430, 143_770, 22.4),
    ],
)  # fmt: skip
def test_rereferrals_of_the_2025_release(
    dashboard: pd.DataFrame, year: str, referrals: int, again: int, percent: float
) -> None:
    assert value(dashboard, "referrals", year) == referrals
    assert value(dashboard, "rereferrals_within_12_months", year) == again
    assert value(dashboard, "rereferrals_within_12_months_percent", year) == percent
    assert round(float(rate(again, referrals, 100).iloc[0]), 1) == percent


def test_referrals_not_taken_further_in_2023(dashboard: pd.DataFrame) -> None:
    assert value(dashboard, "referrals_no_further_action", "2023") == 45_340
    assert value(dashboard, "referrals_no_further_action_percent", "2023") == 7.1
    assert value(dashboard, "referrals_assessed_not_in_need", "2023") == 191_460
    assert value(dashboard, "referrals_assessed_not_in_need_percent", "2023") == 29.9


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_episodes_of_need_less_those_ended_are_those_left_at_the_end(dashboard: pd.DataFrame, year: str) -> None:
    left = value(dashboard, "episodes_of_need_at_any_point", year) - value(dashboard, "episodes_of_need_ended", year)
    assert abs(left - value(dashboard, "episodes_of_need_at_31_march", year)) <= 10


@pytest.mark.parametrize(
    ("year", "children", "population"), [("2022", 82_090, 11_762_878), ("2023", 83_750, 11_901_267)]
)
def test_looked_after_rate_is_70_in_10_000(dashboard: pd.DataFrame, year: str, children: int, population: int) -> None:
    assert value(dashboard, "children_looked_after", year) == children
    assert value(dashboard, "population_of_the_rate", year) == population
    assert value(dashboard, "children_looked_after_rate", year) == 70
    assert round(float(rate(children, population, 10_000).iloc[0])) == 70


@pytest.mark.parametrize(
    ("measure", "breakdown", "count", "population", "published"),
    [
        ("suspensions_rate", "Total", 352_454, 8_291_354, "4.25086"),
        ("suspensions_rate", SECONDARY, 296_224, 3_493_089, "8.48029"),
        ("pupils_suspended_rate", SECONDARY, 153_006, 3_493_089, "4.38025"),
        ("permanent_exclusions_rate", SECONDARY, 3_492, 3_493_089, "0.09997"),
        ("suspensions_rate", PRIMARY, 46_203, 4_660_682, "0.99134"),
    ],
)
def test_suspensions_2020_21_to_five_decimals(
    lait: pd.DataFrame, measure: str, breakdown: str, count: int, population: int, published: str
) -> None:
    assert f"{value(lait, measure, '202021', breakdown=breakdown):.5f}" == published
    assert f"{rate(count, population, 100).iloc[0]:.5f}" == published


def test_section47_enquiries_of_2023_in_each_vintage(cin_2024: pd.DataFrame, lait: pd.DataFrame) -> None:
    assert value(preferred(cin_2024), "section47_enquiries", "2023") == 225_400
    both = pd.concat([preferred(cin_2024), lait])
    found = vintages(both, "section47_enquiries_rate", ENGLAND, "2023")
    assert found[["release", "value"]].values.tolist() == [["2024", 189.6], ["LAIT 2025-10", 189.4]]


@pytest.mark.parametrize(("year", "rates"), [("2020", [170.5]), ("2024", [187.1])])
def test_rate_made_from_counts_is_the_printed_one(cin_2024: pd.DataFrame, year: str, rates: list[float]) -> None:
    population = value(cin_2024, "population_of_the_rate", year)
    enquiries = value(preferred(cin_2024), "section47_enquiries", year)
    assert [round(float(rate(enquiries, population, 10_000).iloc[0]), 1)] == rates


@pytest.mark.parametrize("year", ["2021", "2022"])
@pytest.mark.parametrize("measure", ["section47_enquiries", "section47_enquiries_rate", "referrals"])
def test_hackney_is_not_available_after_its_cyber_attack(cin_2024: pd.DataFrame, year: str, measure: str) -> None:
    found = cell(cin_2024, measure, year, HACKNEY)
    assert (found["symbol"], found["value_as_published"]) == ("not available", "x")
    assert pd.isna(found["value"])


@pytest.mark.parametrize("measure", ["section47_enquiries", "section47_enquiries_rate", "conferences_0_to_10_days"])
def test_hampshire_2024_is_withheld_for_low_reliability(
    cin_2024: pd.DataFrame, lait: pd.DataFrame, measure: str
) -> None:
    found = cell(preferred(pd.concat([cin_2024, lait])), measure, "2024", HAMPSHIRE)
    assert (found["symbol"], found["value_as_published"]) == ("low reliability", "u")


def test_gateshead_is_one_series_over_its_two_nine_character_codes(real_data: Path) -> None:
    path = next((real_data / CIN_2024).glob("c4_*.csv"))
    result = read_explore_education_statistics(path, measures={"section47_enquiries"})
    gateshead = result.tables["published"].query("area_code == '390'")
    assert sorted(gateshead["time_period"]) == [str(year) for year in range(2013, 2025)]
    assert "several_codes_one_area" in {note.kind for note in result.notes}


def test_persistent_and_severe_absence_of_2018_19_and_2020_21(lait: pd.DataFrame) -> None:
    printed = {"201819": [10.9, 8.2, 13.7, 28.8], "202021": [12.1, 8.8, 14.8, 48.9]}
    for year, rates in printed.items():
        for breakdown, published in zip(["Total", PRIMARY, SECONDARY, "Special"], rates, strict=True):
            assert value(lait, "persistent_absence", year, breakdown=breakdown) == pytest.approx(published, abs=0.051)
    severe = [value(lait, "severe_absence", year) for year in printed]
    assert severe == pytest.approx([0.8, 1.1], abs=0.051)


def test_attainment_by_year_with_the_years_without_progress_8(lait: pd.DataFrame) -> None:
    years = ["201819", "201920", "202021", "202122", "202223"]
    assert [value(lait, "attainment8", year) for year in years] == [46.7, 50.2, 50.9, 48.8, 46.3]
    assert [value(lait, "english_maths_grade5", year) for year in years] == [43.2, 49.9, 51.9, 49.8, 45.3]
    progress = [cell(lait, "progress8", year) for year in years]
    assert [found["symbol"] if pd.isna(found["value"]) else found["value"] for found in progress] == [
        -0.03, "not available", "not available", -0.03, -0.03,
    ]  # fmt: skip


def test_key_stage_2_was_not_run_in_2020_and_2021(lait: pd.DataFrame) -> None:
    years = ["201819", "201920", "202021", "202122"]
    found = [cell(lait, "ks2_expected_standard", year) for year in years]
    assert [row["value"] for row in found if pd.notna(row["value"])] == [65, 59]
    assert [row["symbol"] for row in found[1:3]] == ["not available"] * 2


def test_free_school_meals_in_secondary_schools(real_data: Path) -> None:
    path = real_data / "dfe-lait" / "bds_long_0.parquet"
    meals = read_lait(path, codes=["SecFSM"]).tables["published"]
    assert [value(meals, "SecFSM", year) for year in ("2019", "2020", "2021")] == [14.1, 15.9, 18.9]


def test_full_year_absence_of_2019_20_was_not_published(real_data: Path, lait: pd.DataFrame) -> None:
    assert lait.query("measure == 'overall_absence' and time_period == '201920'")["value"].isna().all()
    groups = read_explore_education_statistics(real_data / DASHBOARD / "absence_la.csv").tables["published"]
    assert set(groups.query("time_period == '201920'")["symbol"]) <= {"not available", "not applicable"}


def test_absence_of_social_care_groups_in_secondary_schools(dashboard: pd.DataFrame) -> None:
    rates = [value(dashboard, "overall_absence", "202122", breakdown=f"{group} | {SECONDARY}") for group in (
        "CINO at 31 March", "CPPO at 31 March", "CLA 12 months at 31 March",
    )]  # fmt: skip
    assert rates == [22.7, 27.6, 9.5]


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("absence_la.csv", {"t_pupils", "enrolments_persistently_absent", "enrolments_severely_absent"}),
        ("ks4_la.csv", {"t_pupils", "pupils_grade5_english_maths"}),
        ("ks2_la.csv", {"ks2_pupils_expected_standard", "ks2_pupils_eligible"}),
    ],
)
def test_published_counts_of_pupils_are_never_one_to_five(real_data: Path, file: str, counts: set[str]) -> None:
    figures = read_explore_education_statistics(real_data / DASHBOARD / file, measures=counts).tables["published"]
    authorities = figures[figures["geographic_level"].eq("Local authority")]
    assert set(authorities["measure"]) == counts
    assert not authorities["value"].between(1, 5).any()


def test_months_of_referrals_add_up_to_the_year_in_every_authority(cin_2024: pd.DataFrame) -> None:
    authorities = cin_2024[cin_2024["geographic_level"].eq("Local authority")]
    months = authorities[authorities["measure"].str.startswith("referrals_in_")]
    sums = months.groupby(["area_code", "time_period"])["value"].agg(["sum", "count"])
    year = authorities[authorities["measure"].eq("referrals")].set_index(["area_code", "time_period"])["value"]
    whole = sums[sums["count"].eq(12)].join(year)
    assert len(whole) > 1_700
    assert whole["sum"].equals(whole["value"])


def test_referrals_are_recut_to_academic_years(cin_2024: pd.DataFrame, project_root: Path) -> None:
    cumbria = load_params(project_root / "params").authorities["cumbria"]
    found = referrals_by_academic_year(cin_2024, cumbria).set_index(["area", "academic_year"])["value"]
    september_to_march_2019 = 49_840 + 58_480 + 57_080 + 46_320 + 56_140 + 52_070 + 57_740
    april_to_august_2019 = 50_940 + 56_000 + 55_010 + 60_950 + 45_070
    assert found["England", "2018/19"] == september_to_march_2019 + april_to_august_2019
    assert pd.isna(found["England", "2023/24"])
    assert found["authority", "2022/23"] == 3_107


def test_cumbria_2024_is_cumberland_and_westmorland_together(
    cin_2024: pd.DataFrame, real_data: Path, project_root: Path
) -> None:
    cumbria = load_params(project_root / "params").authorities["cumbria"]
    found = authority_context(cin_2024, cumbria, load_neighbours(real_data / "dfe-lait"))
    own = found[found["area"].eq("authority") & found["time_period"].eq("2024")].set_index("figure")
    assert own.loc["section47_enquiries", "value"] == 881 + 585
    assert round(own.loc["section47_enquiries_rate", "value"], 1) == 161.5
    assert own.loc["assessment_duration_median_working_days", "symbol"] == "not available"


@pytest.mark.parametrize(
    ("file", "model", "authorities", "cumbria"),
    [
        (f"{DASHBOARD}/New_Statistical_Neighbour_Groupings_April_2021.csv", "2021", 156, {"909"}),
        ("dfe-lait/sn_april_2021.xlsx", "2021", 156, {"909"}),
        ("dfe-lait/sn_may_2025.xlsx", "2025", 158, {"909", "942", "943"}),
        (f"{DASHBOARD}/sn_model_2025_wide.csv", "2025", 153, {"942", "943"}),
    ],
)
def test_statistical_neighbours_of_every_layout(
    real_data: Path, file: str, model: str, authorities: int, cumbria: set[str]
) -> None:
    found = read_statistical_neighbours(real_data / file)
    assert set(found["model"]) == {model}
    assert found["old_la_code"].nunique() == authorities
    assert (found.groupby("old_la_code").size() == 10).all()
    assert set(found["old_la_code"]) & {"909", "942", "943"} == cumbria


def test_whole_tool_is_read_but_for_the_year_that_is_no_year(real_data: Path) -> None:
    result = read_lait(real_data / "dfe-lait" / "bds_long_0.parquet", codes=[])
    assert len(result.tables["published"]) == 641_070 - 170
    assert result.faults.empty
    assert int(result.tables["published"]["symbol"].eq("not available").sum()) == 93_883 - 170


def test_compact_tables_are_made_again_to_the_byte(real_data: Path, project_root: Path, tmp_path: Path) -> None:
    written = make_compact(real_data, load_params(project_root / "params").authorities.values(), tmp_path)
    assert len(written) == 13
    for path in written:
        assert path.read_bytes() == (project_root / "data_raw" / "published" / path.name).read_bytes(), path.name
