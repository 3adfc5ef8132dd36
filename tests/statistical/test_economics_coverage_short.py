"""A short and repeatable part of the simulation of cost and net benefit; the long one is run by `make certify`.

Bounds are 3.29 standard errors of a share of the trials run, which chance passes once in 1,000 times. The schools
are those of the first trials on the page of checks, so the random numbers never change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.economics.coverage import CostTrial, simulate, summarise
from swis.economics.coverage.page import section

TRIALS, ERRORS, POUNDS = 80, 3.29, 20_000.0
BOUND = ERRORS * np.sqrt(0.95 * 0.05 / TRIALS)
QUANTITIES = ["incremental cost", "enquiries prevented", "net benefit"]


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    return summarise(simulate(CostTrial(rate_ratio=0.8), trials=TRIALS, replicates=400, pounds=POUNDS))


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_interval_covers_the_truth_as_often_as_it_says(summary: pd.DataFrame, quantity: str) -> None:
    row = summary.set_index("quantity").loc[quantity]
    assert row["trials"] == TRIALS
    assert abs(row["coverage"] - 0.95) < BOUND


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_estimate_is_not_biased(summary: pd.DataFrame, quantity: str) -> None:
    row = summary.set_index("quantity").loc[quantity]
    assert abs(row["bias"]) < ERRORS * row["bias_error"]


def test_the_truth_is_what_the_posts_cost_and_the_rates_lose() -> None:
    trial = CostTrial(rate_ratio=0.5, discount_percent=0, filled_mean=1.0, pounds_a_manager_month=0)
    # A filled post costs 4,500 a month; a school has 1,040.5 pupils, so 1,000 pupils a year cost
    # 4,500 × 12 / 1.0405 = 51,897 pounds whatever the months of the window.
    assert trial.truth(0)["incremental cost"] == pytest.approx(4_500 * 12 / (278_858 / 268 / 1_000))
    # Half of the enquiries are prevented.
    usual = np.average(trial.usual_rates, weights=trial.schools["intervention"] + trial.schools["control"])
    assert trial.truth(0)["enquiries prevented"] == pytest.approx(500 * usual)


def test_an_interval_that_is_too_narrow_is_called_so(summary: pd.DataFrame) -> None:
    results = simulate(CostTrial(), trials=TRIALS, replicates=200, pounds=POUNDS)
    middle = (results["lower"] + results["upper"]) / 2
    narrow = summarise(results.assign(lower=middle - (middle - results["lower"]) / 4, upper=middle))
    assert set(narrow["verdict"]) == {"too narrow"}
    assert "**missed**" in section(narrow, replicates=200, pounds=POUNDS, seed=1)
    assert "No interval is too narrow" in section(summary, replicates=400, pounds=POUNDS, seed=1)
