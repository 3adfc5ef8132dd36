"""What the added year changed: each outcome at July 2022 beside the same outcome at July 2023.

The windows that end then are the plan's (`added_year`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.analysis.trial_file import plan_of
from swis.params import Trial
from swis.plan.specification import RATIOS

ADDED_YEAR_COLUMNS = [
    "outcome", "scale", "estimate_interim", "lower_interim", "upper_interim", "estimate_full", "lower_full",
    "upper_full", "interval_width_ratio",
]  # fmt: skip

# Ends of the names of analyses that take the first two school years only.
WITHOUT_ADDED_YEAR = "_to_july_2022"


def added_year(trial: Trial, results: pd.DataFrame) -> pd.DataFrame:
    """Outcomes whose main analysis was run at both windows, or with and without the added year (ADDED_YEAR_COLUMNS).

    `interval_width_ratio` is the width of the full interval over that of the interim one, on the
    model's own scale: below 1 the added year made the estimate more precise.
    """
    windows = plan_of(trial).added_year
    first = results.drop_duplicates("analysis_id")
    is_main = first["analysis"] == "main"
    is_without = first["analysis"].str.endswith(WITHOUT_ADDED_YEAR)
    numbers = ["outcome", "scale", "estimate", "lower", "upper"]
    sides = [
        first.loc[(is_main & (first["window"] == windows.interim)) | is_without, numbers],
        first.loc[is_main & (first["window"] == windows.full), numbers],
    ]
    merged = sides[0].merge(sides[1], on=["outcome", "scale"], suffixes=("_interim", "_full"))
    widths = {
        side: [_width(row[f"lower_{side}"], row[f"upper_{side}"], row["scale"]) for row in merged.to_dict("records")]
        for side in ("interim", "full")
    }
    ratio = np.array(widths["full"]) / np.array(widths["interim"]) if len(merged) else []
    return merged.assign(interval_width_ratio=ratio)[ADDED_YEAR_COLUMNS]


def _width(lower: float, upper: float, scale: str) -> float:
    return float(np.log(upper / lower)) if scale in RATIOS else float(upper - lower)
