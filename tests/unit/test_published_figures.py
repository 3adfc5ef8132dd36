"""Choosing a vintage, working out what follows from counts, and rates."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.outcomes.registry import measures as outcome_measures
from swis.published import preferred, rate, vintages, with_computed
from swis.schemas import conform
from swis.sources.published_measures import measures, names

CIN, LAIT = "Children in need", names()["lait_publication"]
BANDS = measures()["assessments_within_45_working_days"].sum_of


def figure(measure: str, value: float | None, symbol: str | None = None, **given: str) -> dict[str, object]:
    usual = {
        "publication": CIN, "release": "2024", "time_period": "2023", "time_identifier": "Reporting year",
        "geographic_level": "Local authority", "area_code": "306", "area_name": "Croydon", "breakdown": "Total",
    }  # fmt: skip
    return {**usual, **given, "measure": measure, "value": value, "symbol": symbol, "unit": "number"}


def published(*rows: dict[str, object]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows), "published")


def computed(frame: pd.DataFrame, measure: str) -> pd.Series:
    found = frame[frame["measure"].eq(measure) & frame["is_computed"]]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("count", "population", "expected"),
    [
        (352_454, 8_291_354, "4.25086"), (296_224, 3_493_089, "8.48029"), (153_006, 3_493_089, "4.38025"),
        (3_492, 3_493_089, "0.09997"), (46_203, 4_660_682, "0.99134"),
    ],
)  # fmt: skip
def test_rate_gives_the_five_decimals_of_the_suspensions_release_2020_21(
    count: int, population: int, expected: str
) -> None:
    assert f"{rate(count, population, 100).iloc[0]:.5f}" == expected


def test_rate_without_count_or_population_is_missing() -> None:
    found = rate(pd.Series([1, None, 1, 1]), pd.Series([10, 10, 0, None]), 1000)
    assert found[0] == 100
    assert found[1:].isna().all()


def test_rate_divides_by_the_population_of_the_middle_of_the_year_before() -> None:
    rows = [
        figure("section47_enquiries", 50),
        figure("children_0_to_17", 20_000, time_period="2022"),
        figure("children_0_to_17", 10_000),
    ]
    found = computed(with_computed(published(*rows)), "section47_enquiries_rate")
    assert (found["value"], found["unit"], found["time_period"]) == (25, "per 10,000 children", "2023")


def test_population_of_another_release_is_not_used() -> None:
    rows = [figure("section47_enquiries", 50), figure("children_0_to_17", 20_000, time_period="2022", release="2025")]
    assert "section47_enquiries_rate" not in set(with_computed(published(*rows))["measure"])


def test_printed_rate_is_not_worked_out_again() -> None:
    rows = [
        figure("referrals", 200),
        figure("rereferrals_within_12_months", 41),
        figure("rereferrals_within_12_months_percent", 20.4),
    ]
    found = with_computed(published(*rows))
    assert found.loc[found["measure"].eq("rereferrals_within_12_months_percent"), "value"].tolist() == [20.4]


def test_bands_add_up_and_give_the_percentage() -> None:
    rows = [figure(band, 10) for band in BANDS] + [figure("section17_assessments_completed", 80)]
    found = with_computed(published(*rows))
    assert computed(found, "assessments_within_45_working_days")["value"] == 60
    assert computed(found, "assessments_within_45_working_days_percent")["value"] == 75


def test_sum_with_a_suppressed_band_is_suppressed_and_with_an_absent_one_not_available() -> None:
    hidden = [figure(BANDS[0], None, "suppressed"), *[figure(band, 10) for band in BANDS[1:]]]
    absent = [figure(band, 10, area_code="307") for band in BANDS[1:]]
    found = with_computed(published(*hidden, *absent))
    sums = found[found["measure"].eq("assessments_within_45_working_days")].set_index("area_code")
    assert sums["value"].isna().all()
    assert sums["symbol"].to_dict() == {"306": "suppressed", "307": "not available"}


def test_percentage_of_a_suppressed_count_is_suppressed() -> None:
    found = with_computed(published(figure("referrals", 200), figure("referrals_from_schools", None, "suppressed")))
    share = computed(found, "referrals_from_schools_percent")
    assert pd.isna(share["value"])
    assert share["symbol"] == "suppressed"


def test_latest_release_goes_before_an_older_one_and_before_the_tool() -> None:
    rows = [
        figure("referrals_rate", 1, release="2023"),
        figure("referrals_rate", 2),
        figure("referrals_rate", 3, publication=LAIT, release="LAIT 2025-10"),
    ]
    assert preferred(published(*rows))["value"].tolist() == [2]


def test_withheld_figure_stays_withheld_though_the_tool_prints_zero() -> None:
    rows = [
        figure("conferences_0_to_10_days", None, "low reliability"),
        figure("conferences_0_to_10_days", 0, publication=LAIT, release="LAIT 2025-10"),
    ]
    assert preferred(published(*rows))["symbol"].tolist() == ["low reliability"]


def test_figure_not_available_gives_way_to_a_number() -> None:
    rows = [
        figure("referrals_rate", None, "not available"),
        figure("referrals_rate", 3, publication=LAIT, release="LAIT 2025-10"),
    ]
    assert preferred(published(*rows))["value"].tolist() == [3]


def test_vintages_are_listed_oldest_first() -> None:
    rows = [
        figure("referrals_rate", 3, publication=LAIT, release="LAIT 2025-10"),
        figure("referrals_rate", 2),
        figure("referrals_rate", 1, release="2023"),
    ]
    found = vintages(published(*rows), "referrals_rate", "306", "2023")
    assert found[["release", "value"]].values.tolist() == [["2023", 1], ["2024", 2], ["LAIT 2025-10", 3]]


def test_every_figure_is_shown_under_the_name_of_an_outcome_or_is_context_only() -> None:
    shown = {measure.of for measure in measures().values() if measure.of}
    assert shown - set(outcome_measures()) == {"conferences", "children_looked_after"}


def test_every_part_named_in_the_table_of_measures_exists() -> None:
    known = measures()
    parts = {part for m in known.values() for part in (m.numerator, m.denominator, *m.sum_of) if part}
    assert parts <= set(known)
    columns = [column.lower() for m in known.values() for column in m.columns]
    assert len(columns) == len(set(columns))
    codes = [code for m in known.values() for code, _ in m.lait]
    assert len(codes) == len(set(codes))
