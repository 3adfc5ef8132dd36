"""Rows that a coefficient on its way to infinity fits perfectly, found by linear programming.

A direction d of the coefficients never lowers the likelihood, and raises it without end, when x_i d <= 0 wherever the
response is 0, x_i d >= 0 wherever it is at its upper bound (all trials successes), x_i d = 0 elsewhere, and some
x_i d is not 0. The rows with x_i d != 0 are then fitted perfectly in the limit and tell nothing about the other
coefficients: the limiting model is the same one on the rows that are left (Albert & Anderson 1984; Geyer 2009).
A stratum whose schools all count zero is the commonest case.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg, optimize

from swis.effects.counts.families import Outcome

# Relative size below which a singular value or x_i d is rounding error.
ROUNDING = 1e-7
# A fit further than this from 0 and 1 is not on its way to infinity.
EXTREME = 1e-6


def separated_rows(outcome: Outcome, matrix: np.ndarray) -> np.ndarray:
    """Mask (n,) of the rows that leave the likelihood in the limit; `matrix` has columns of like size (n, k)."""
    separated = np.zeros(outcome.response.size, dtype=bool)
    side = _sides(outcome)
    while not separated.all():
        left = ~separated
        moved = _moved_by_recession(matrix[left], side[left])
        if not moved.any():
            return separated
        separated[np.flatnonzero(left)[moved]] = True
    return separated


def can_be_separated(outcome: Outcome, matrix: np.ndarray) -> bool:
    """Whether rows strictly inside the range of the response leave any direction free (cheap, and exact when False)."""
    inside = matrix[_sides(outcome) == 0.0]
    gram = inside.T @ inside
    values = linalg.eigvalsh(gram, check_finite=False)
    return bool(values[0] <= 1e-9 * max(float(values[-1]), 1e-300))


def is_extreme(outcome: Outcome, means: np.ndarray) -> bool:
    """Whether a binomial fit has a row at a bound of the response that is fitted as if certain."""
    assert outcome.trials is not None
    share = means / np.where(outcome.trials > 0.0, outcome.trials, 1.0)
    side = _sides(outcome)
    return bool(((side < 0.0) & (share < EXTREME)).any() or ((side > 0.0) & (share > 1.0 - EXTREME)).any())


def _sides(outcome: Outcome) -> np.ndarray:
    """-1 where the response is 0, 1 where it is at its upper bound, 0 inside; nan where there is no trial at all."""
    side = np.where(outcome.response <= 0.0, -1.0, 0.0)
    if outcome.trials is not None:
        side = np.where(outcome.response >= outcome.trials, 1.0, side)
        side = np.where(outcome.trials <= 0.0, np.nan, side)
    return side


def _moved_by_recession(matrix: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Rows with x_i d != 0 for the direction that moves most of them, none when there is no such direction."""
    free = _null_space(matrix[side == 0.0], matrix.shape[1])
    bounded = np.isfinite(side) & (side != 0.0)
    moved = np.zeros(side.size, dtype=bool)
    if free.shape[1] == 0 or not bounded.any():
        return moved
    towards = (side[bounded, None] * matrix[bounded]) @ free
    # A direction that no row sees (the column of a stratum already left out) moves rows by rounding error only.
    smallest = ROUNDING * float(np.abs(matrix).max(initial=1e-300))
    towards = np.where(np.abs(towards) > smallest, towards, 0.0)
    distinct = np.unique(np.round(towards, 12), axis=0)
    if not distinct.any():
        return moved
    found = optimize.linprog(
        -distinct.sum(axis=0), A_ub=-distinct, b_ub=np.zeros(len(distinct)), bounds=(-1.0, 1.0), method="highs"
    )
    if found.status != 0:
        return moved
    moved[np.flatnonzero(bounded)] = towards @ found.x > smallest
    return moved


def _null_space(matrix: np.ndarray, columns: int) -> np.ndarray:
    """Directions (k, r) that no row of the matrix sees."""
    if matrix.shape[0] == 0:
        return np.eye(columns)
    values, vectors = linalg.eigh(matrix.T @ matrix, check_finite=False)
    return np.asarray(vectors[:, values <= 1e-9 * max(float(values[-1]), 1e-300)])
