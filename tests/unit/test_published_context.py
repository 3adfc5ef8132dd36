"""An authority beside England and its neighbours, over changes of code, and referrals by academic year."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from swis.params import Authority, Code
from swis.published import authority_context, referrals_by_academic_year
from swis.published.academic_years import MONTHS
from swis.published.context import generations
from swis.schemas import conform

CODES = {"909": date(2009, 1, 1), "942": date(2023, 4, 1), "943": date(2023, 4, 1)}
RATE, COUNT = "section47_enquiries_rate", "section47_enquiries"


def authority(codes: dict[str, date]) -> Authority:
    made = [
        Code(name_in_dfe_files="x", old_la_code=code, new_la_code="E06000001", valid_from=start)
        for code, start in codes.items()
    ]
    return Authority(
        slug="cumbria",
        name="Cumbria",
        trials=["swis"],
        region="North West",
        codes=made,
        children_0_to_17=1,
        returns_expected=[],
    )


CUMBRIA = authority(CODES)


def figure(
    measure: str, value: float | None, code: str = "909", period: str = "2023", symbol: str | None = None, **given: str
) -> dict[str, object]:
    usual = {
        "publication": "Children in need",
        "release": "2024",
        "time_identifier": "Reporting year",
        "breakdown": "Total",
    }
    level = "National" if code == "E92000001" else "Local authority"
    place = {"time_period": period, "geographic_level": level, "area_code": code, "area_name": "x", "unit": "u"}
    return {**usual, **place, **given, "measure": measure, "value": value, "symbol": symbol}


def published(*rows: dict[str, object]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows), "published")


def neighbours(*codes: str, of: str = "909") -> pd.DataFrame:
    rows = [(of, code, rank, "Close", "2021") for rank, code in enumerate(codes, 1)]
    return pd.DataFrame(rows, columns=["old_la_code", "neighbour_old_la_code", "rank", "closeness", "model"])


def context(*rows: dict[str, object], model: pd.DataFrame | None = None) -> pd.DataFrame:
    nearby = neighbours("925", "926", "830") if model is None else model
    return authority_context(published(*rows), CUMBRIA, nearby)


def only(frame: pd.DataFrame, figure_name: str, area: str, period: str) -> pd.Series:
    found = frame[frame["figure"].eq(figure_name) & frame["area"].eq(area) & frame["time_period"].eq(period)]
    assert len(found) == 1
    return found.iloc[0]


def test_measure_has_the_name_of_the_outcome_and_names_its_release() -> None:
    found = only(context(figure(RATE, 147.2)), RATE, "authority", "2023")
    assert (found["measure"], found["value"], found["release"]) == ("section47_enquiries", 147.2, "2024")
    assert found["source"] == "Children in need, release 2024"


def test_parts_after_a_split_add_up_and_give_a_rate() -> None:
    rows = [figure(COUNT, 881, "942", "2024"), figure(COUNT, 585, "943", "2024"), figure(COUNT, 1332)]
    populations = [figure("children_0_to_17", 51_763, "942"), figure("children_0_to_17", 38_971, "943")]
    rates = [figure(RATE, 170.2, "942", "2024"), figure(RATE, 150.1, "943", "2024")]
    found = context(*rows, *populations, *rates)
    assert only(found, COUNT, "authority", "2024")["value"] == 1466
    assert only(found, COUNT, "authority", "2023")["value"] == 1332
    whole = only(found, RATE, "authority", "2024")
    assert whole["value"] == pytest.approx(1466 / 90_734 * 10_000)
    assert whole["source"].endswith("worked out from its counts; added up over 942 and 943")


def test_rate_of_parts_without_counts_is_not_available_with_the_reason() -> None:
    found = only(
        context(figure(RATE, 170.2, "942", "2024"), figure(RATE, 150.1, "943", "2024")), RATE, "authority", "2024"
    )
    assert pd.isna(found["value"])
    assert found["symbol"] == "not available"
    assert "942 and 943" in found["source"]


def test_count_of_one_part_alone_is_not_the_authority() -> None:
    one = context(figure(COUNT, 881, "942", "2024"))
    assert pd.isna(only(one, COUNT, "authority", "2024")["value"])
    hidden = context(figure(COUNT, 881, "942", "2024"), figure(COUNT, None, "943", "2024", "suppressed"))
    assert only(hidden, COUNT, "authority", "2024")["symbol"] == "suppressed"


def test_old_code_is_used_as_long_as_it_has_figures_and_new_ones_have_none() -> None:
    rows = [
        figure(COUNT, 1332),
        figure(COUNT, None, "942", symbol="not available"),
        figure(COUNT, None, "943", symbol="not available"),
    ]
    found = only(context(*rows), COUNT, "authority", "2023")
    assert (found["value"], found["source"]) == (1332, "Children in need, release 2024")


def test_withheld_figure_keeps_its_reason() -> None:
    found = only(context(figure(COUNT, None, symbol="low reliability")), COUNT, "authority", "2023")
    assert found["symbol"] == "low reliability"


def test_code_that_only_changed_its_nine_characters_is_one_generation() -> None:
    assert generations(CUMBRIA) == [["942", "943"], ["909"]]
    assert generations(authority({"933": date(2009, 1, 1)})) == [["933"]]


def test_neighbours_are_a_plain_mean_of_those_with_a_number() -> None:
    rows = [
        figure(RATE, 100, "925"),
        figure(RATE, 200, "926"),
        figure(RATE, None, "830", symbol="not available"),
        figure(RATE, 1, "306"),
    ]
    found = only(context(*rows), RATE, "statistical neighbours", "2023")
    assert found["value"] == 150
    assert (found["areas_reporting"], found["areas_in_all"]) == (2, 3)
    assert found["source"] == "mean of 2 of 3 neighbours (2021 model)"


def test_neighbours_without_any_number_are_not_available() -> None:
    found = only(context(figure(RATE, None, "925", symbol="not available")), RATE, "statistical neighbours", "2023")
    assert pd.isna(found["value"])
    assert found["symbol"] == "not available"


def test_counts_have_no_mean_of_neighbours() -> None:
    found = context(figure(COUNT, 10, "925"), figure(COUNT, 12))
    assert set(found["area"]) == {"authority"}


def test_england_stands_beside_and_regions_do_not() -> None:
    rows = [figure(RATE, 189.6, "E92000001"), {**figure(RATE, 5, "E12000002"), "geographic_level": "Regional"}]
    found = context(*rows)
    assert found[["area", "value"]].values.tolist() == [["England", 189.6]]


def test_figures_without_an_outcome_to_compare_are_left_out() -> None:
    assert context(figure("children_referred", 5)).empty


def months_of(year: int, value: float, code: str = "909", **hidden: str) -> list[dict[str, object]]:
    return [
        figure(f"referrals_in_{month}", None if month in hidden else value, code, str(year), hidden.get(month))
        for month in MONTHS
    ]


def recut(*rows: dict[str, object]) -> pd.DataFrame:
    found = referrals_by_academic_year(published(*rows), CUMBRIA)
    return found[found["area"].eq("authority")].set_index("academic_year")


def test_academic_year_is_seven_months_of_one_return_and_five_of_the_next() -> None:
    found = recut(*months_of(2022, 10), *months_of(2023, 1))
    assert found.loc["2021/22", "value"] == 7 * 10 + 5 * 1
    assert found.loc["2021/22", "months_known"] == 12


def test_academic_year_with_a_month_missing_has_a_reason_and_no_figure() -> None:
    found = recut(*months_of(2022, 10), *months_of(2023, 1, may="suppressed"))
    assert pd.isna(found.loc["2021/22", "value"])
    assert found.loc["2021/22", "symbol"] == "suppressed"
    assert found.loc["2020/21", "symbol"] == "not available"
    assert found.loc["2022/23", "months_known"] == 7


def test_academic_year_across_a_split_adds_the_parts() -> None:
    found = recut(*months_of(2023, 10), *months_of(2024, 1, "942"), *months_of(2024, 2, "943"))
    assert found.loc["2022/23", "value"] == 7 * 10 + 5 * 3
