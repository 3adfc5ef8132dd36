"""Allocations that the trial could have made: labels permuted within each stratum, the number of each arm kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np


def allocations(strata: np.ndarray, arm: np.ndarray, *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """`draws` allocations drawn at random by the scheme of the trial, (draws, n) of 0 and 1 as int8.

    `strata` (n,) says which units were randomised together and `arm` (n,) holds 1 for intervention, 0 for control.
    Every allocation that keeps the number of intervention units of each stratum is equally likely. ValueError when
    `arm` holds anything but 0 and 1 or the lengths differ.
    """
    codes, labels = _checked(strata, arm)
    drawn = np.empty((draws, labels.size), dtype=np.int8)
    for places in _places(codes):
        drawn[:, places] = rng.permuted(np.broadcast_to(labels[places], (draws, places.size)), axis=1)
    return drawn


def every_allocation(strata: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Every allocation the scheme allows, each once, (`count_allocations`, n) as int8; ValueError as above."""
    codes, labels = _checked(strata, arm)
    blocks = _places(codes)
    patterns = [_patterns(places.size, int(labels[places].sum())) for places in blocks]
    shape = tuple(len(pattern) for pattern in patterns)
    listed = np.empty((math.prod(shape), labels.size), dtype=np.int8)
    for places, pattern, chosen in zip(blocks, patterns, np.unravel_index(np.arange(len(listed)), shape), strict=True):
        listed[:, places] = pattern[chosen]
    return listed


def count_allocations(strata: np.ndarray, arm: np.ndarray) -> int:
    """How many allocations the scheme allows: the product of binomial coefficients over strata."""
    codes, labels = _checked(strata, arm)
    return math.prod(math.comb(places.size, int(labels[places].sum())) for places in _places(codes))


def one_arm_strata(strata: np.ndarray, arm: np.ndarray) -> int:
    """How many strata hold one arm only; whatever is drawn, their labels stay as they are."""
    codes, labels = _checked(strata, arm)
    return sum(int(labels[places].min() == labels[places].max()) for places in _places(codes))


def _checked(strata: np.ndarray, arm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    labels = np.asarray(arm)
    _, codes = np.unique(np.asarray(strata), return_inverse=True)
    if codes.shape != labels.shape or labels.ndim != 1:
        raise ValueError(f"strata and arm must be vectors of one length, not {codes.shape} and {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("an arm must be 0 (control) or 1 (intervention)")
    return codes, labels.astype(np.int8)


def _places(codes: np.ndarray) -> list[np.ndarray]:
    """Positions of the units of each stratum."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if codes.size else []


def _patterns(units: int, treated: int) -> np.ndarray:
    chosen = list(combinations(range(units), treated))
    pattern = np.zeros((len(chosen), units), dtype=np.int8)
    for row, places in enumerate(chosen):
        pattern[row, list(places)] = 1
    return pattern


@dataclass(frozen=True, eq=False)
class Scheme:
    """How units were allocated: `arm` and `strata` (m,) by unit; `unit` (n,) of each row, None for a row a unit."""

    arm: np.ndarray
    strata: np.ndarray
    unit: np.ndarray | None = None

    @classmethod
    def of_rows(cls, arm: np.ndarray, strata: np.ndarray, cluster: np.ndarray | None = None) -> Scheme:
        """The scheme from values by row; `cluster` (n,) names the unit of each row. ValueError if a unit is in two."""
        labels, blocks = np.asarray(arm), np.asarray(strata)
        if cluster is None:
            return cls(labels, blocks)
        _, first, unit = np.unique(np.asarray(cluster), return_index=True, return_inverse=True)
        if (labels != labels[first][unit]).any() or (blocks != blocks[first][unit]).any():
            raise ValueError("every row of a cluster must have the arm and stratum of the cluster")
        return cls(labels[first], blocks[first], unit)

    @property
    def is_fixed(self) -> bool:
        """Whether no other allocation was possible, since no stratum holds both arms."""
        return count_allocations(self.strata, self.arm) == 1

    def sample(self, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
        """The allocation made, then `draws` at random; or all there are (True) when they are no more than `draws`."""
        if count_allocations(self.strata, self.arm) > draws:
            drawn = allocations(self.strata, self.arm, draws=draws, rng=rng)
            return np.vstack([self.arm.astype(np.int8), drawn]), False
        listed = every_allocation(self.strata, self.arm)
        made = int(np.flatnonzero((listed == self.arm).all(axis=1))[0])
        return np.vstack([listed[made], np.delete(listed, made, axis=0)]), True

    def remark(self) -> str:
        """What is to be said of strata that cannot be permuted; empty where there are none."""
        alone = one_arm_strata(self.strata, self.arm)
        if not alone:
            return ""
        return f" {alone} {'stratum has' if alone == 1 else 'strata have'} one arm only and tell nothing of the effect."
