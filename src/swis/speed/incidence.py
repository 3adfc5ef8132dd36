"""Cumulative incidence in whole working days (Aalen and Johansen 1978), with the error of a jackknife over schools.

With d(t) events, c(t) competing ends and n(t) waits not yet ended before day t, S(t) = Π (1 − (d + c) / n) and
F(t) = Σ S(t − 1) d(t) / n(t). A wait open at the last day observed leaves after the ends of that day. Waits of one
school are alike, so each school is left out in turn: Var F = (k − 1) / k Σ (F(−s) − mean)² over k schools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DayCounts:
    """By school (rows) and working day from 0 (columns): events, competing ends, and waits open so long."""

    events: Floats
    competing: Floats
    open: Floats

    @classmethod
    def of(
        cls, school: NDArray[np.int64], days: Floats, is_event: NDArray[np.bool_], is_competing: NDArray[np.bool_],
        last: int,
    ) -> DayCounts:  # fmt: skip
        """From one entry a wait; days beyond `last` count as open on `last`, which is the horizon."""
        size = int(school.max()) + 1 if len(school) else 0
        beyond = days > last
        place = school * (last + 1) + np.minimum(days, last).astype(np.int64)
        kinds = (is_event & ~beyond, is_competing & ~beyond, beyond | ~(is_event | is_competing))
        tables = [np.bincount(place[kind], minlength=size * (last + 1)).reshape(size, last + 1) for kind in kinds]
        return cls(*(table.astype(float) for table in tables))

    @property
    def at_risk(self) -> Floats:
        """Waits not ended before each day, by school."""
        ended = self.events + self.competing + self.open
        reversed_sum: Floats = np.cumsum(ended[:, ::-1], axis=1)[:, ::-1]
        return reversed_sum


def aalen_johansen(events: Floats, competing: Floats, at_risk: Floats) -> Floats:
    """F(t) along the last axis; 0 on days before anything and constant once nobody is at risk."""
    n = np.where(at_risk > 0, at_risk, 1.0)
    stays = np.cumprod(1 - (events + competing) / n, axis=-1)
    before = np.concatenate([np.ones((*stays.shape[:-1], 1)), stays[..., :-1]], axis=-1)
    incidence: Floats = np.cumsum(before * events / n, axis=-1)
    return incidence


def incidence_with_limits(counts: DayCounts, level: float) -> tuple[Floats, Floats, Floats]:
    """F and its limits by day, on the scale log(−log(1 − F)); limits missing for fewer than two schools.

    t quantiles with one degree of freedom less than schools.
    """
    sums = [table.sum(axis=0) for table in (counts.events, counts.competing, counts.at_risk)]
    incidence = aalen_johansen(*sums)
    schools = len(counts.events)
    if schools < 2:
        unknown = np.full(len(incidence), np.nan)
        return incidence, unknown, unknown
    without = [
        total - table for total, table in zip(sums, (counts.events, counts.competing, counts.at_risk), strict=True)
    ]
    each = aalen_johansen(*without)
    variance = (schools - 1) / schools * ((each - each.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (incidence > 0) & (incidence < 1)
        hazard = np.where(inner, -np.log1p(-np.where(inner, incidence, 0.5)), np.nan)
        error = np.sqrt(variance) / ((1 - incidence) * hazard)
        half = special.stdtrit(schools - 1, (1 + level) / 2) * error
        limits = [1 - np.exp(-hazard * np.exp(sign * half)) for sign in (-1, 1)]
    return incidence, limits[0], limits[1]
