"""Prices as a reader sees them, and what a school, a pupil and a supervised safeguarding lead cost."""

from __future__ import annotations

import pandas as pd

from swis.economics.school_costs import SCHOOL

PRICE_TABLE_COLUMNS = [
    "item", "basis", "unit", "unit_cost", "price_year", "price", "lowest", "highest", "source", "authorities",
    "own_prices",
]  # fmt: skip
COST_KEYS = ["trial", "window", "arm"]
COST_NUMBERS = ["per_school", "undiscounted_per_school", "per_pupil", "per_supervised_lead"]
COST_TABLE_COLUMNS = [*COST_KEYS, "schools", *COST_NUMBERS]
BY_AUTHORITY_COLUMNS = ["authority", "trial", "window", "arm", "schools", "per_school", "per_pupil"]
SUPERVISED = "supervised schools"


def price_table(prices: pd.DataFrame) -> pd.DataFrame:
    """One row an item (PRICE_TABLE_COLUMNS): the price most authorities have, and the lowest and highest of all.

    unit_cost is as the file gives it, in the prices of price_year; price, lowest and highest are of one unit of
    quantity (a full-time month, a person, a session, a school) in the prices of the evaluation; own_prices:
    authorities with another price.
    """
    rows = []
    for item, own in prices.groupby("item", sort=True):
        usual = own.groupby(["unit_cost", "price_year"])["authority"].size().sort_values(kind="stable").index[-1]
        is_usual = (own["unit_cost"] == usual[0]) & (own["price_year"] == usual[1])
        first = own[is_usual].iloc[0]
        limits = (first["price"], own["price"].min(), own["price"].max())
        counts = (own["authority"].nunique(), int((~is_usual).sum()))
        said = (item, first["basis"], first["unit"], *usual, *limits, first["source"], *counts)
        rows.append(said)
    return pd.DataFrame(rows, columns=PRICE_TABLE_COLUMNS)


def schools_with_costs(costs: pd.DataFrame, delivered: pd.DataFrame, pupil_years: pd.DataFrame) -> pd.DataFrame:
    """One row a school and window [SCHOOL, window, cost, undiscounted, supervised, pupil_years] whose cost is known.

    `costs` as `school_costs` gives them from `delivered`; `pupil_years` [SCHOOL, window, pupil_years], missing where
    not observed. supervised is 1 for a school with a supervision session, 0 for any other.
    """
    keys = [*SCHOOL, "window"]
    summed = costs.groupby(keys, sort=True)[["cost", "undiscounted"]].agg(lambda held: held.sum(skipna=False))
    leads = delivered[delivered["basis"] == SUPERVISED].groupby(keys)["quantity"].sum().rename("supervised")
    known = summed[summed["cost"].notna()].join(leads).fillna({"supervised": 0.0}).reset_index()
    return known.merge(pupil_years, on=keys, how="left")


def cost_table(schools: pd.DataFrame) -> pd.DataFrame:
    """By trial, window and arm (COST_TABLE_COLUMNS): schools with a known cost, and pounds a school, pupil and lead.

    A pupil's is a year's: pounds over pupil-years of the schools whose pupil-years are known. A lead's is pounds over
    the leads `supervised`; missing where none was.
    """
    rows = []
    for key, own in schools.groupby(COST_KEYS, sort=True):
        leads = float(own["supervised"].sum())
        rows.append(
            (
                *key, len(own), own["cost"].mean(), own["undiscounted"].mean(), _per_pupil(own),
                own["cost"].sum() / leads if leads else float("nan"),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=COST_TABLE_COLUMNS)


def cost_by_authority(schools: pd.DataFrame) -> pd.DataFrame:
    """The same by authority (BY_AUTHORITY_COLUMNS)."""
    rows = [
        (*key, len(own), own["cost"].mean(), _per_pupil(own))
        for key, own in schools.groupby(BY_AUTHORITY_COLUMNS[:4], sort=True)
    ]
    return pd.DataFrame(rows, columns=BY_AUTHORITY_COLUMNS)


def _per_pupil(schools: pd.DataFrame) -> float:
    """Pounds a pupil a year."""
    known = schools[schools["pupil_years"] > 0]
    return float(known["cost"].sum() / known["pupil_years"].sum()) if len(known) else float("nan")
