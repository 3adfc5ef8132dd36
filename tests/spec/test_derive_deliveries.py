"""Spells and months of the record of delivery kept apart, and sessions of each window by school."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from derive_tables import rows

from swis.derive.deliveries import delivery_months, delivery_spells
from swis.outcomes.analysis.sessions import received_column, sessions_by_window
from swis.params import Params, load_params

A, B, ELSEWHERE = "900101", "900102", "900199"
LINEAGE = pd.Series({A: A, B: B, "900777": A}, dtype="string")


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def session(urn: str, month: str, planned: int, held: int) -> dict[str, Any]:
    own = {"worker": "S1", "role": "supervising social worker", "urn": urn, "from_date": f"{month}-01", "month": month}
    return {**own, "sessions_planned": planned, "sessions_held": held}


def record(*more: dict[str, Any]) -> pd.DataFrame:
    spell = {"worker": "W1", "role": "social worker", "urn": A, "from_date": "2020-09-01", "fte": 1.0}
    manager = {"worker": "M1", "role": "team manager", "from_date": "2020-09-01", "fte": 1.0}
    return rows("delivery", spell, manager, *more)


def test_rows_of_a_month_are_no_spells_and_spells_no_months() -> None:
    held = record(session(A, "2021-10", 1, 1))
    assert delivery_spells(held, LINEAGE)["worker"].tolist() == ["W1", "M1"]
    months = delivery_months(held, LINEAGE)
    assert months["worker"].tolist() == ["S1"]
    assert months["month"].tolist() == [pd.Timestamp(2021, 10, 1)]


def test_sessions_follow_their_school_to_its_allocated_number_and_others_are_left_out() -> None:
    months = delivery_months(record(session("900777", "2021-10", 1, 1), session(ELSEWHERE, "2021-10", 1, 1)), LINEAGE)
    assert months["urn"].tolist() == [A]


def counted(params: Params, *sessions: dict[str, Any]) -> dict[str, np.ndarray]:
    derived = SimpleNamespace(delivery_months=delivery_months(record(*sessions), LINEAGE))
    roster: Any = SimpleNamespace(derived=derived, schools=pd.DataFrame({"urn": [A, B]}), size=2)
    return sessions_by_window(roster, params.trials["dsls_one_to_one"])


def test_sessions_belong_to_the_window_in_which_their_month_begins(params: Params) -> None:
    found = counted(
        params, session(A, "2021-08", 1, 1), session(A, "2021-09", 2, 1), session(A, "2022-07", 1, 1),
        session(A, "2022-08", 1, 1),
    )  # fmt: skip
    assert found["sessions_planned_school_year_2021_22"].tolist() == [3, 0]
    assert found["sessions_held_school_year_2021_22"].tolist() == [2, 0]


def test_without_any_record_of_sessions_they_are_missing_and_not_zero(params: Params) -> None:
    assert all(np.isnan(numbers).all() for numbers in counted(params).values())


def test_the_name_of_a_column_is_made_of_its_window() -> None:
    assert received_column("sessions_held", "calendar year 2021") == "sessions_held_calendar_year_2021"
