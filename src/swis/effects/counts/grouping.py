"""Rows sorted by group, so that sums over groups are sums over runs of rows whatever the codes looked like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Runs:
    """Consecutive runs of one length each along the last axis: `starts` and `sizes`, both (groups,)."""

    starts: np.ndarray
    sizes: np.ndarray

    @property
    def number(self) -> int:
        """How many groups."""
        return int(self.sizes.size)

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sums over each group of the last axis."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """One value a group repeated for each of its members, along the last axis."""
        return np.repeat(values, self.sizes, axis=-1)


@dataclass(frozen=True, eq=False)
class Nesting:
    """Rows in `order` run by inner group, inner groups run by outer group (`outer` is None with one factor).

    `factors` are the names, outer first.
    """

    factors: tuple[str, ...]
    order: np.ndarray
    inner: Runs
    outer: Runs | None


def runs(sorted_codes: np.ndarray) -> Runs:
    """The runs of equal codes in an array sorted by code."""
    starts = np.flatnonzero(np.r_[True, sorted_codes[1:] != sorted_codes[:-1]])
    return Runs(starts, np.diff(np.r_[starts, sorted_codes.size]))


def is_within(inner: np.ndarray, outer: np.ndarray) -> bool:
    """Whether every group of `inner` lies in one group of `outer` only."""
    home = np.zeros(int(inner.max(initial=-1)) + 1, dtype=np.intp)
    home[inner] = outer
    return bool((home[inner] == outer).all())


def outer_first(names: Sequence[str], codes: Sequence[np.ndarray]) -> tuple[str, ...] | None:
    """The names of two factors, outer first; None when neither lies within the other."""
    (first, second), (first_codes, second_codes) = names, codes
    if is_within(second_codes, first_codes):
        return (first, second)
    if is_within(first_codes, second_codes):
        return (second, first)
    return None


def nest(names: Sequence[str], codes: Sequence[np.ndarray]) -> Nesting:
    """The order of rows and the runs of one factor, or of two given outer first."""
    if len(names) == 1:
        order = np.argsort(codes[0], kind="stable")
        return Nesting(tuple(names), order, runs(codes[0][order]), None)
    outer, inner = codes
    order = np.lexsort((inner, outer))
    inner_runs = runs(inner[order])
    return Nesting(tuple(names), order, inner_runs, runs(outer[order][inner_runs.starts]))
