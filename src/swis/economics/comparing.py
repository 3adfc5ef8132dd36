"""The comparison that the parameters name: its schools, its replicates, and the curve drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.economics.compared import Compared, compare
from swis.economics.compared_schools import OF_SCHOOL, behind, compared_schools
from swis.economics.parameters import EconomicsParams
from swis.economics.sensitivity import costs_with_uncertain_prices
from swis.economics.value import (
    PLANE_COLUMNS,
    QUADRANT_COLUMNS,
    VALUE_COLUMNS,
    curve_table,
    plane_table,
    quadrant_table,
    value_table,
)
from swis.effects.analysis import TrialTables
from swis.params import Trial

CURVE_COLUMNS = ["pounds", "probability", "with_uncertain_prices", "published"]


# One authority's schools are too few to carry an effect.
FEWEST_AUTHORITIES = 2


@dataclass(frozen=True, eq=False)
class Comparison:
    """One comparison as far as the steps after it need it: its schools, what was left out, and the replicates.

    `compared` is None where fewer than two authorities have schools of both arms with a known cost: then the tables of
    the steps after it have no rows.
    """

    window: str
    schools: pd.DataFrame
    left_out: pd.DataFrame
    behind: pd.DataFrame
    compared: Compared | None


def compare_arms(
    trial_tables: TrialTables, trial: Trial, costs: pd.DataFrame, economics: EconomicsParams, window: str | None = None
) -> Comparison:
    """The comparison that the parameters name, in its window unless another is given."""
    chosen, outcome = window or economics.comparison.window, economics.comparison.outcome
    schools, left_out = compared_schools(trial_tables, trial, costs, chosen, outcome)
    bases = [name for name in schools.columns if name not in OF_SCHOOL]
    made = None
    if bases and schools["authority"].nunique() >= FEWEST_AUTHORITIES:
        resampling = economics.resampling
        made = compare(schools, bases, replicates=resampling.replicates, seed=resampling.seed)
    return Comparison(chosen, schools, left_out, behind(schools, chosen, outcome), made)


def value(comparison: Comparison, economics: EconomicsParams, level: float) -> pd.DataFrame:
    """Net benefit, differences and their ratio (`value_table`)."""
    made = comparison.compared
    if made is None:
        return pd.DataFrame(columns=VALUE_COLUMNS)
    return value_table(made, economics.decision.table_pounds, level, _uncertain_costs(made, economics))


def plane(comparison: Comparison) -> pd.DataFrame:
    """The cost-effectiveness plane in few cells (`plane_table`)."""
    return pd.DataFrame(columns=PLANE_COLUMNS) if comparison.compared is None else plane_table(comparison.compared)


def quadrants(comparison: Comparison) -> pd.DataFrame:
    """Share of the replicates by quadrant."""
    made = comparison.compared
    return pd.DataFrame(columns=QUADRANT_COLUMNS) if made is None else quadrant_table(made)


def curve(comparison: Comparison, economics: EconomicsParams) -> pd.DataFrame:
    """The acceptability curve (CURVE_COLUMNS): as prices are, with uncertain prices, and published where it was."""
    pounds, made = economics.decision.curve_pounds, comparison.compared
    if made is None:
        return pd.DataFrame(columns=CURVE_COLUMNS)
    printed = {one.pounds: one.percent / 100 for one in economics.published}
    both = curve_table(made, pounds)
    with_prices = curve_table(made, pounds, _uncertain_costs(made, economics))["probability"]
    published = pd.Series([printed.get(value, np.nan) for value in pounds], dtype=float)
    return both.assign(with_uncertain_prices=with_prices, published=published)[CURVE_COLUMNS]


def _uncertain_costs(compared: Compared, economics: EconomicsParams) -> np.ndarray:
    """Incremental cost of every replicate with its prices drawn too."""
    # Another stream than the schools', so that changing the prices' draws leaves the schools' as they are.
    rng = np.random.default_rng([economics.resampling.seed, 1])
    return costs_with_uncertain_prices(compared, economics.uncertain_prices, rng)
