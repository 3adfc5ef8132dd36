"""Holm's adjustment of a family of p-values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float] | np.ndarray, *, family_size: int | None = None) -> np.ndarray:
    """Adjusted p-values in the order given: the j-th smallest becomes max over i <= j of (m - i + 1) p_(i), at most 1.

    A missing p-value (an analysis that gave none) stays missing but counts in the family's size m, because the family
    was fixed by the plan before any of its analyses could fail. `family_size` sets m where not all of the family is
    given. ValueError for a p-value outside 0 to 1 or a family smaller than its members (Holm 1979).
    """
    given = np.asarray(p_values, dtype=float)
    size = given.size if family_size is None else family_size
    known = np.flatnonzero(~np.isnan(given))
    if size < given.size or ((given[known] < 0) | (given[known] > 1)).any():
        raise ValueError("p-values lie between 0 and 1, and a family holds at least those given")
    order = known[np.argsort(given[known], kind="stable")]
    adjusted = np.full(given.size, np.nan)
    raised = given[order] * (size - np.arange(order.size))
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted
