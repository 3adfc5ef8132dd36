"""What was delivered and where children lived: the quantities that costs are counted on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from derive_tables import AUTHORITY, SCHOOL_A, SCHOOL_B, every_return, on_rolls, params, pupil_number, rows, world

from swis.outcomes import AnalysisTables, analysis_tables, derive_and_outcomes
from swis.outcomes.analysis.delivered import OF_SUPERVISION
from swis.outcomes.analysis.roster import Roster
from swis.schemas import conform

MONTH = 365.25 / 12


def made(**tables: pd.DataFrame) -> AnalysisTables:
    known = params()
    pupils = rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=8, urn=SCHOOL_B))
    derived, _ = derive_and_outcomes(world(pupils=pupils, **tables), known, AUTHORITY, every_return())
    own = known.authorities[AUTHORITY]
    trials = {name: known.trials[name] for name in own.trials}
    return analysis_tables(derived, authority=own, trials=trials, definitions=known.definitions)


def spells(*records: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"role": "social worker", "fte": 1.0, **record} for record in records])
    for name in ("from_date", "to_date"):
        frame[name] = pd.to_datetime(frame[name])
    return conform(frame, "delivery")


@pytest.fixture(scope="module")
def tables() -> AnalysisTables:
    return made(
        delivery=spells(
            {"worker": "W1", "urn": SCHOOL_A, "from_date": "2020-09-01", "to_date": "2021-08-31"},
            {"worker": "W1", "urn": SCHOOL_A, "from_date": "2021-10-01", "to_date": "2021-10-31", "fte": 0.5},
            {"worker": "W2", "urn": SCHOOL_B, "from_date": "2021-10-01", "to_date": "2021-10-31", "fte": 0.5},
            {"worker": "W0", "role": "team manager", "from_date": "2020-09-01", "to_date": "2022-08-31"},
        ),
        care_episodes=rows(
            "care_episodes",
            {
                "la_child_id": "L1", "episode_start_date": "2021-05-01", "episode_end_date": "2021-05-11",
                "reason_ceased": "X1", "placement": "U6",
            },
            {
                "la_child_id": "L1", "episode_start_date": "2021-05-11", "episode_end_date": "2021-06-10",
                "reason_new_episode": "P", "placement": "K2",
            },
        ),
        looked_after_children=rows("looked_after_children", {"la_child_id": "L1", "upn": pupil_number(1)}),
        costs=conform(pd.DataFrame([{"item": "salary", "unit_cost": 40_000.0}]), "costs"),
    )  # fmt: skip


def quantity(tables: AnalysisTables, urn: str, basis: str, year: int, window: str = "35 months") -> float:
    held = tables.delivered.set_index(["window", "urn", "basis", "trial_year"])["quantity"]
    return float(held[window, urn, basis, year])


def test_months_fall_into_the_year_of_the_trial_they_were_worked_in(tables: AnalysisTables) -> None:
    # 1 September 2020 to 31 August 2021 are 365 days; 31 days at half time in the second year.
    assert quantity(tables, SCHOOL_A, "social workers in post", 1) == pytest.approx(365 / MONTH)
    assert quantity(tables, SCHOOL_A, "social workers in post", 2) == pytest.approx(15.5 / MONTH)
    assert quantity(tables, SCHOOL_A, "social workers in post", 3) == 0
    assert quantity(tables, SCHOOL_B, "social workers in post", 1) == 0


def test_years_of_the_trial_add_up_to_the_months_of_the_window(tables: AnalysisTables) -> None:
    own = tables.delivered[tables.delivered["basis"] == "social workers in post"]
    summed = own.groupby(["window", "urn"])["quantity"].sum()
    covariates = tables.school_covariates.set_index("urn")
    for window in ("23 months", "35 months"):
        assert summed[window].to_dict() == pytest.approx(covariates[f"worker_months_{window[:2]}_months"].to_dict())


def test_managers_are_shared_as_the_months_of_social_workers_are(tables: AnalysisTables) -> None:
    # Year 1: 365 days, all at school A. Year 2: the same 365 days, half each, for both schools had half of October.
    assert quantity(tables, SCHOOL_A, "team managers in post", 1) == pytest.approx(365 / MONTH)
    assert quantity(tables, SCHOOL_B, "team managers in post", 1) == 0
    assert quantity(tables, SCHOOL_A, "team managers in post", 2) == pytest.approx(365 / 2 / MONTH)
    assert quantity(tables, SCHOOL_B, "team managers in post", 2) == pytest.approx(365 / 2 / MONTH)


def test_a_worker_who_comes_back_to_a_school_starts_there_once(tables: AnalysisTables) -> None:
    assert [quantity(tables, SCHOOL_A, "social workers who started", year) for year in (1, 2, 3)] == [1, 0, 0]
    assert [quantity(tables, SCHOOL_B, "social workers who started", year) for year in (1, 2, 3)] == [0, 1, 0]


def test_the_last_year_of_a_window_ends_with_it(tables: AnalysisTables) -> None:
    assert sorted(tables.delivered.loc[tables.delivered["window"] == "23 months", "trial_year"].unique()) == [1, 2]
    # A manager to 31 August 2022, a window to 31 July: 334 days of the second year.
    assert sum(
        quantity(tables, urn, "team managers in post", 2, "23 months") for urn in (SCHOOL_A, SCHOOL_B)
    ) == pytest.approx(334 / MONTH)


def test_a_manager_without_any_worker_is_shared_over_the_intervention_schools() -> None:
    alone = {"worker": "W0", "role": "team manager", "from_date": "2020-09-01", "to_date": "2020-09-30"}
    tables = made(delivery=spells(alone))
    assert quantity(tables, SCHOOL_A, "team managers in post", 1) == pytest.approx(30 / MONTH)
    assert quantity(tables, SCHOOL_B, "team managers in post", 1) == 0


def test_without_a_record_of_delivery_quantities_are_missing_and_not_zero() -> None:
    assert made().delivered["quantity"].isna().all()


def test_days_in_care_by_placement_add_up_to_the_pupils_days(tables: AnalysisTables) -> None:
    own = tables.care_days_by_placement[tables.care_days_by_placement["window"] == "23 months"]
    # From 1 to 11 May are ten nights in foster care, then thirty in a children's home.
    assert own.set_index("placement")["days"].to_dict() == {"U6": 10, "K2": 30}
    by_pupil = tables.care_days_by_pupil[tables.care_days_by_pupil["window"] == "23 months"]
    np.testing.assert_allclose(own.groupby("pupil")["days"].sum(), by_pupil.set_index("pupil")["days"])


def test_costs_carry_the_authority_whose_schools_they_price(tables: AnalysisTables) -> None:
    assert tables.costs["authority"].tolist() == [AUTHORITY]


@pytest.fixture(scope="module")
def supervised() -> Roster:
    """School A supervised from December 2020 to February 2021, school B never."""
    months = pd.DataFrame(
        [("2020-12-01", 1, 1), ("2021-01-01", 1, 0), ("2021-02-01", 2, 2)],
        columns=["month", "sessions_planned", "sessions_held"],
    ).assign(role="supervising social worker", urn=SCHOOL_A, month=lambda held: pd.to_datetime(held["month"]))
    schools = pd.DataFrame({"urn": [SCHOOL_A, SCHOOL_B]})
    return cast("Roster", SimpleNamespace(schools=schools, size=2, derived=SimpleNamespace(delivery_months=months)))


@pytest.mark.parametrize(
    ("start", "end", "planned", "held", "began"),
    [
        ("2021-01-01", "2022-01-01", 3, 2, 0),
        ("2020-09-01", "2021-01-01", 1, 1, 1),
        ("2021-03-01", "2022-01-01", 0, 0, 0),
    ],
)
def test_sessions_count_in_the_span_their_month_begins_in_and_a_school_once(
    supervised: Roster, start: str, end: str, planned: int, held: int, began: int
) -> None:
    span = (pd.Timestamp(start), pd.Timestamp(end))
    counted = {basis: count(supervised, *span).tolist() for basis, count in OF_SUPERVISION.items()}
    assert counted == {
        "supervision sessions planned": [planned, 0],
        "supervision sessions held": [held, 0],
        "supervised schools": [began, 0],
    }


def test_without_a_record_of_sessions_they_are_missing_and_not_zero(supervised: Roster) -> None:
    none = supervised.derived.delivery_months.iloc[:0]
    roster = cast("Roster", SimpleNamespace(**{**vars(supervised), "derived": SimpleNamespace(delivery_months=none)}))
    span = (pd.Timestamp("2021-01-01"), pd.Timestamp("2022-01-01"))
    assert all(np.isnan(count(roster, *span)).all() for count in OF_SUPERVISION.values())
