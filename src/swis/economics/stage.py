"""The economics stage: one call a step of notebook 4_economics, and what the stage leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.economics.compared import compare
from swis.economics.compared_schools import OF_SCHOOL
from swis.economics.comparing import Comparison
from swis.economics.costing import schools_with_costs
from swis.economics.parameters import EconomicsParams
from swis.economics.prices import prices_of
from swis.economics.school_costs import SCHOOL, by_basis, on_observed_days, school_costs
from swis.economics.sensitivity import ONE_WAY_COLUMNS, one_way_table
from swis.economics.sources import CostTables
from swis.kept_tables import KeptTables


@dataclass(frozen=True)
class Economics(KeptTables):
    """Tables of the economics stage, each a parquet file of the same name; restricted.

    prices: by item. costs: pounds a school, pupil and supervised lead by trial, window and arm; by_authority: of the
    intervention arm. behind and left_out: the schools and events of the comparison. value, curve, quadrants, plane:
    what it says. consequences: what else changed. one_way: the assumptions one at a time. extension: its funding as a
    scenario. assumptions: every choice with its source or reason.
    """

    prices: pd.DataFrame
    costs: pd.DataFrame
    by_authority: pd.DataFrame
    behind: pd.DataFrame
    left_out: pd.DataFrame
    value: pd.DataFrame
    curve: pd.DataFrame
    quadrants: pd.DataFrame
    plane: pd.DataFrame
    consequences: pd.DataFrame
    one_way: pd.DataFrame
    extension: pd.DataFrame
    assumptions: pd.DataFrame


def unit_prices(tables: CostTables, economics: EconomicsParams) -> pd.DataFrame:
    """The price of every item by authority, in the prices of the evaluation."""
    return prices_of(tables.costs, economics.price_year, economics.deflator.index)


def costs_of_schools(
    tables: CostTables, prices: pd.DataFrame, economics: EconomicsParams, percent: float | None = None
) -> pd.DataFrame:
    """What each school cost by window, year of the trial and item; at another discount rate where one is given."""
    rate = economics.discounting.percent if percent is None else percent
    return school_costs(tables.delivered, prices, rate)


def known_costs(tables: CostTables, costs: pd.DataFrame, economics: EconomicsParams) -> pd.DataFrame:
    """One row a school and window with a known cost and its pupil-years over the whole window, as its cost is.

    Where returns cover a part of the window, its other days are taken to have as many pupils (assumed). `supervised`
    are the school's supervised leads.
    """
    rows = tables.outcomes[tables.outcomes["measure"] == economics.comparison.outcome]
    share = rows["observed_share"].where(rows["observed_share"] > 0)
    years = rows.assign(window=rows["period"], pupil_years=rows["denominator"] / share)
    known = schools_with_costs(costs, tables.delivered, years[[*SCHOOL, "window", "pupil_years"]])
    return known.assign(supervised=known["supervised"] * economics.supervised_leads.a_school)


def one_way(
    tables: CostTables, prices: pd.DataFrame, comparison: Comparison, economics: EconomicsParams, level: float
) -> pd.DataFrame:
    """Net benefit at the low and the high value of each assumption, at the reference amount."""
    made = comparison.compared
    if made is None:
        return pd.DataFrame(columns=ONE_WAY_COLUMNS)

    def costs_at(percent: float) -> np.ndarray:
        costs = costs_of_schools(tables, prices, economics, percent)
        own = comparison.schools[OF_SCHOOL].merge(by_basis(costs, comparison.window), on=SCHOOL)
        # Only the point estimate is asked for, so the replicates may be few.
        return compare(on_observed_days(own, made.bases), made.bases, replicates=1, seed=0).costs

    pounds = economics.decision.reference_pounds
    return one_way_table(made, economics.one_way, pounds, level, costs_at)
