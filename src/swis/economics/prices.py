"""Prices of one year: the row of each cost item that is nearest in time, brought there with the deflator."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.economics.bases import BASES, UNITS
from swis.errors import InputError, Problem
from swis.plan.fault import nearest

COST_COLUMNS = ["authority", "item", "unit", "quantity_basis", "unit_cost", "price_year", "source"]
NEEDED = ["item", "unit", "quantity_basis", "unit_cost", "price_year"]
PRICE_COLUMNS = ["authority", "item", "basis", "price", "unit", "unit_cost", "price_year", "source"]


def in_prices_of(pounds: float, price_year: str, to: str, index: Mapping[str, float]) -> float:
    """An amount of one price year in the prices of another; KeyError for a year the index does not know."""
    return pounds * index[to] / index[price_year]


def nearest_year(years: list[str], to: str) -> str:
    """The year nearest to another, the earlier of two that are equally near."""
    return min(sorted(years), key=lambda year: abs(int(year[:4]) - int(to[:4])))


def prices_of(costs: pd.DataFrame, to: str, index: Mapping[str, float]) -> pd.DataFrame:
    """The price of one unit of quantity by authority and item (PRICE_COLUMNS), in pounds of the price year `to`.

    `costs` has COST_COLUMNS, one row an authority, item and price year. Of several price years of an item the one
    nearest to `to` is used. InputError where a basis, its unit or a price year is unknown, or two rows say the same.
    """
    problems = cost_problems(costs, index)
    if problems:
        raise InputError(problems)
    distance = (costs["price_year"].str[:4].astype(int) - int(to[:4])).abs()
    ordered = costs.assign(distance=distance).sort_values(["authority", "item", "distance", "price_year"])
    chosen = ordered.drop_duplicates(["authority", "item"]).reset_index(drop=True)
    per_unit = [UNITS[basis][unit] for basis, unit in zip(chosen["quantity_basis"], chosen["unit"], strict=True)]
    deflated = chosen["unit_cost"] * index[to] / chosen["price_year"].map(dict(index))
    return chosen.assign(basis=chosen["quantity_basis"], price=deflated.astype(float) * per_unit)[PRICE_COLUMNS]


def cost_problems(costs: pd.DataFrame, index: Mapping[str, float]) -> list[Problem]:
    """Everything that keeps a costs table from being used."""
    problems: list[Problem] = []
    for column in NEEDED:
        blank = int(costs[column].isna().sum())
        if blank:
            problems.append(_problem(f"{column} blank in {blank} rows", "a value in every row", "fill it in"))
    costs = costs.dropna(subset=NEEDED)
    for basis in sorted(set(costs["quantity_basis"]) - set(BASES)):
        problems.append(_problem(f"unknown quantity_basis {basis!r}", "a basis that is counted", nearest(basis, BASES)))
    known = costs[costs["quantity_basis"].isin(BASES)]
    for basis, unit in sorted(set(zip(known["quantity_basis"], known["unit"], strict=True))):
        if unit not in UNITS[basis]:
            problems.append(_problem(f"unit {unit!r} of {basis}", f"{' or '.join(UNITS[basis])}", "give the price so"))
    for year in sorted(set(costs["price_year"]) - set(index)):
        problems.append(
            _problem(f"price_year {year}", "a year of deflator.index in params/economics.yml", "add the year there")
        )
    repeated = int(costs.duplicated(["authority", "item", "price_year"]).sum())
    if repeated:
        problems.append(_problem(f"{repeated} rows repeat an item and price year", "one row each", "keep one of them"))
    return problems


def _problem(where: str, expected: str, action: str) -> Problem:
    return Problem("costs.csv", where, expected, action)
