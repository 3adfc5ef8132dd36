"""Maximisation of a marginal likelihood: BFGS from a good first covariance, a Hessian, and a last Newton step.

The Hessian is got by central differences of the exact gradient along the columns of a Cholesky factor L of the
approximate covariance, where a step of 0.001 is a thousandth of a standard error in every direction: the truncation
error is then about 1e-7 of the curvature, and the rounding error about as small. The covariance of all parameters is
the inverse of minus that Hessian, as in glmmTMB and in lme4 with use.hessian.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from swis.effects.counts.marginal import Marginal

# Objective: (vectors (…, p), starting modes) → Marginal.
Objective = Callable[[np.ndarray, np.ndarray | None], Marginal]

DIFFERENCE = 1e-3
DECREMENT = 1e-10
LAST_DECREMENT = 1e-8
ITERATIONS = 200
ROUNDS = 4
LONGEST_LOG_STEP = 1.5
# Numbers held at once while differencing: more than a cache holds is slower than another pass.
LARGEST_BATCH = 100_000


@dataclass(frozen=True, eq=False)
class Peak:
    """Where the climb ended: vector, marginal likelihood there, and the covariance it went by."""

    vector: np.ndarray
    marginal: Marginal
    covariance: np.ndarray
    decrement: float


@dataclass(frozen=True, eq=False)
class Curvature:
    """Minus the inverse Hessian at a vector; `is_peak` when the Hessian is negative definite."""

    covariance: np.ndarray
    is_peak: bool


def climb(objective: Objective, begin: np.ndarray, covariance: np.ndarray, logs: int, modes: np.ndarray | None) -> Peak:
    """BFGS ascent with backtracking; the last `logs` parameters are logarithms, whose steps are kept short."""
    vector, inverse = begin, covariance
    at = objective(vector, modes)
    decrement = np.inf
    for _ in range(ITERATIONS):
        step = inverse @ at.gradient
        decrement = float(at.gradient @ step)
        if not np.isfinite(decrement) or decrement <= 0.0:
            step, decrement, inverse = covariance @ at.gradient, np.inf, covariance
        if decrement <= DECREMENT:
            break
        step = step / max(1.0, float(np.abs(step[-logs:]).max()) / LONGEST_LOG_STEP)
        moved = _backtracked(objective, at, vector, step)
        if moved is None:
            break
        inverse = _updated(inverse, moved[0] - vector, at.gradient - moved[1].gradient)
        vector, at = moved
    return Peak(vector, at, inverse, decrement)


def _backtracked(
    objective: Objective, at: Marginal, vector: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, Marginal] | None:
    """The first of step, shorter, shorter still … that raises the likelihood enough; None when none does."""
    slope = float(at.gradient @ step)
    length = 1.0
    for _ in range(25):
        there = vector + length * step
        found = objective(there, at.modes)
        rise = float(found.value - at.value)
        if np.isfinite(rise) and rise >= 1e-4 * length * slope:
            return there, found
        # The parabola through both values and the slope has its top here.
        fall = slope * length - rise
        best = 0.5 * slope * length**2 / fall if np.isfinite(fall) and fall > 0.0 else 0.0
        length = float(np.clip(best, 0.1 * length, 0.5 * length))
    return None


def _updated(inverse: np.ndarray, step: np.ndarray, change: np.ndarray) -> np.ndarray:
    """The BFGS update of an inverse Hessian of minus the likelihood, left alone where the curvature is not positive."""
    product = float(step @ change)
    if product <= 1e-12 * float(np.sqrt((step @ step) * (change @ change))):
        return inverse
    moved = inverse @ change
    scale = (product + float(change @ moved)) / product**2
    crossed = np.outer(moved, step)
    return inverse + scale * np.outer(step, step) - (crossed + crossed.T) / product


def curvature(objective: Objective, peak: Peak, cost: int) -> Curvature:
    """The covariance by differences of the gradient about a peak; `cost` is the numbers one vector holds."""
    factor = _factor(peak.covariance)
    size = peak.vector.size
    steps = DIFFERENCE * np.concatenate([factor.T, -factor.T])
    batch = max(1, LARGEST_BATCH // max(cost, 1))
    gradients = np.concatenate(
        [
            objective(peak.vector + steps[first : first + batch], peak.marginal.modes).gradient
            for first in range(0, 2 * size, batch)
        ]
    )
    scaled = factor.T @ (gradients[size:] - gradients[:size]).T / (2.0 * DIFFERENCE)
    scaled = (scaled + scaled.T) / 2.0
    values, vectors = linalg.eigh(scaled) if np.isfinite(scaled).all() else (np.full(size, np.nan), np.eye(size))
    is_peak = bool(values[0] > 0.0) if np.isfinite(values[0]) else False
    # Where it is not a peak the covariance is only a direction to climb on.
    directions = factor @ vectors
    covariance = (directions / np.maximum(np.abs(values), 1e-8)) @ directions.T if np.isfinite(values[0]) else None
    return Curvature(peak.covariance if covariance is None else (covariance + covariance.T) / 2.0, is_peak)


def polish(objective: Objective, peak: Peak, logs: int, cost: int) -> tuple[Peak, Curvature]:
    """Hessian and Newton step in turn until the step gains nothing; the Hessian returned is of the last climb."""
    bend = curvature(objective, peak, cost)
    for _ in range(ROUNDS):
        step = bend.covariance @ peak.marginal.gradient
        decrement = float(peak.marginal.gradient @ step)
        if not bend.is_peak or not decrement > LAST_DECREMENT:
            break
        # Far enough from the top for the Hessian to have changed: climb on and take it anew.
        peak = climb(objective, peak.vector, bend.covariance, logs, peak.marginal.modes)
        bend = curvature(objective, peak, cost)
    step = bend.covariance @ peak.marginal.gradient
    last = objective(peak.vector + step, peak.marginal.modes)
    if bend.is_peak and last.value >= peak.marginal.value - 1e-9 * abs(peak.marginal.value):
        peak = Peak(peak.vector + step, last, bend.covariance, 0.0)
    decrement = float(peak.marginal.gradient @ bend.covariance @ peak.marginal.gradient)
    return Peak(peak.vector, peak.marginal, bend.covariance, decrement), bend


def _factor(covariance: np.ndarray) -> np.ndarray:
    """A Cholesky factor, or the square roots of the diagonal where rounding made the matrix indefinite."""
    try:
        return np.asarray(linalg.cholesky(covariance, lower=True))
    except (linalg.LinAlgError, ValueError):
        return np.diag(np.sqrt(np.maximum(np.abs(np.nan_to_num(np.diag(covariance), nan=1.0)), 1e-12)))
