"""Efficient score of the arm under a model fitted without it, for many allocations at once.

With y the response, mu its fitted mean, w the working weight and s the score residual of a row,

    Poisson                 s = y - mu                   w = mu
    negative binomial       s = (y - mu)/(1 + mu/theta)  w = mu/(1 + mu/theta)
    binomial (n trials)     s = y - mu                   w = mu (1 - mu/n)
    normal                  s = (y - mu)/sigma²          w = 1/sigma²

the score of an arm a is U(a) = a's and its variance under the null model, the nuisance coefficients of the covariates
X allowed for, is V(a) = a'Wa - a'WX (X'WX)^-1 X'Wa; the statistic is U/sqrt(V). As X's = 0 at the fit, U is the score
of the arm projected off the covariates (Rao's score test; Cox and Hinkley 1974, section 9.3). Every sum runs over rows
once, so rows within clusters are added up first, and 10,000 allocations are one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from swis.effects.cluster_robust import FITTED_EXACTLY
from swis.effects.counts import fit_count_model
from swis.effects.design import Design
from swis.effects.fit import Fit
from swis.effects.least_squares import EXACT, fit_least_squares

Family = Literal["poisson", "negative binomial", "binomial", "normal"]
# Allocations taken at a time, so that memory stays at some tens of megabytes whatever is asked for.
ALLOCATIONS_AT_A_TIME = 10_000
# A variance this small beside that of the unprojected arm is rounding error: the covariates hold the arm.
NO_VARIANCE = 1e-10
NO_DIRECTION = 1e-9


@dataclass(frozen=True, eq=False)
class ScoreParts:
    """What the score of any allocation is made of, by cluster: `residual` (m,), `weight` (m,), `cross` (m, k).

    `cross` is W^(1/2) Q, Q an orthonormal basis of W^(1/2) X, so that X explains |cross'a|² of an arm's variance.
    """

    residual: np.ndarray
    weight: np.ndarray
    cross: np.ndarray

    @property
    def scale(self) -> float:
        """Sum of the weights: the variance of an arm of ones before projection."""
        return float(self.weight.sum())


def fit_null(design: Design, family: Family) -> Fit:
    """The model without the arm: maximum likelihood for counts and shares, least squares for 'normal'.

    An outcome that the covariates explain fully is 'not estimable': nothing is left to score.
    """
    if family == "normal":
        fit = fit_least_squares(design)
        return replace(fit, status="not estimable") if fit.status == "zero variance" else fit
    fit = fit_count_model(design, family=family)
    return replace(fit, status="not estimable", message=EXACT) if _is_exact(design, fit, family) else fit


def _is_exact(design: Design, fit: Fit, family: Family) -> bool:
    """Whether the score residuals of a usable fit, whose squares are the weights on average, are rounding error."""
    if not fit.is_usable:
        return False
    residual, weight = residual_and_weight(design, fit, family)
    told = weight > 0
    return bool((residual[told] ** 2).sum() <= FITTED_EXACTLY * weight[told].sum())


def score_parts(design: Design, fit: Fit, family: Family, cluster: np.ndarray | None = None) -> ScoreParts:
    """Score residuals and weights of a usable null `fit`, added up by `cluster` (n,) codes 0..m-1 where given."""
    residual, weight = residual_and_weight(design, fit, family)
    cross = np.sqrt(weight)[:, None] * _basis(design.matrix * np.sqrt(weight)[:, None])
    if cluster is None:
        return ScoreParts(residual, weight, cross)
    sums = np.zeros((int(cluster.max()) + 1, 2 + cross.shape[1]))
    np.add.at(sums, cluster, np.column_stack([residual, weight, cross]))
    return ScoreParts(sums[:, 0], sums[:, 1], sums[:, 2:])


def score_statistics(parts: ScoreParts, allocations: np.ndarray) -> np.ndarray:
    """U/sqrt(V) of each allocation, (draws,); 0 where the covariates determine the arm, so that V is 0."""
    pieces = [
        _statistics(parts, allocations[start : start + ALLOCATIONS_AT_A_TIME])
        for start in range(0, len(allocations), ALLOCATIONS_AT_A_TIME)
    ]
    return np.concatenate(pieces) if pieces else np.empty(0)


def _basis(columns: np.ndarray) -> np.ndarray:
    """Orthonormal basis of the columns; those without weight, or made of others, add nothing to it."""
    length = np.sqrt((columns**2).sum(axis=0))
    left, size, _ = np.linalg.svd(columns / np.where(length > 0, length, 1.0), full_matrices=False)
    return left[:, size > NO_DIRECTION * size.max(initial=0.0)]


def _statistics(parts: ScoreParts, allocations: np.ndarray) -> np.ndarray:
    columns = np.column_stack([parts.residual, parts.weight, parts.cross])
    sums = allocations.astype(float) @ columns
    variance = sums[:, 1] - (sums[:, 2:] ** 2).sum(axis=1)
    has_variance = variance > NO_VARIANCE * parts.scale
    return np.where(has_variance, sums[:, 0] / np.sqrt(np.where(has_variance, variance, 1.0)), 0.0)


def residual_and_weight(design: Design, fit: Fit, family: Family) -> tuple[np.ndarray, np.ndarray]:
    """Score residual and working weight of each row; both are 0 in a stratum of zeros alone, which tells nothing."""
    raw, mean = design.response - fit.fitted, fit.fitted
    if family == "poisson":
        return raw, mean
    if family == "negative binomial":
        # Without overdispersion the fit says so, and theta is infinite.
        spread = 1 + (mean / fit.dispersion if fit.dispersion is not None else 0.0)
        return raw / spread, mean / spread
    if family == "binomial":
        trials = np.ones_like(mean) if design.trials is None else design.trials
        return raw, mean * (1 - mean / np.where(trials > 0, trials, 1.0))
    variance = fit.variances["Residual"]
    return raw / variance, np.full_like(mean, 1 / variance)
