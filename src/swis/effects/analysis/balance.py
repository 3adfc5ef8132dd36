"""Baseline balance: the arms side by side before the programme began, without a test.

A randomised trial needs no test of baseline balance (CONSORT item 15; Senn, Stat Med 1994;13:1715-1726). The
standardised difference of a school characteristic x is (mean in intervention − mean in control) / pooled SD over
schools, within authorities: the authority means are taken out first, since authority is the stratum.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

BALANCE_COLUMNS = [
    "characteristic", "unit", "intervention", "control", "standardised_difference", "schools_intervention",
    "schools_control", "count_intervention", "count_control",
]  # fmt: skip


def baseline_balance(schools: pd.DataFrame, characteristics: Mapping[str, tuple[str, str, str]]) -> pd.DataFrame:
    """One row a characteristic (BALANCE_COLUMNS): the mean over schools of each arm, and the standardised difference.

    `schools` [authority, is_intervention (0 or 1), one column a characteristic]; `characteristics` maps the column to
    its (title, unit, column of the events or pupils behind it). Schools without a value are left out of that row.
    """
    return pd.DataFrame(
        [_row(schools, column, *words) for column, words in characteristics.items()],
        columns=BALANCE_COLUMNS,
    )


def _row(schools: pd.DataFrame, column: str, title: str, unit: str, behind: str) -> tuple[object, ...]:
    held = schools[schools[column].notna()]
    values = held[column].to_numpy(dtype=float)
    arm = held["is_intervention"].to_numpy(dtype=float)
    means = [float(values[arm == one].mean()) if (arm == one).any() else float("nan") for one in (1, 0)]
    apart = standardised_difference(values, arm, held["authority"].to_numpy())
    counts = [float(held.loc[arm == one, behind].astype(float).sum()) for one in (1, 0)]
    return (title, unit, *means, apart, int((arm == 1).sum()), int((arm == 0).sum()), *counts)


def standardised_difference(values: np.ndarray, arm: np.ndarray, stratum: np.ndarray) -> float:
    """Difference of arm means within strata over the pooled SD within arms and strata; nan where it cannot be had."""
    frame = pd.DataFrame({"value": values, "arm": arm, "stratum": stratum})
    both = frame.groupby("stratum")["arm"].transform("nunique") == 2
    cells = frame[both].groupby(["stratum", "arm"])["value"].agg(["mean", "var", "size"])
    if cells.empty:
        return float("nan")
    wide = cells.unstack("arm")  # noqa: PD010
    size = wide["size"]
    weight = size[0] * size[1] / (size[0] + size[1])
    difference = float(np.average(wide["mean"][1] - wide["mean"][0], weights=weight))
    within = cells[cells["size"] > 1]
    freedom = float((within["size"] - 1).sum())
    spread = np.sqrt(float((within["var"] * (within["size"] - 1)).sum()) / freedom) if freedom else 0.0
    return difference / spread if spread > 0 else float("nan")
