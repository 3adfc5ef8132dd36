"""Hedges g of a cluster trial: a mean difference over the standard deviation of a named variance, with its interval.

With D the difference, S² the variance and h the degrees of freedom of S²:
    g = J D / S,   J = 1 - 3 / (4 h - 1),   Var(g) = J² (Var(D) / S² + d² / (2 h)),   d = D / S
Hedges 2007, J Educ Behav Stat 32(4):341-370 (d_W over the within-cluster and d_T over the total standard deviation; the
variances there are Var(D) = sigma_T² (1/m_T + 1/m_C) (1 + (n - 1) rho) / n plus the sampling of S). Var(D) is taken as
the squared standard error of the fitted model, so that clusters of any size and covariates are allowed for.
The interval is g ± t SE(g), t at the degrees of freedom of D. Whether the variance is what covariates leave
('conditional') or that of the response itself changes g by a third and more: it is part of the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import stats

from swis.effects.linear_mixed import LinearMixedFit
from swis.effects.satterthwaite import satterthwaite_df
from swis.effects.variance_intervals import total_variance, variance_df

VarianceName = Literal["total", "within", "conditional total", "conditional within"]


@dataclass(frozen=True)
class EffectSize:
    """g with its standard error and interval; `correction` is J, `variance_name` what it was standardised by."""

    value: float
    standard_error: float
    lower: float
    upper: float
    correction: float
    variance_name: str
    degrees_of_freedom: float
    variance_df: float


def hedges_g(
    difference: float,
    variance: float,
    se: float,
    df: float,
    variance_name: str,
    *,
    variance_df: float | None = None,
    level: float = 0.95,
) -> EffectSize:
    """g of a difference with standard error `se` and degrees of freedom `df` over the square root of `variance`.

    `variance_name`: 'total' or 'within' clusters, of the response; 'conditional …' where it is what covariates leave.
    `variance_df` are the degrees of freedom of the variance, `df` where not given. Every number is nan for a variance
    that is not positive; ValueError for an unknown name.
    """
    if variance_name not in get_args(VarianceName):
        raise ValueError(f"{variance_name!r} names no variance; one of {', '.join(get_args(VarianceName))}")
    freedom = df if variance_df is None else variance_df
    if not (variance > 0 and se >= 0 and df > 0 and freedom > 1):
        nan = float("nan")
        return EffectSize(nan, nan, nan, nan, nan, variance_name, df, freedom)
    correction = 1 - 3 / (4 * freedom - 1)
    raw = difference / np.sqrt(variance)
    error = correction * np.sqrt(se**2 / variance + raw**2 / (2 * freedom))
    half = float(stats.t.ppf((1 + level) / 2, df)) * error
    value = correction * raw
    return EffectSize(
        value=float(value),
        standard_error=float(error),
        lower=float(value - half),
        upper=float(value + half),
        correction=float(correction),
        variance_name=variance_name,
        degrees_of_freedom=df,
        variance_df=freedom,
    )


def hedges_g_of_fit(
    fit: LinearMixedFit,
    name: str,
    variance_name: str = "total",
    *,
    unadjusted: LinearMixedFit | None = None,
    level: float = 0.95,
) -> EffectSize:
    """g of one coefficient of a linear mixed model, with Satterthwaite's degrees of freedom for it and its variance.

    'total' and 'within' are variances of the response and need `unadjusted`, the same random terms without covariates;
    'conditional …' are those of `fit`. ValueError when `unadjusted` is wanted and not given.
    """
    source = fit if variance_name.startswith("conditional") else unadjusted
    if source is None:
        raise ValueError(f"the {variance_name} variance of the response needs the fit without covariates")
    part = "within" if variance_name.endswith("within") else "total"
    return hedges_g(
        fit.coefficient(name),
        source.sigma**2 if part == "within" else total_variance(source),
        fit.standard_error(name),
        satterthwaite_df(fit, name),
        variance_name,
        variance_df=variance_df(source, part),
        level=level,
    )


def total_variance_df(pupils: float, cluster_size: float, icc: float) -> float:
    """Degrees of freedom of the total variance of two arms of equal clusters pooled, Hedges 2007 (variance of d_T).

    h = ((N - 2) - 2 (n - 1) rho)² / ((N - 2)(1 - rho)² + n (N - 2n) rho² + 2 (N - 2n) rho (1 - rho)); N - 2 at rho 0.
    """
    rest = 1 - icc
    top = ((pupils - 2) - 2 * (cluster_size - 1) * icc) ** 2
    between = pupils - 2 * cluster_size
    return top / ((pupils - 2) * rest**2 + cluster_size * between * icc**2 + 2 * between * icc * rest)
