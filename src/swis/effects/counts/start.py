"""Where the maximisation of a mixed model begins: moments of a GLM's residuals, and a first guess of the covariance.

With r_i = y_i - fitted and w_i = d fitted/d eta of a Poisson or binomial GLM, E[r_i r_j] is about w_i w_j times the
variance of the random effects that rows i and j share. So pairs within an inner group estimate the sum of the
variances, pairs within an outer group but not within an inner one the outer variance, and squares alone, less the
family's own variance, the sum of all variances and 1/theta.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from swis.effects.counts import families
from swis.effects.counts.glm import GlmSolution, inverse
from swis.effects.counts.grouping import Runs
from swis.effects.counts.marginal import Table

SMALLEST_VARIANCE, LARGEST_VARIANCE = 0.01, 4.0
SMALLEST_INVERSE_THETA, LARGEST_INVERSE_THETA = 0.02, 20.0


def starting_vector(table: Table, glm: GlmSolution) -> np.ndarray:
    """(beta, rho, tau) to begin with, from a Poisson or binomial GLM of the rows as sorted in `table`."""
    family = "poisson" if table.outcome.has_shape else table.outcome.family
    residual, weight = families.slope_and_weight(replace(table.outcome, family=family), glm.eta, None)
    shared = _shared_variances(table, residual, weight)
    vector = [*glm.coefficients, *(0.5 * np.log(shared))]
    if table.outcome.has_shape:
        squares = float((residual**2 - weight).sum() / (weight**2).sum())
        rest = np.clip(squares - shared.sum(), SMALLEST_INVERSE_THETA, LARGEST_INVERSE_THETA)
        vector.append(-float(np.log(rest)))
    return np.asarray(vector)


def starting_covariance(table: Table, vector: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """A guess of the inverse Hessian: generalised least squares for beta, expected curvatures for the rest.

    With W the expected weights at `eta`, M_s the weighted column sums of inner group s, D_s = 1 + b² W_s and
    S_l = 1 + a² sum W_s/D_s:  X'V⁻¹X = X'WX - sum_s b²/D_s M_s M_s' - sum_l a²/S_l N_l N_l',  N_l = sum_s M_s/D_s.
    """
    _, deviation, tau = table.split(vector)
    weight = families.slope_and_weight(table.outcome, eta, tau)[1]
    weighted = (table.matrix * weight[:, None]).T
    inner, outer = table.nesting.inner, table.nesting.outer
    variance = deviation[-1] ** 2
    inner_weight = inner.total(weight)
    diagonal = 1.0 + variance * inner_weight
    sums = inner.total(weighted)
    information = weighted @ table.matrix - (sums * (variance / diagonal)) @ sums.T
    curvatures = [_curvature(diagonal)]
    if outer is not None:
        schur = 1.0 + deviation[0] ** 2 * outer.total(inner_weight / diagonal)
        upper = outer.total(sums / diagonal)
        information -= (upper * (deviation[0] ** 2 / schur)) @ upper.T
        curvatures.insert(0, _curvature(schur))
    if tau is not None:
        # A large count tells half a unit of information about log theta, a small one the square of mu/(mu + theta).
        curvatures.append(max(0.5 * float((special.expit(eta - tau) ** 2).sum()), 1.0))
    size = table.columns
    covariance = np.zeros((table.parameters, table.parameters))
    covariance[:size, :size] = inverse(information)
    covariance[range(size, table.parameters), range(size, table.parameters)] = 1.0 / np.asarray(curvatures)
    return covariance


def _shared_variances(table: Table, residual: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Variances of the random intercepts, outer first, from products of residuals within groups."""
    inner, outer = table.nesting.inner, table.nesting.outer
    inner_pairs = _pairs(inner, residual, weight)
    if inner_pairs[1] <= 0.0:
        # One row a group: nothing is shared, and the squares must serve.
        inner_pairs = (float((residual**2 - weight).sum()), float((weight**2).sum()))
    total = inner_pairs[0] / inner_pairs[1]
    if outer is None:
        return np.clip([total], SMALLEST_VARIANCE, LARGEST_VARIANCE)
    between = _pairs(outer, inner.total(residual), inner.total(weight))
    upper = between[0] / between[1] if between[1] > 0.0 else total / 2.0
    return np.clip([upper, total - max(upper, 0.0)], SMALLEST_VARIANCE, LARGEST_VARIANCE)


def _pairs(groups: Runs, residual: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Sums over pairs of unlike rows within groups of r_i r_j and of w_i w_j."""
    crossed = float((groups.total(residual) ** 2).sum() - (residual**2).sum())
    return crossed, float((groups.total(weight) ** 2).sum() - (weight**2).sum())


def _curvature(diagonal: np.ndarray) -> float:
    """Expected curvature in a log standard deviation: twice the sum of squared reliabilities of the groups."""
    return max(2.0 * float(((1.0 - 1.0 / diagonal) ** 2).sum()), 0.5)
