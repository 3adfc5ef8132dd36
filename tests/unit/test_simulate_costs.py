"""Simulated prices and what the posts truly cost, each number worked out by hand in a comment."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.economics.prices import cost_problems
from swis.params import Params, load_params
from swis.simulate.costs import cost_rows, costs_summary, own_costs
from swis.sources.own_csv import read_own_csv


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def test_the_costs_written_are_read_and_can_be_counted(tmp_path: Path, params: Params) -> None:
    path = tmp_path / "costs.csv"
    cost_rows().to_csv(path, index=False)
    read = read_own_csv(path, "costs", authority="national")
    table = read.tables["costs"]
    assert read.faults.empty
    assert set(table["source"]) == {"illustrative"}
    assert cost_problems(table.assign(authority="national"), params.economics.deflator.index) == []


def test_one_authority_of_the_full_plan_sends_prices_of_its_own() -> None:
    own = own_costs("lambeth", is_full=True)
    assert own is not None
    # 38,000 × 1.12 = 42,560.
    assert own.loc[own["item"] == "social worker salary", "unit_cost"].tolist() == ["42560.00"]
    assert own_costs("lambeth", is_full=False) is None
    assert own_costs("croydon", is_full=True) is None


def test_what_the_posts_truly_cost(params: Params) -> None:
    columns = ["authority", "worker", "role", "urn", "from", "to", "fte"]
    delivery = pd.DataFrame(
        [
            ("croydon", "W1", "social worker", "1", "2020-09-01", "2021-08-31", 0.5),
            ("croydon", "W1", "social worker", "1", "2022-09-01", "2022-09-30", 1.0),
            ("lambeth", "W2", "team manager", "", "2020-09-01", "2021-08-31", 1.0),
        ],
        columns=columns,
    )
    pounds = costs_summary(delivery, params, is_full=True)["pounds"]
    # 365 days at half time are 365 × 0.5 × 12 / 365.25 = 5.99589 months at 38,000 / 12: 18,986.99 pounds; September
    # 2022 is outside the 23 months and adds 30 × 12 / 365.25 months at 38,000 / 12 = 3,121.15 to the 35.
    assert pounds["23 months"]["social worker salary"] == pytest.approx(18_986.99, abs=0.01)
    assert pounds["35 months"]["social worker salary"] == pytest.approx(22_108.145, abs=0.01)
    # The manager of Lambeth: 365 / 365.25 of a year at 50,000 × 1.12 = 55,961.67.
    assert pounds["23 months"]["team manager salary"] == pytest.approx(55_961.67, abs=0.01)
    # The worker who came back started once: 1,605.
    assert pounds["35 months"]["recruitment and training"] == 1_605
