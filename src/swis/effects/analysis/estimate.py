"""One estimate of one analysis, and the row of the results table it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from swis.effects.fit import USABLE
from swis.plan.specification import RATIOS

RATE_RATIO = "rate ratio"
RATE_DIFFERENCE = "rate difference per 1,000 pupil-years"
ROW_COLUMNS = [
    "level",
    "scale",
    "estimate",
    "lower",
    "upper",
    "standard_error",
    "se_type",
    "degrees_of_freedom",
    "p_value",
    "method",
    "status",
    "message",
]


@dataclass(frozen=True)
class Estimate:
    """An effect on the model's own scale (the log for ratios) with its standard error, and how both came about.

    `degrees_of_freedom` is infinite for a normal reference distribution. `p_value` is given only where the test is
    not the estimate over its standard error (randomisation, a joint test of interaction). `level` names a subgroup.
    """

    scale: str
    value: float
    standard_error: float
    se_type: str
    degrees_of_freedom: float
    method: str
    status: str = "ok"
    message: str = ""
    p_value: float | None = None
    level: str = ""
    interval: tuple[float, float] | None = None

    @property
    def is_usable(self) -> bool:
        """Whether there is a number to report."""
        return self.status in USABLE


def no_estimate(scale: str, status: str, message: str, method: str, level: str = "") -> Estimate:
    """An analysis that gave no number, with the reason."""
    nan = float("nan")
    return Estimate(scale, nan, nan, "", nan, method, status, message, level=level)


def row_of(estimate: Estimate, interval_level: float) -> Mapping[str, object]:
    """The columns ROW_COLUMNS of one estimate; ratios leave the log scale, their standard error stays on it."""
    lower, upper = estimate.interval or wald_interval(estimate, interval_level)
    back = np.exp if estimate.scale in RATIOS else float
    return {
        "level": estimate.level,
        "scale": estimate.scale,
        "estimate": float(back(estimate.value)),
        "lower": float(back(lower)),
        "upper": float(back(upper)),
        "standard_error": estimate.standard_error,
        "se_type": estimate.se_type,
        "degrees_of_freedom": estimate.degrees_of_freedom,
        "p_value": wald_p(estimate) if estimate.p_value is None else estimate.p_value,
        "method": estimate.method,
        "status": estimate.status,
        "message": estimate.message,
    }


def wald_interval(estimate: Estimate, interval_level: float) -> tuple[float, float]:
    """Estimate plus and minus the t quantile times the standard error, on the model's scale."""
    half = reference(estimate.degrees_of_freedom).ppf(0.5 + interval_level / 2) * estimate.standard_error
    return estimate.value - half, estimate.value + half


def wald_p(estimate: Estimate) -> float:
    """Two-sided p of no effect against t, or the normal where the degrees of freedom are infinite."""
    if not estimate.standard_error > 0:
        return float("nan")
    return float(2 * reference(estimate.degrees_of_freedom).sf(abs(estimate.value / estimate.standard_error)))


def reference(degrees_of_freedom: float) -> stats.rv_continuous:
    """The t distribution of these degrees of freedom; the normal where they are infinite."""
    return stats.norm() if np.isinf(degrees_of_freedom) else stats.t(degrees_of_freedom)
