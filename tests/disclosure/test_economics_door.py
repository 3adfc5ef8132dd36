"""Costs and value through the door: what few schools, events or children stand behind is hidden."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from invented_economics import invented, through_the_door

from swis.disclosure.protected import Protected
from swis.economics.stage import Economics

COMPARED_TABLES = ("value", "curve", "quadrants", "consequences", "one_way")
NUMBERS = ("estimate", "probability", "share", "difference", "cost", "benefit_low")


@pytest.fixture(scope="module")
def tables() -> dict[str, Protected]:
    return through_the_door(invented()[2])


def with_schools(held: Economics, authority: str, schools: int) -> Economics:
    """The same with so many intervention schools of an authority over 23 months, and the total with them."""
    own = held.by_authority.copy()
    row = (own["authority"] == authority) & (own["window"] == "23 months") & (own["arm"] == "intervention")
    less = int(own.loc[row, "schools"].iloc[0]) - schools
    own.loc[row, "schools"] = schools
    total = held.costs.copy()
    whole = (total["window"] == "23 months") & (total["arm"] == "intervention")
    total.loc[whole, "schools"] -= less
    return replace(held, by_authority=own, costs=total)


def test_every_table_leaves_and_names_no_school(tables: dict[str, Protected]) -> None:
    assert set(tables) == {*Economics.names(), "compared"} - {"behind"}
    assert not any({"urn", "pupil"} & set(table.frame.columns) for table in tables.values())


def test_costs_of_an_authority_with_two_schools_are_hidden_and_cannot_be_had_from_the_total() -> None:
    tables = through_the_door(with_schools(invented()[2], "authority-03", 2))
    rows = tables["by_authority"].where(window="23 months", arm="intervention").frame.set_index("authority")
    assert pd.isna(rows.loc["authority-03", ["schools", "per_school", "per_pupil"]]).all()
    # The total of all authorities is told, so a second authority is hidden with it.
    assert rows["per_school"].isna().sum() >= 2
    assert rows.loc[rows["per_school"].isna(), "symbol"].eq("[c]").all()
    assert rows["schools"].isna().equals(rows["per_school"].isna())


def test_where_enough_schools_stand_behind_them_costs_are_told(tables: dict[str, Protected]) -> None:
    assert tables["costs"].frame["per_school"].notna().all()
    assert tables["by_authority"].frame["per_school"].notna().all()


@pytest.mark.parametrize("thin", ["schools_control", "count_intervention"])
def test_a_comparison_that_rests_on_little_tells_nothing(thin: str) -> None:
    held = invented()[2]
    tables = through_the_door(replace(held, behind=held.behind.assign(**{thin: 2})))
    for name in COMPARED_TABLES:
        frame = tables[name].frame
        assert frame["symbol"].eq("[c]").all(), name
        numbers = [
            one for one in ("estimate", "probability", "share", "difference", "cost", "benefit_low") if one in frame
        ]
        assert frame[numbers].isna().all(axis=None), name
    assert tables["plane"].is_empty
    assert tables["extension"].frame[["incremental_cost", "net_benefit"]].isna().all(axis=None)
    assert set(tables["value"].frame["word"]) == {""}


def test_chances_and_shares_are_whole_per_cents(tables: dict[str, Protected]) -> None:
    for name, columns in {
        "curve": ["probability", "with_uncertain_prices"], "quadrants": ["share"], "plane": ["share"],
    }.items():  # fmt: skip
        assert (tables[name].frame[columns] % 1 == 0).all(axis=None), name


def test_a_consequence_of_few_children_is_hidden_and_the_others_are_not() -> None:
    held = invented()[2]
    few = held.consequences["behind"].where(held.consequences["consequence"] != "custody", 4.0)
    frame = through_the_door(replace(held, consequences=held.consequences.assign(behind=few)))["consequences"].frame
    hidden = frame.set_index("consequence")["difference"].isna()
    assert hidden.to_dict() == {"section17_assessments_started": False, "custody": True, "foster": False}
    assert "behind" not in frame


def test_numbers_leave_in_few_digits(tables: dict[str, Protected]) -> None:
    estimates = tables["value"].frame["estimate"].dropna()
    assert (estimates.round(3) == estimates).all()
    large = estimates[estimates.abs() >= 10]
    assert len(large) >= 3
    assert (large.round(1) == large).all()


def test_the_scenario_of_two_schools_with_a_worker_is_hidden() -> None:
    held = invented()[2]
    frame = through_the_door(replace(held, extension=held.extension.assign(schools=2)))["extension"].frame
    assert frame[["pounds_per_school", "pounds_per_full_time_year", "net_benefit"]].isna().all(axis=None)
    assert "schools" not in frame


def test_a_stage_that_costed_nothing_passes_too() -> None:
    held = invented()[2]
    empty = Economics(**{name: table.iloc[:0] for name, table in held.tables().items()})
    tables = through_the_door(empty)
    assert all(table.is_empty for table in tables.values())
