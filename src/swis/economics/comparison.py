"""Arms compared as if every authority had the same share of schools in both, and schools drawn anew.

Each school of an arm stands for (schools of its authority) / (schools of its authority and arm), so that both arms have
the mix of authorities of all schools together; a rate is a ratio of the sums so weighted.
Source of the resampling: Rao and Wu (1988), JASA 83, 231-241: n − 1 schools drawn of n and weighted up by n / (n − 1)
give the variance of a stratified sample, where drawing n would understate it by (n − 1) / n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

PER_PUPILS = 1_000


@dataclass(frozen=True, eq=False)
class Arms:
    """Schools of both arms: `authority` and `is_intervention` by school, authorities with one arm left out before."""

    authority: np.ndarray
    is_intervention: np.ndarray

    @cached_property
    def weights(self) -> np.ndarray:
        """How many schools of both arms each school of its arm stands for."""
        _, place = np.unique(self.authority, return_inverse=True)
        both = np.bincount(place)[place]
        stratum = place * 2 + self.is_intervention
        return both / np.bincount(stratum, minlength=2 * (place.max() + 1))[stratum]

    def totals(self, values: np.ndarray, times: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Weighted sums in the intervention and in the control arm.

        `values` is one number a school or one row a school; `times` how often each school counts, one row a replicate
        (1 each where it is None). The result has a row a replicate where `times` is given.
        """
        counted = self.weights if times is None else times * self.weights
        treated = self.is_intervention
        return np.asarray(counted * treated @ values), np.asarray(counted * ~treated @ values)


def arms_of(schools: pd.DataFrame) -> tuple[Arms, pd.DataFrame]:
    """Arms of the schools [authority, arm] whose authority has schools of both, and those schools in a fixed order."""
    has_both = schools.groupby("authority")["arm"].transform("nunique") == 2
    kept = schools[has_both].sort_values(["authority", "arm", "urn"], kind="stable").reset_index(drop=True)
    return Arms(kept["authority"].to_numpy(dtype=object), (kept["arm"] == "intervention").to_numpy(bool)), kept


def draws(arms: Arms, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """How often each school counts in each replicate (replicates × schools).

    A school that is alone in its authority and arm counts once in every replicate: nothing says how it might vary.
    """
    _, place = np.unique(arms.authority, return_inverse=True)
    stratum = place * 2 + arms.is_intervention
    times = np.ones((replicates, len(stratum)))
    for one in np.unique(stratum):
        members = np.flatnonzero(stratum == one)
        size = len(members)
        if size > 1:
            drawn = rng.multinomial(size - 1, np.full(size, 1 / size), size=replicates)
            times[:, members] = drawn * (size / (size - 1))
    return times


def rates(arms: Arms, count: np.ndarray, base: np.ndarray, times: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Count per 1,000 of the base in the intervention and in the control arm, by replicate where `times` is given."""
    above, below = arms.totals(count, times), arms.totals(base, times)
    return tuple(PER_PUPILS * (one.T / other).T for one, other in zip(above, below, strict=True))


def interval(replicates: np.ndarray, level: float) -> tuple[float, float]:
    """Percentile limits of replicates."""
    low, high = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
