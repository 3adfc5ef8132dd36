"""The extension as a scenario: its funding in place of what its year cost by the micro-costing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.economics.comparing import compare_arms
from swis.economics.decision import net_benefit
from swis.economics.extension import EXTENSION_COLUMNS, extension_table, with_top_down_year
from swis.economics.parameters import EconomicsParams
from swis.economics.prices import in_prices_of
from swis.economics.school_costs import SCHOOL, discount_factor
from swis.effects.analysis import TrialTables
from swis.params import Trial

WORKERS = "social workers in post"
OVER_THE_WINDOW = ["incremental_cost", "net_benefit"]
SCENARIO_COLUMNS = [*EXTENSION_COLUMNS, "schools", *OVER_THE_WINDOW]


def extension(costs: pd.DataFrame, trial_tables: TrialTables, trial: Trial, economics: EconomicsParams) -> pd.DataFrame:
    """The funding of the extension, by the share of it that went to the trial, beside the micro-costing of its year.

    SCENARIO_COLUMNS, without rows where the year cost nothing: those of `extension_table`, the schools that had a
    worker then, and the incremental cost and the net benefit over the longer window with the year costed so (both per
    1,000 pupils a year). The data carry the part of the funding that their schools with a worker are of all posts.
    """
    said = economics.extension
    of_year = costs[(costs["trial"] == trial.name) & (costs["window"] == said.window)]
    of_year = of_year[of_year["trial_year"] == said.trial_year]
    if not of_year["cost"].sum() > 0:
        return pd.DataFrame(columns=SCENARIO_COLUMNS)
    posts = of_year[of_year["basis"] == WORKERS].drop_duplicates([*SCHOOL, "basis"])
    schools = int((posts["quantity"] > 0).sum())
    funding = in_prices_of(said.funding_pounds, said.price_year, economics.price_year, economics.deflator.index)
    table = extension_table(
        funding * schools / said.posts,
        said.shares_of_the_trial_percent,
        schools=schools,
        full_time_months=float(posts["quantity"].sum()),
        micro_costing=float(of_year["undiscounted"].sum()),
    )
    factor = float(discount_factor(pd.Series([said.trial_year]), economics.discounting.percent).iloc[0])
    rows = [_over_the_window(costs, trial_tables, trial, economics, pounds * factor) for pounds in table["pounds"]]
    found = pd.DataFrame(rows, columns=OVER_THE_WINDOW)
    return table.assign(**found, schools=schools)[SCENARIO_COLUMNS]


def _over_the_window(
    costs: pd.DataFrame, trial_tables: TrialTables, trial: Trial, economics: EconomicsParams, pounds: float
) -> Mapping[str, float]:
    said = economics.extension
    own = costs[(costs["trial"] == trial.name) & (costs["window"] == said.window)]
    costed = with_top_down_year(own, said.trial_year, pounds)
    compared = compare_arms(trial_tables, trial, costed, economics, said.window).compared
    if compared is None:
        return dict.fromkeys(OVER_THE_WINDOW, float("nan"))
    worth = economics.decision.reference_pounds
    return {
        "incremental_cost": compared.cost,
        "net_benefit": float(net_benefit(compared.cost, compared.prevented, worth)),
    }
