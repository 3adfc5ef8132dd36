"""The comparison that the parameters name: its schools, its replicates, and the curve drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.economics.compared import Compared, compare
from swis.economics.compared_schools import behind, compared_schools
from swis.economics.parameters import EconomicsParams
from swis.economics.school_costs import SCHOOL
from swis.economics.sensitivity import costs_with_uncertain_prices
from swis.economics.value import curve_table
from swis.effects.analysis import TrialTables
from swis.params import Trial

CURVE_COLUMNS = ["pounds", "probability", "with_uncertain_prices", "published"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One comparison as far as the steps after it need it: its schools, what was left out, and the replicates."""

    window: str
    schools: pd.DataFrame
    left_out: pd.DataFrame
    behind: pd.DataFrame
    compared: Compared


def compare_arms(
    trial_tables: TrialTables, trial: Trial, costs: pd.DataFrame, economics: EconomicsParams, window: str | None = None
) -> Comparison:
    """The comparison that the parameters name, in its window unless another is given."""
    chosen, outcome = window or economics.comparison.window, economics.comparison.outcome
    schools, left_out = compared_schools(trial_tables, trial, costs, chosen, outcome)
    bases = [name for name in schools.columns if name not in {*SCHOOL, "count", "pupil_years"}]
    resampling = economics.resampling
    made = compare(schools, bases, replicates=resampling.replicates, seed=resampling.seed)
    return Comparison(chosen, schools, left_out, behind(schools, chosen, outcome), made)


def curve(comparison: Comparison, economics: EconomicsParams) -> pd.DataFrame:
    """The acceptability curve (CURVE_COLUMNS): as prices are, with uncertain prices, and published where it was."""
    pounds, made = economics.decision.curve_pounds, comparison.compared
    # Another stream than the schools', so that changing the prices' draws leaves the schools' as they are.
    rng = np.random.default_rng([economics.resampling.seed, 1])
    uncertain = costs_with_uncertain_prices(made, economics.uncertain_prices, rng)
    printed = {one.pounds: one.percent / 100 for one in economics.published}
    both = curve_table(made, pounds)
    with_prices = curve_table(made, pounds, uncertain)["probability"]
    published = pd.Series([printed.get(value, np.nan) for value in pounds], dtype=float)
    return both.assign(with_uncertain_prices=with_prices, published=published)[CURVE_COLUMNS]
