"""How sure the variances of a linear mixed model are: their covariance, degrees of freedom, and Wald intervals.

Wald: the logarithms of the standard deviations are taken as normal, with the covariance that the observed information
of (theta, sigma) gives by the delta method; nlme's `intervals` does the same (Pinheiro and Bates 2000, section 2.4.3),
with second derivatives by differences whose default step is coarse: with `.relStep = 1e-4` it agrees, by default its
standard error of a logarithm can be a hundredth off. A variance of zero has no such interval: its logarithm has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from swis.effects.linear.newton import differences
from swis.effects.linear.random_factors import covariances, named_variances
from swis.effects.linear_mixed import LinearMixedFit

RESIDUAL = "Residual"


def total_variance(fit: LinearMixedFit) -> float:
    """Variance of a response at slopes of zero: that of every intercept and the residual."""
    return float(sum(fit.variances.get(name, 0.0) for name in (*(factor.name for factor in fit.factors), RESIDUAL)))


@dataclass(frozen=True)
class StandardDeviation:
    """A standard deviation with its interval and how the interval was made."""

    name: str
    value: float
    lower: float
    upper: float
    method: str


def variances_at(fit: LinearMixedFit, parameters: np.ndarray) -> np.ndarray:
    """Variances and covariances, in the order of `fit.variances`, at other values of (theta, sigma)."""
    theta, sigma = parameters[:-1], parameters[-1]
    named = named_variances(covariances(theta, fit.factors, sigma), fit.factors)
    return np.array([*named.values(), sigma**2])


def variance_covariance(fit: LinearMixedFit) -> np.ndarray:
    """Covariance (v, v) of the estimated variances, in the order of `fit.variances`; ValueError for an unusable fit."""
    change = differences(lambda point: variances_at(fit, point), np.append(fit.theta, fit.sigma))
    return change.T @ fit.information.covariance @ change


def variance_df(fit: LinearMixedFit, part: str = "total") -> float:
    """Satterthwaite's degrees of freedom 2 V² / Var(V) of the 'total' variance, or of the residual one ('within').

    The total is that at slopes of zero: intercepts and residual.
    """
    if not fit.is_usable:
        return float("nan")
    counted = {RESIDUAL} if part == "within" else {RESIDUAL, *(factor.name for factor in fit.factors)}
    weights = np.array([float(name in counted) for name in fit.variances])
    total = float(weights @ np.array(list(fit.variances.values())))
    return float(2 * total**2 / (weights @ variance_covariance(fit) @ weights))


def wald_intervals(fit: LinearMixedFit, level: float = 0.95) -> list[StandardDeviation]:
    """Every standard deviation with the Wald interval of its logarithm (nan at zero); empty for an unusable fit."""
    if not fit.is_usable:
        return []
    spread = np.diag(variance_covariance(fit))
    quantile = float(stats.norm.ppf((1 + level) / 2))
    found = []
    for (name, variance), of_variance in zip(fit.variances.items(), spread, strict=True):
        if "." in name:
            continue
        value = float(np.sqrt(variance))
        # Var(log s) = Var(s²) / (4 s⁴)
        half = quantile * float(np.sqrt(of_variance)) / (2 * variance) if variance > 0 else float("nan")
        found.append(
            StandardDeviation(name, value, float(value * np.exp(-half)), float(value * np.exp(half)), "Wald, log scale")
        )
    return found
