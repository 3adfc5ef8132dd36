"""How sure the variances are: the observed information of (theta, sigma), and how Var(b) changes with them.

-2 log L = log-determinants(theta) + v log(2 pi sigma²) + r²(theta) / sigma², v = n - k (REML) or n (ML). The second
derivatives by sigma are exact; those by theta are differences of the exact gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.effects.linear.deviance import Solution, solve
from swis.effects.linear.gradient import derivatives
from swis.effects.linear.newton import central_differences

# lmerTest's bound on an eigenvalue of the Hessian below which its direction carries no information.
NO_CURVATURE = 1e-8


@dataclass(frozen=True, eq=False)
class Information:
    """`covariance` (t+1, t+1) of the estimates of (theta, sigma), and `change` (t+1, k, k) of Var(b) with them.

    The b meant are those of the columns of Q.
    """

    covariance: np.ndarray
    change: np.ndarray


def information(theta: np.ndarray, solution: Solution) -> Information:
    """Twice the inverse Hessian of the deviance at the estimate; directions without curvature are left out."""
    products, reml, sigma = solution.products, solution.reml, solution.sigma
    fixed = products.fixed

    def slopes(point: np.ndarray) -> np.ndarray:
        at = solve(point, products, reml=reml)
        parts = derivatives(at)
        slope = parts.log_determinant + parts.residual / sigma**2
        return np.concatenate([slope, sigma**2 * at.basis_covariance.ravel()])

    rows = central_differences(slopes, theta)
    size = theta.size
    hessian = np.zeros((size + 1, size + 1))
    hessian[:size, :size] = (rows[:, :size] + rows[:, :size].T) / 2
    hessian[size, :size] = hessian[:size, size] = -2 / sigma**3 * derivatives(solution).residual
    hessian[size, size] = -2 * solution.freedom / sigma**2 + 6 * solution.residual / sigma**4
    by_sigma = 2 * sigma * solution.basis_covariance
    change = np.concatenate([rows[:, size:], by_sigma.reshape(1, -1)]).reshape(size + 1, fixed, fixed)
    return Information(2 * _inverse(hessian), change)


def _inverse(hessian: np.ndarray) -> np.ndarray:
    """Inverse over the directions of positive curvature, as lmerTest takes it."""
    values, vectors = np.linalg.eigh(hessian)
    kept = values > NO_CURVATURE
    return (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
