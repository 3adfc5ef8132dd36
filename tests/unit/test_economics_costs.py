"""Prices, discounting and costs of schools, each number worked out by hand in a comment."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from swis.economics.bases import BASES, UNITS
from swis.economics.extension import extension_table, with_top_down_year
from swis.economics.prices import in_prices_of, nearest_year, prices_of
from swis.economics.school_costs import by_basis, discount_factor, school_costs
from swis.errors import InputError
from swis.schemas import table_schema

INDEX = {"2019/20": 80.0, "2020/21": 90.0, "2021/22": 100.0, "2022/23": 110.0}


def costs(*rows: tuple[str, str, str, str, float, str]) -> pd.DataFrame:
    columns = ["authority", "item", "unit", "quantity_basis", "unit_cost", "price_year"]
    return pd.DataFrame(rows, columns=columns).assign(source="illustrative")


def test_the_form_of_the_costs_table_lists_what_can_be_counted() -> None:
    allowed = {name: table_schema("costs").field(name).allowed_values or [] for name in ("quantity_basis", "unit")}
    assert tuple(allowed["quantity_basis"]) == BASES == tuple(UNITS)
    assert set(allowed["unit"]) == {unit for units in UNITS.values() for unit in units}


SALARY = ("leeds", "salary", "full-time year", "social workers in post", 36_000.0, "2020/21")


def test_an_amount_of_another_year_is_multiplied_by_the_ratio_of_the_index() -> None:
    # 90 pounds of 2020/21, when the index stood at 90, are 90 × 110 / 90 = 110 pounds of 2022/23.
    assert in_prices_of(90, "2020/21", "2022/23", INDEX) == pytest.approx(110)


def test_a_yearly_price_becomes_one_for_a_month_in_prices_of_the_year_asked_for() -> None:
    prices = prices_of(costs(SALARY), "2021/22", INDEX)
    # 36,000 × 100 / 90 = 40,000 pounds a year; a twelfth of it is 3,333.33 pounds a month.
    assert prices["price"].tolist() == pytest.approx([40_000 / 12])


def test_of_several_price_years_the_nearest_is_used_and_of_two_as_near_the_earlier() -> None:
    early = ("leeds", "session", "session", "supervision sessions held", 90.0, "2020/21")
    late = ("leeds", "session", "session", "supervision sessions held", 132.0, "2022/23")
    # For 2021/22 both are one year away: 90 × 100 / 90 = 100. For 2022/23 the later stands as it is: 132.
    assert prices_of(costs(late, early), "2021/22", INDEX)["price"].tolist() == pytest.approx([100])
    assert prices_of(costs(late, early), "2022/23", INDEX)["price"].tolist() == pytest.approx([132])
    assert nearest_year(["2022/23", "2020/21"], "2021/22") == "2020/21"


def test_all_faults_of_a_costs_table_come_at_once_with_the_nearest_name() -> None:
    wrong = costs(
        ("leeds", "salary", "full-time year", "social worker in post", 36_000.0, "2020/21"),
        ("leeds", "session", "hour", "supervision sessions held", 60.0, "2020/21"),
        ("leeds", "induction", "person", "social workers who started", 500.0, "2012/13"),
        SALARY,
        SALARY,
    )
    wrong.loc[len(wrong)] = ["leeds", "rent", None, None, 1.0, "2020/21", "illustrative"]
    with pytest.raises(InputError) as caught:
        prices_of(wrong, "2021/22", INDEX)
    said = str(caught.value)
    assert "did you mean social workers in post?" in said
    assert "unit 'hour' of supervision sessions held" in said
    assert "price_year 2012/13" in said
    assert "unit blank in 1 rows" in said
    assert "2 rows repeat an item and price year" in said


def test_discounting_begins_after_the_first_year() -> None:
    years = pd.Series([1, 2, 3])
    # 1; 1 / 1.035 = 0.966184; 1 / 1.035² = 1 / 1.071225 = 0.933511.
    assert discount_factor(years, 3.5).tolist() == pytest.approx([1, 0.966184, 0.933511], abs=1e-6)
    assert discount_factor(years, 0).tolist() == [1, 1, 1]


def delivered(*rows: tuple[str, int, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "trial_year", "basis", "quantity"])
    arm = frame["urn"].map({"1": "intervention", "2": "control"})
    return frame.assign(authority="leeds", trial="swis", arm=arm, window="23 months")


def test_cost_of_a_school_is_quantity_times_price_discounted() -> None:
    induction = ("leeds", "induction", "person", "social workers who started", 500.0, "2021/22")
    prices = prices_of(costs(SALARY, induction), "2021/22", INDEX)
    made = school_costs(
        delivered(
            ("1", 1, "social workers in post", 12.0),
            ("1", 2, "social workers in post", 6.0),
            ("1", 1, "social workers who started", 2.0),
            ("2", 1, "social workers in post", 0.0),
        ),
        prices,
        3.5,
    )
    wide = by_basis(made, "23 months").set_index("urn")
    # School 1: 12 months at 40,000 / 12 are 40,000; 6 months of the second year 20,000 / 1.035 = 19,323.67; together
    # 59,323.67. Two who started: 2 × 500 = 1,000. School 2 had nobody: 0.
    assert wide.loc["1", "social workers in post"] == pytest.approx(59_323.67, abs=0.005)
    assert wide.loc["1", "social workers who started"] == pytest.approx(1_000)
    assert wide.loc["2", "social workers in post"] == 0
    plain = by_basis(made, "23 months", "undiscounted").set_index("urn")
    assert plain.loc["1", "social workers in post"] == pytest.approx(60_000)


def test_a_quantity_that_is_not_known_gives_no_cost_rather_than_none() -> None:
    prices = prices_of(costs(SALARY), "2021/22", INDEX)
    made = school_costs(
        delivered(("1", 1, "social workers in post", 12.0), ("1", 2, "social workers in post", math.nan)), prices, 3.5
    )
    assert by_basis(made, "23 months")["social workers in post"].isna().all()


def test_the_funding_of_the_extension_by_school_and_full_time_year() -> None:
    table = extension_table(4_000_000, [100, 50], schools=100, full_time_months=960, micro_costing=3_200_000)
    # All of it: 4,000,000 / 100 = 40,000 a school; 960 months are 80 full-time years, 4,000,000 / 80 = 50,000 each;
    # 4,000,000 / 3,200,000 = 1.25 times the micro-costing. Half of it: half of each.
    assert table["pounds_per_school"].tolist() == pytest.approx([40_000, 20_000])
    assert table["pounds_per_full_time_year"].tolist() == pytest.approx([50_000, 25_000])
    assert table["times_micro_costing"].tolist() == pytest.approx([1.25, 0.625])


def test_a_year_costed_from_above_keeps_its_pattern_and_adds_up() -> None:
    made = pd.DataFrame({"trial_year": [2, 3, 3], "cost": [10.0, 30.0, 10.0]})
    # Year 3 cost 40; to make it 100 each of its rows is multiplied by 2.5: 75 and 25. Year 2 stays.
    assert with_top_down_year(made, 3, 100)["cost"].tolist() == pytest.approx([10, 75, 25])
    with pytest.raises(ValueError, match="no cost in year 4"):
        with_top_down_year(made, 4, 100)
