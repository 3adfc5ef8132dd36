"""Prices of what the programmes delivered, as the costs table holds them, and what the simulated posts truly cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from swis.params import Params
from swis.simulate.calibration import numbers
from swis.simulate.delivery import MANAGER, TRIAL, WORKER

COLUMNS = ["item", "unit", "quantity_basis", "unit_cost", "price_year", "source"]
IN_POST = {"social workers in post": WORKER, "team managers in post": MANAGER}
STARTED = "social workers who started"
MONTHS_A_DAY = 12 / 365.25


def cost_rows(times: float = 1.0) -> pd.DataFrame:
    """The costs table as text (COLUMNS), every price so many times the national one."""
    rows = [{**row, "unit_cost": f"{row['unit_cost'] * times:.2f}"} for row in numbers()["costs"]["items"]]
    return pd.DataFrame(rows, dtype=object).assign(source="illustrative")[COLUMNS]


def own_costs(slug: str, is_full: bool) -> pd.DataFrame | None:
    """The costs table that an authority sends in place of the national one; None where it sends none."""
    own = numbers()["costs"]["own"]
    return cost_rows(own[slug]) if is_full and slug in own else None


def costs_summary(delivery: pd.DataFrame, params: Params, is_full: bool) -> dict[str, Any]:
    """Prices, and the pounds that the posts of `delivery` cost by window and item, each in its own price year.

    `delivery` [authority, worker, role, urn, from, to, fte] as `true_delivery` has it; nothing is discounted.
    """
    windows = params.trials[TRIAL].windows
    pounds = {
        name: {
            row["item"]: round(_pounds(row, delivery, window.first_day, window.last_day, is_full), 2)
            for row in numbers()["costs"]["items"]
            if row["quantity_basis"] in {*IN_POST, STARTED}
        }
        for name, window in windows.items()
    }
    return {"items": numbers()["costs"]["items"], "own": numbers()["costs"]["own"] if is_full else {}, "pounds": pounds}


def _pounds(row: dict[str, Any], delivery: pd.DataFrame, first_day: Any, last_day: Any, is_full: bool) -> float:
    times = delivery["authority"].map(numbers()["costs"]["own"] if is_full else {}).fillna(1.0)
    begins, ends = pd.Timestamp(first_day), pd.Timestamp(last_day)
    first, last = (pd.to_datetime(delivery[name]) for name in ("from", "to"))
    if row["quantity_basis"] == STARTED:
        posts = delivery.assign(times=times, first=first)[delivery["role"] == WORKER]
        started = posts.sort_values("first").drop_duplicates(["authority", "urn", "worker"])
        return float(started.loc[started["first"].between(begins, ends), "times"].sum() * row["unit_cost"])
    days = ((last.clip(upper=ends) - first.clip(lower=begins)).dt.days + 1).clip(lower=0)
    months = days * delivery["fte"] * MONTHS_A_DAY
    held = delivery["role"] == IN_POST[row["quantity_basis"]]
    of_a_month = row["unit_cost"] / (12 if row["unit"] == "full-time year" else 1)
    return float((months * times)[held].sum() * of_a_month)
