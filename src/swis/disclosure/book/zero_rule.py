"""What the symbol itself tells: where zeros are shown every hidden count is at least 1, so sums of them are larger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from swis.disclosure.book.kinds import Floats

ROUNDS = 6


def least_by_symbols(
    relations: sparse.csr_array,
    relation_lower: Floats,
    relation_upper: Floats,
    hidden_lower: Floats,
    is_zero: NDArray[np.bool_],
) -> Floats:
    """The least that each number can be for a reader who sees nothing but symbols, and zeros where there are any.

    A total of two hidden counts is at least 2 and can never be taken for 1. Nobody can be kept from knowing that while
    zeros are shown, so it is not asked for; what was released earlier is not counted as known here.
    """
    # Either side of a relation may hold the one number that is at least the sum of the others.
    relations = sparse.csr_array(sparse.vstack([relations, -relations]))
    relation_lower = np.concatenate([relation_lower, -relation_upper])
    least = np.where(is_zero, 0.0, hidden_lower)
    row = np.repeat(np.arange(relations.shape[0]), np.diff(relations.indptr))
    positive = relations.data > 0
    alone = np.bincount(row[positive & ~is_zero[relations.indices]], minlength=relations.shape[0]) == 1
    used = alone & np.isfinite(relation_lower)
    total = positive & ~is_zero[relations.indices] & used[row]
    parts = ~positive & used[row]
    for _ in range(ROUNDS):
        known = np.bincount(
            row[parts], weights=-relations.data[parts] * least[relations.indices[parts]], minlength=len(alone)
        )
        bound = (relation_lower + known)[row[total]] / relations.data[total]
        before = least.copy()
        np.maximum.at(least, relations.indices[total], bound)
        if np.array_equal(before, least):
            break
    return least
