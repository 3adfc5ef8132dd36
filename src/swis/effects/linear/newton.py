"""Minimise a smooth function of a few parameters by Newton steps, its second derivatives by differences of the first.

Differences cost an evaluation a parameter, so while steps do what they promise the curvature is not taken anew but
corrected by what the last step showed of it: the symmetric rank-one update, Nocedal and Wright 2006, section 6.2.

The deviance of a mixed model is even in each column of T, so a variance of zero is a stationary point and needs no
bound: a minimum there has positive curvature, and where the curvature is negative the search is pushed off and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

ValueAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]
# Differences of an exact gradient: large enough for rounding, small enough for the curvature's own change.
STEP = 1e-4
# A step is at most this long, or this share of the way from zero.
LONGEST_STEP = 0.7
SMALLEST_CURVATURE = 1e-8
FLAT = 1e-7
MAY_BE_FLAT = 1e-3
PUSH = 0.1
# A step keeps its promise when the gradient falls to this share; the next curvature is then corrected, not taken anew.
KEPT = 0.5
# A corrected curvature is believed at the end if the last step leaves no more of the gradient than this share.
SPENT = 0.01
# Corrections along a direction that the curvature already explains this well would be rounding.
EXPLAINED = 1e-8


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where the search ended; `decrement` is the fall that one more Newton step promises.

    `is_flat`: in some direction the function does not curve, so that other points are as low.
    """

    point: np.ndarray
    value: float
    decrement: float
    converged: bool
    is_flat: bool = False


def minimise(function: ValueAndGradient, start: np.ndarray, *, tolerance: float = 1e-9, steps: int = 60) -> Minimum:
    """Search from `start` until a Newton step promises a fall of less than `tolerance` at a point of no descent."""
    point = np.asarray(start, dtype=float)
    value, gradient = function(point)
    decrement, flat, curvature, is_exact = np.inf, False, None, False
    for _ in range(steps):
        longest = LONGEST_STEP * max(1.0, float(np.sqrt(point @ point)))
        if curvature is None:
            curvature, is_exact = _curvature(function, point, gradient), True
        direction, lowest, flat = _direction(curvature, gradient, longest)
        decrement = float(-gradient @ direction) / 2
        if decrement < tolerance and lowest is None:
            # One last step, for the digits, where it does not climb.
            ends, slope = function(point + direction)
            is_trusted = is_exact or slope @ slope <= SPENT**2 * (gradient @ gradient)
            curvature = _corrected(curvature, direction, slope, gradient)
            if ends <= value:
                point, value, gradient = point + direction, ends, slope
            else:
                curvature = None
            if is_trusted:
                break
            continue
        if decrement < tolerance and lowest is not None:
            direction = PUSH * lowest
        moved = _descend(function, point, value, gradient, direction)
        if moved is None:
            break
        curvature = _corrected(curvature, moved[0] - point, moved[2], gradient) if lowest is None else None
        is_exact = False
        point, value, gradient = moved
    # Rough curvatures raise the suspicion, exact ones decide.
    flat = flat and _is_flat(_curvatures(differences(lambda at: function(at)[1], point)), FLAT)
    return Minimum(point, value, decrement, bool(decrement < 1e-6), flat)


def central_differences(function: Callable[[np.ndarray], np.ndarray], point: np.ndarray) -> np.ndarray:
    """Derivatives of a vector function, one row a parameter, by two points: enough for degrees of freedom."""
    steps = np.diag(STEP / 4 * np.maximum(0.1, np.abs(point)))
    return np.array([(function(point + unit) - function(point - unit)) / (2 * unit.sum()) for unit in steps])


def differences(function: Callable[[np.ndarray], np.ndarray], point: np.ndarray) -> np.ndarray:
    """Derivatives of a vector function, one row a parameter, by central differences of four points."""
    rows = []
    for place in range(point.size):
        unit = np.zeros(point.size)
        unit[place] = step = 2 * STEP * max(0.1, abs(point[place]))
        near = (function(point + unit) - function(point - unit)) / (2 * step)
        far = (function(point + 2 * unit) - function(point - 2 * unit)) / (4 * step)
        rows.append((4 * near - far) / 3)
    return np.array(rows)


def _curvature(function: ValueAndGradient, point: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Second derivatives by forward differences: good enough to choose a step by."""
    steps = 1e-5 * np.maximum(0.1, np.abs(point))
    rows = [(function(point + unit)[1] - gradient) for unit in np.diag(steps)]
    curvature = np.array(rows) / steps[:, None]
    return (curvature + curvature.T) / 2


def _corrected(curvature: np.ndarray, step: np.ndarray, gradient: np.ndarray, before: np.ndarray) -> np.ndarray | None:
    """The curvature that explains how the gradient changed over a step; None where it is better taken anew."""
    if gradient @ gradient > KEPT**2 * (before @ before):
        return None
    unexplained = gradient - before - curvature @ step
    along = float(unexplained @ step)
    if abs(along) <= EXPLAINED * np.sqrt(float(step @ step) * float(unexplained @ unexplained)):
        return curvature
    return curvature + np.outer(unexplained, unexplained) / along


def _direction(
    curvature: np.ndarray, gradient: np.ndarray, longest: float
) -> tuple[np.ndarray, np.ndarray | None, bool]:
    """Newton's step, curvatures made positive, its length bounded; the way of negative curvature, if any; flatness."""
    values, vectors = np.linalg.eigh(curvature)
    largest = max(float(np.abs(values).max()), 1.0)
    size = np.maximum(np.abs(values), SMALLEST_CURVATURE * largest)
    step = -vectors @ ((vectors.T @ gradient) / size)
    length = float(np.sqrt(step @ step))
    lowest = vectors[:, 0] if values[0] < -1e-6 * largest else None
    return (step if length <= longest else step * (longest / length)), lowest, _is_flat(values, MAY_BE_FLAT)


def _curvatures(curvature: np.ndarray) -> np.ndarray:
    """The curvatures along the principal directions."""
    return np.asarray(np.linalg.eigvalsh((curvature + curvature.T) / 2))


def _is_flat(curvatures: np.ndarray, bound: float) -> bool:
    """Whether the smallest curvature is nothing beside the largest."""
    size = np.abs(curvatures)
    return bool(size.size > 1 and size.min() < bound * size.max())


def _descend(
    function: ValueAndGradient, point: np.ndarray, value: float, gradient: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray] | None:
    """The first point along a direction, halving the step, that is lower; None when none is within rounding."""
    rounding = 16 * np.finfo(float).eps * max(1.0, abs(value))
    promised = 1e-4 * float(gradient @ direction)
    length = 1.0
    while length > 1e-8:
        new, slope = function(point + length * direction)
        if new <= value + length * promised + rounding:
            return point + length * direction, new, slope
        length /= 2
    return None
