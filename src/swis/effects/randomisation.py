"""Randomisation test by the scheme of the trial: a p-value that needs no model of the outcome to be right.

The statistic T is computed for the allocation made and for allocations that might have been made (labels permuted
within stratum, counts kept). Two-sided p = (1 + #{|T*| >= |T|}) / (1 + B) over B draws, never 0 and valid at every
B (Phipson and Smyth 2010); over every allocation, where there are no more than B, the exact share. The p-value depends
on the statistic, so the plan names it: the efficient score of the arm under the model without it, or the arm's
coefficient in the headline model fitted anew to each allocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swis.effects.allocations import Scheme
from swis.effects.design import Design, aliased_columns
from swis.effects.fit import Fit, Status
from swis.effects.refit import refit_coefficients
from swis.effects.score_statistic import Family, fit_null, score_parts, score_statistics

Statistic = Literal["score", "refit coefficient"]
# Two allocations that give the same statistic differ by what the search of the model left, up to some 1e-8 of it.
TIE = 1e-6


@dataclass(frozen=True)
class RandomisationResult:
    """A randomisation test: `statistic` of the allocation made, `p_value`, and its Monte Carlo standard error.

    `draws` is how many other allocations were drawn, or how many there are if `is_exact` (the error is then 0). With a
    status but 'ok' and 'zero variance' the numbers are nan; `message` says what was met.
    """

    p_value: float
    statistic: float
    draws: int
    monte_carlo_se: float
    is_exact: bool
    statistic_name: Statistic
    status: Status
    message: str


def randomisation_test(
    design: Design,
    arm: np.ndarray,
    strata: np.ndarray,
    *,
    statistic: Statistic = "score",
    family: Family = "negative binomial",
    draws: int = 10_000,
    rng: np.random.Generator,
    cluster: np.ndarray | None = None,
) -> RandomisationResult:
    """Test of no effect; `design` holds the covariates and authority effects without the arm.

    `arm` (1 intervention, 0 control) and `strata` have one value a row of the design; with `cluster` (n,), the unit
    allocated that each row belongs to, they are the same within a cluster. ValueError when they are not, or when the
    refitted coefficient is asked for with clusters or a normal outcome.
    """
    if statistic == "refit coefficient" and (cluster is not None or family == "normal"):
        raise ValueError("the refitted coefficient is for counts and shares with one row a unit; use the score")
    scheme = Scheme.of_rows(arm, strata, cluster)
    fit = fit_null(design, family)
    why = why_no_inference(fit, scheme, design, arm)
    if why is not None:
        return _no_test(statistic, *why)
    drawn, is_exact = scheme.sample(draws, rng)
    if statistic == "score":
        values = score_statistics(score_parts(design, fit, family, scheme.unit), drawn)
    else:
        values = refit_coefficients(design, drawn, family=family, start=fit)
    return _judged(values, is_exact, statistic, fit, scheme.remark())


def counted(total: int, is_exact: bool) -> str:
    """In words, what the allocation made was held against; `total` counts it."""
    return f"All {total:,} allocations" if is_exact else f"{total - 1:,} random allocations"


def why_no_inference(fit: Fit, scheme: Scheme, design: Design, arm: np.ndarray) -> tuple[Status, str] | None:
    """Status and sentence where there is no null model to score, no allocation but one, or no arm beside covariates."""
    if not fit.is_usable:
        return fit.status, f"The model without the arm cannot be fitted: {fit.message}"
    if scheme.is_fixed:
        return "not estimable", "No stratum holds both arms: no other allocation was possible."
    if design.matrix.shape[1] in aliased_columns(np.column_stack([design.matrix, arm])):
        return "not estimable", "The arm cannot be told from the covariates."
    return None


def _judged(values: np.ndarray, is_exact: bool, statistic: Statistic, fit: Fit, remark: str) -> RandomisationResult:
    """The p-value from the statistic of every allocation, that of the one made first."""
    made = float(values[0])
    if np.isnan(made):
        return _no_test(statistic, "not converged", "The model did not converge with the allocation that was made.")
    failed = int(np.isnan(values).sum())
    # A refit that does not converge counts against the finding: as if its statistic were extreme.
    size = np.where(np.isnan(values), np.inf, np.abs(values))
    p_value = float((size >= abs(made) * (1 - TIE)).mean())
    error = 0.0 if is_exact else float(np.sqrt(p_value * (1 - p_value) / size.size))
    lost = f" {failed:,} refits did not converge and count as extreme." if failed else ""
    message = f"{counted(size.size, is_exact)} by the scheme of the trial.{remark}{lost}"
    draws = size.size if is_exact else size.size - 1
    return RandomisationResult(p_value, made, draws, error, is_exact, statistic, fit.status, message)


def _no_test(statistic: Statistic, status: Status, message: str) -> RandomisationResult:
    return RandomisationResult(np.nan, np.nan, 0, np.nan, False, statistic, status, message)
