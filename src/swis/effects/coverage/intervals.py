"""One row for each interval or p-value that an analysis of a simulated trial gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from swis.effects.cluster_robust import RobustResult, cluster_robust
from swis.effects.design import Design
from swis.effects.fit import Fit

LEVEL = 0.95


@dataclass(frozen=True)
class Row:
    """What one kind of interval of one model said of one trial, on the scale of the link.

    A randomisation test gives a p-value alone, an unusable fit its status and nan for every number.
    """

    model: str
    interval: str
    truth: float
    estimate: float
    standard_error: float
    lower: float
    upper: float
    p_value: float
    status: str


def wald_row(
    model: str, interval: str, truth: float, estimate: float, error: float, freedom: float, status: str = "ok"
) -> Row:
    """Estimate ± quantile × standard error, with t at `freedom` degrees of freedom (infinite: normal)."""
    if not (np.isfinite([estimate, error]).all() and error > 0 and freedom > 0):
        nan = float("nan")
        return Row(model, interval, truth, nan, nan, nan, nan, nan, status if status != "ok" else "not estimable")
    size = abs(estimate / error)
    if np.isinf(freedom):
        half, p_value = float(ndtri((1 + LEVEL) / 2)) * error, float(2 * ndtr(-size))
    else:
        half, p_value = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error, float(2 * stdtr(freedom, -size))
    return Row(model, interval, truth, estimate, error, estimate - half, estimate + half, p_value, status)


def fit_row(model: str, interval: str, truth: float, fit: Fit, freedom: float = np.inf, name: str = "arm") -> Row:
    """The model-based interval of the arm."""
    return wald_row(model, interval, truth, fit.coefficient(name), fit.standard_error(name), freedom, fit.status)


def robust_row(model: str, interval: str, truth: float, result: RobustResult, name: str = "arm") -> Row:
    """The cluster-robust interval of the arm, at its Satterthwaite degrees of freedom."""
    place = result.position(name)
    numbers = (result.coefficients[place], result.standard_errors[place], result.degrees_of_freedom[place])
    estimate, error, freedom = (float(number) for number in numbers)
    return wald_row(model, interval, truth, estimate, error, freedom, result.status)


def p_value_row(model: str, interval: str, truth: float, p_value: float, status: str) -> Row:
    """A p-value without an interval."""
    nan = float("nan")
    return Row(model, interval, truth, nan, nan, nan, nan, p_value, status)


def robust_by_school(fit: Fit, design: Design) -> RobustResult:
    """CR2 over the factor 'school' of a design of one row a school."""
    # A cluster of one row has one root only; this way to it needs no decomposition a school.
    return cluster_robust(fit, design, "school", root="whitened")
