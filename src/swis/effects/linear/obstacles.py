"""What makes a linear mixed model not estimable, found before the search and said in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from swis.effects.counts.checks import single_school_arm
from swis.effects.counts.grouping import is_within
from swis.effects.design import RANK_TOLERANCE, Design
from swis.effects.fit import Status
from swis.effects.linear.cross_products import CrossProducts
from swis.effects.linear.random_factors import RandomFactor
from swis.effects.linear.start import least_left_by_columns, most_explained

# A sum of squares this small beside the one it is a part of is rounding: nothing is left to have a variance.
NOTHING_LEFT = 1e-12

Obstacle = tuple[Status, str]


def obstacle_of_shape(design: Design, factors: Sequence[RandomFactor], arm: str) -> Obstacle | None:
    """Too few rows, too few or too many levels, two factors that are one, or an arm of one group.

    None when the model may be reduced to cross-products.
    """
    rows, columns = design.matrix.shape
    if rows <= columns:
        return "not estimable", f"{rows} rows cannot carry {columns} coefficients and a residual variance."
    for factor in factors:
        if factor.levels < 2:
            return "not estimable", f"{factor.name} has one level: a variance between levels needs two or more."
        if factor.levels * factor.width >= rows:
            return "not estimable", f"{factor.name} has as many effects as there are rows: they are the residual."
    for left, right in combinations(factors, 2):
        if left.levels == right.levels and is_within(left.codes, right.codes):
            return "not estimable", f"{left.name} and {right.name} are the same grouping: one variance, not two."
    verdict = single_school_arm(design, arm)
    return None if verdict is None else (verdict.status, verdict.message)


def obstacle_of_columns(design: Design, triangle: np.ndarray) -> Obstacle | None:
    """Columns that repeat others, from the R of their QR decomposition."""
    lengths = np.sqrt((triangle**2).sum(axis=0))
    lost = np.abs(np.diag(triangle)) <= RANK_TOLERANCE * lengths
    if not lost.any():
        return None
    aliased = ", ".join(name for name, gone in zip(design.names, lost, strict=True) if gone)
    return "not estimable", f"Linear combinations of other columns: {aliased}. Leave them out."


def obstacle_of_numbers(products: CrossProducts) -> Obstacle | None:
    """Effects that the columns determine, or a response without residual variance; None when the search may start."""
    for factor, share in zip(products.factors, least_left_by_columns(products), strict=True):
        if share < NOTHING_LEFT:
            return "not estimable", f"The columns determine an effect of {factor.name}: it cannot be random as well."
    left = float(products.others[-1, -1])
    whole = float(products.projection @ products.projection) + left
    if whole == 0:
        return "all zero", "Every value of the response is zero: no effect and no variance can be estimated."
    if left <= NOTHING_LEFT**2 * whole:
        return "not estimable", "The fixed effects reproduce the response exactly: no variance is left."
    for factor, explained in zip(products.factors, most_explained(products), strict=True):
        if left - explained <= NOTHING_LEFT * left:
            return "not estimable", f"The response does not vary within levels of {factor.name}: no residual is left."
    return None
