"""Returns without planted faults keep the statutory order of things, in every year and from year to year."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from swis.params import load_params
from swis.simulate import demo_size, simulate_dataset
from swis.sources.returns import read_authority
from swis.workspace import Workspace

CASE = ["la_child_id", "referral_date", "return_year"]


@pytest.fixture(scope="module")
def tables(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    root = tmp_path_factory.mktemp("clean")
    params = load_params(project_root / "params")
    size = replace(demo_size(), population_share=0.06, event_factor=1.0, fault_share=0.0, annex_a={})
    simulate_dataset(root / "data_raw" / "clean", params, seed=11, size=size, jobs=1)
    return read_authority(Workspace(root, "clean"), params.authorities["tameside"], params.definitions).tables


def with_case(tables: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    return tables[name].merge(
        tables["referrals"], on=CASE, how="left", suffixes=("", "_of_case"), validate="many_to_one"
    )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("assessments", "assessment_start_date"),
        ("section47", "section47_start_date"),
        ("conferences", "conference_date"),
        ("protection_plans", "plan_start_date"),
        ("cin_plans", "plan_start_date"),
    ],
)
def test_nothing_in_a_case_happens_before_its_referral_or_after_it_closes(
    tables: dict[str, pd.DataFrame], table: str, column: str
) -> None:
    rows = with_case(tables, table)
    assert len(rows) > 20
    assert (rows[column] >= rows["referral_date"]).all()
    assert (rows[column] <= rows["closure_date"].fillna(pd.Timestamp("2030-01-01"))).all()


def test_a_protection_plan_begins_on_the_day_of_a_conference(tables: dict[str, pd.DataFrame]) -> None:
    held = set(zip(tables["conferences"]["la_child_id"], tables["conferences"]["conference_date"], strict=True))
    plans = tables["protection_plans"]
    begun = plans[plans["plan_start_date"] >= "2017-04-01"]
    assert len(begun) > 20
    assert all(key in held for key in zip(begun["la_child_id"], begun["plan_start_date"], strict=True))


def test_a_conference_follows_its_enquiry_and_is_told_once(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["section47"].dropna(subset=["conference_date"])
    assert (rows["conference_date"] >= rows["section47_start_date"]).all()
    assert not tables["conferences"].duplicated(["return_year", "la_child_id", "conference_date"]).any()


def test_plans_last_at_least_a_day_and_never_overlap(tables: dict[str, pd.DataFrame]) -> None:
    for name in ("protection_plans", "cin_plans"):
        rows = tables[name].sort_values(["return_year", "la_child_id", "plan_start_date"])
        ends = rows["plan_end_date"].fillna(pd.Timestamp("2030-01-01"))
        assert (ends > rows["plan_start_date"]).all()
        following = rows.groupby(["return_year", "la_child_id"])["plan_start_date"].shift(-1)
        assert (following.isna() | (following >= ends)).all()


def test_cases_of_a_child_never_overlap_and_one_is_open_at_most(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["referrals"].sort_values(["return_year", "la_child_id", "referral_date"])
    acted = rows[~rows["no_further_action"]]
    following = acted.groupby(["return_year", "la_child_id"])["referral_date"].shift(-1)
    assert (following.isna() | (following >= acted["closure_date"])).all()


def test_a_referral_without_further_action_holds_nothing(tables: dict[str, pd.DataFrame]) -> None:
    none = tables["referrals"].loc[tables["referrals"]["no_further_action"], CASE]
    for name in ("assessments", "section47", "protection_plans", "cin_plans"):
        assert tables[name].merge(none, on=CASE).empty


def test_a_return_holds_nothing_after_its_31_march(tables: dict[str, pd.DataFrame]) -> None:
    for name in (
        "referrals",
        "assessments",
        "section47",
        "conferences",
        "protection_plans",
        "cin_plans",
        "care_episodes",
    ):
        rows = tables[name]
        end = pd.to_datetime(rows["return_year"].astype(str) + "-03-31")
        for column in rows.columns[rows.columns.str.endswith("_date")].difference(["conference_target_date"]):
            assert (rows[column].isna() | (rows[column] <= end)).all(), (name, column)


def test_a_case_open_across_years_recurs_and_later_returns_know_more(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["referrals"].sort_values("return_year")
    grouped = rows.groupby(["la_child_id", "referral_date"])
    assert (grouped.size() > 1).sum() > 20
    last = grouped.tail(1)
    earlier = rows.drop(last.index)
    assert earlier["closure_date"].isna().all()


def test_child_in_need_plans_are_unknown_before_the_2022_return(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["cin_plans"]["return_year"].min() == 2022


def test_episodes_of_a_period_of_care_join_without_gap(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["care_episodes"].sort_values(["return_year", "la_child_id", "episode_start_date"])
    grouped = rows.groupby(["return_year", "la_child_id"])
    following = grouped["episode_start_date"].shift(-1)
    goes_on = rows["reason_ceased"].eq("X1").fillna(False)
    assert goes_on.sum() > 20
    assert (following[goes_on] == rows.loc[goes_on, "episode_end_date"]).all()
    assert (rows["reason_ceased"].isna() == rows["episode_end_date"].isna()).all()


def test_pupils_join_before_they_leave_and_move_up_by_one_year(tables: dict[str, pd.DataFrame]) -> None:
    pupils = tables["pupils"]
    gone = pupils.dropna(subset=["leaving_date"])
    assert (gone["leaving_date"] >= gone["entry_date"]).all()
    autumn = pupils[pupils["census_term"].eq("autumn") & pupils["is_on_roll"]]
    step = autumn.sort_values("census_year").groupby("upn")["year_group"].diff().dropna()
    assert (step == 1).mean() > 0.99
