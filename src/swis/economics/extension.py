"""The funding of the extension as a scenario: the added year costed from above in place of from below."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

EXTENSION_COLUMNS = ["share_percent", "pounds", "pounds_per_school", "pounds_per_full_time_year", "times_micro_costing"]


def extension_table(
    funding: float, shares_percent: Sequence[float], *, schools: int, full_time_months: float, micro_costing: float
) -> pd.DataFrame:
    """By share of the funding that went to the trial: what that is a school and a full-time year of a social worker.

    `funding` in the prices of the evaluation; `schools` that had a worker in the added year, their `full_time_months`
    and what these cost by the micro-costing; the last column is how many times that the share is (missing where 0).
    """
    pounds = pd.Series(shares_percent, dtype=float) / 100 * funding
    return pd.DataFrame(
        {
            "share_percent": pd.Series(shares_percent, dtype=float),
            "pounds": pounds,
            "pounds_per_school": pounds / schools if schools else float("nan"),
            "pounds_per_full_time_year": pounds / (full_time_months / 12) if full_time_months else float("nan"),
            "times_micro_costing": pounds / micro_costing if micro_costing else float("nan"),
        }
    )[EXTENSION_COLUMNS]


def with_top_down_year(costs: pd.DataFrame, trial_year: int, pounds: float) -> pd.DataFrame:
    """School costs [trial_year, arm, cost, …] with those of one year scaled so that they add up to `pounds`.

    The year's costs keep their pattern over schools; ValueError where there are none to scale.
    """
    is_year = (costs["trial_year"] == trial_year).to_numpy(bool)
    spent = float(costs.loc[is_year, "cost"].sum())
    if spent <= 0:
        raise ValueError(f"no cost in year {trial_year} of the trial")
    return costs.assign(cost=costs["cost"].mask(is_year, costs["cost"] * pounds / spent))
