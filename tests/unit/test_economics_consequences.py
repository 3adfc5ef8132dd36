"""Consequences beside costs, each number worked out by hand in a comment."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.economics.consequences import consequence_rows, group_of_placement, merged_groups, weekly_price
from swis.economics.parameters import PlacementGroup, WeeklyCost

INDEX = {"2020/21": 90.0, "2021/22": 100.0, "2022/23": 110.0}
GROUPS = {
    "foster": PlacementGroup(title="Foster", codes=["U1", "U4"], weekly_cost="fostering", assumed="test"),
    "other": PlacementGroup(title="Other", codes=["Z1"], weekly_cost="looked_after", assumed="test"),
}


def test_a_weekly_price_is_that_of_the_nearest_year_in_the_prices_asked_for() -> None:
    cost = WeeklyCost(title="Foster care", pounds_a_week={"2020/21": 630, "2022/23": 770}, source="test")
    # For 2021/22 both are as near; the earlier, 630 × 100 / 90 = 700.
    assert weekly_price(cost, "2021/22", INDEX) == pytest.approx(700)
    assert weekly_price(cost, "2022/23", INDEX) == 770


def test_placements_go_to_their_group_and_unknown_ones_to_the_others() -> None:
    placed = group_of_placement(pd.Series(["U1", "Z1", "U9", None], dtype="string"), GROUPS, "other")
    assert placed.tolist() == ["foster", "other", "other", "other"]


def days(**children: int) -> pd.DataFrame:
    """So many children of each group in both arms, ten days each."""
    rows = [
        ("a", "1" if arm == "intervention" else "2", arm, f"{group} {number}", group, 10.0)
        for arm in ("intervention", "control")
        for group, count in children.items()
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=["authority", "urn", "arm", "pupil", "group", "days"])


def test_groups_of_too_few_children_join_the_others() -> None:
    made = merged_groups(days(foster=12, residential=11, custody=4, other=7), "other", 10)
    assert sorted(made["group"].unique()) == ["foster", "other", "residential"]
    # Four of custody and seven others are eleven children, a row each, in each arm; nothing is lost.
    assert (made["group"] == "other").sum() == 22
    assert made["days"].sum() == 680


def test_where_the_others_stay_too_few_the_smallest_group_joins_them() -> None:
    made = merged_groups(days(foster=12, residential=11, custody=4), "other", 10)
    # Custody becomes the others, who are four: residential care, the smaller of the two left, joins them.
    assert sorted(made["group"].unique()) == ["foster", "other"]
    assert (made["group"] == "foster").sum() == 24


def test_one_group_alone_stays_however_few() -> None:
    assert merged_groups(days(foster=3), "other", 10)["group"].unique().tolist() == ["other"]


def test_consequences_per_1000_pupils_a_year_and_in_pounds() -> None:
    schools = pd.DataFrame(
        {
            "authority": ["a", "a", "a", "a"],
            "urn": list("1234"),
            "arm": ["intervention", "intervention", "control", "control"],
            "assessments": [30, 50, 40, 20],
            "pupil_years": [1_000.0, 1_000.0, 1_000.0, 2_000.0],
        }
    )
    table = consequence_rows(schools, {"assessments": 700.0}, base="pupil_years", replicates=200, seed=1, level=0.95)
    row = table.iloc[0]
    # Intervention 80 / 2,000 = 40 per 1,000, control 60 / 3,000 = 20; 20 more, at 700 pounds 14,000.
    assert row[["intervention", "control", "difference", "cost"]].tolist() == pytest.approx([40, 20, 20, 14_000])
    # Replicates take one of each pair: intervention 30 or 50, control 40 or 10: differences −10, 10, 20 and 40.
    assert row[["lower", "upper"]].tolist() == pytest.approx([-10, 40])
    assert row[["cost_lower", "cost_upper"]].tolist() == pytest.approx([-7_000, 28_000])
