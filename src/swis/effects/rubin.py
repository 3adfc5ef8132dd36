"""Rubin's rules: one result from the results of several completed tables, with Barnard and Rubin's degrees of freedom.

With m completed tables, estimates q_i and squared standard errors u_i:

    q̄ = mean q_i,   ū = mean u_i,   b = Σ (q_i − q̄)² / (m − 1),   t = ū + (1 + 1/m) b
    r = (1 + 1/m) b / ū,   λ = (1 + 1/m) b / t
    ν_m = (m − 1) / λ²,   ν_obs = (ν_com + 1)/(ν_com + 3) · ν_com (1 − λ),   ν = ν_m ν_obs / (ν_m + ν_obs)
    fraction of missing information = (r + 2/(ν + 3)) / (r + 1)

Rubin 1987 (Multiple Imputation for Nonresponse in Surveys, section 3.3); Barnard and Rubin 1999, Biometrika 86:948.
ν_com is the degrees of freedom had nothing been missing: of a cluster-robust standard error its Satterthwaite ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from swis.errors import InputError, Problem


@dataclass(frozen=True, eq=False)
class Pooled:
    """Pooled results, (k,) each or single numbers where one estimate a table was given.

    `fraction_missing` is the share of information missing, `relative_increase` r of the formulas above. All are nan
    where any completed table gave no number.
    """

    estimate: np.ndarray
    standard_error: np.ndarray
    degrees_of_freedom: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_value: np.ndarray
    fraction_missing: np.ndarray
    relative_increase: np.ndarray
    imputations: int


def pool_rubin(estimates: Any, variances: Any, complete_df: Any = np.inf, *, level: float = 0.95) -> Pooled:
    """Pool `estimates` (m,) or (m, k) with their `variances` (squared standard errors) of the same shape.

    `complete_df` is one number, (k,), or (m, k) whose mean over tables is taken; infinite for a normal limit.
    InputError for fewer than two tables or shapes that differ. A nan in any table is a nan in the result.
    """
    each, within_each = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if each.shape != within_each.shape or each.ndim not in (1, 2) or len(each) < 2:
        raise InputError(
            [Problem("imputation", f"{each.shape} estimates, {within_each.shape} variances", "two or more of each", "")]
        )
    tables = len(each)
    freedom = np.asarray(complete_df, dtype=float)
    freedom = freedom.mean(axis=0) if freedom.ndim == each.ndim else freedom
    estimate, within = each.mean(axis=0), within_each.mean(axis=0)
    between = (1 + 1 / tables) * each.var(axis=0, ddof=1)
    total = within + between
    with np.errstate(divide="ignore", invalid="ignore"):
        increase, missing = between / within, between / total
        degrees = barnard_rubin(missing, tables, freedom)
        half = stats.t.ppf((1 + level) / 2, degrees) * np.sqrt(total)
        p_value = 2 * stats.t.sf(np.abs(estimate) / np.sqrt(total), degrees)
        information = (increase + 2 / (degrees + 3)) / (increase + 1)
    return Pooled(
        estimate=estimate,
        standard_error=np.sqrt(total),
        degrees_of_freedom=degrees,
        lower=estimate - half,
        upper=estimate + half,
        p_value=p_value,
        fraction_missing=information,
        relative_increase=increase,
        imputations=tables,
    )


def barnard_rubin(missing: np.ndarray, tables: int, complete_df: np.ndarray) -> np.ndarray:
    """ν of m tables from λ, the share of variance between them; infinite when nothing was missing nor few rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        of_tables = (tables - 1) / missing**2
        ratio = np.where(np.isinf(complete_df), 1.0, (complete_df + 1) / (complete_df + 3))
        observed = ratio * complete_df * (1 - missing)
        # Harmonic, so that an infinite part leaves the other.
        return 1.0 / (1.0 / of_tables + 1.0 / observed)
