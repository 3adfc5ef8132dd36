"""Interval by inversion of the randomisation test of the score: the ratios that the test does not reject.

To test an effect d, the intervention arm carries d as an offset of the model without the arm, and the residuals that
are left are permuted; the same allocations serve every d, so the limits are smooth and repeatable. The limits are where
|T| first exceeds so many of the |T*| that p <= 1 - level (Rabideau and Wang 2021 for cluster trials).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from swis.effects.allocations import Scheme
from swis.effects.design import Design
from swis.effects.fit import Status
from swis.effects.randomisation import TIE, counted, why_no_inference
from swis.effects.score_statistic import Family, fit_null, score_parts, score_statistics

LIMIT_PRECISION = 1e-5
FIRST_STEP = 0.1
# On the log scale: an interval that reaches past a ratio of 3,000 is called open.
WIDEST_SEARCH = 8.0


@dataclass(frozen=True)
class RandomisationInterval:
    """Limits on the scale of the link (log rate ratio, log odds ratio, mean difference), infinite where open."""

    lower: float
    upper: float
    level: float
    draws: int
    is_exact: bool
    status: Status
    message: str


def randomisation_interval(
    design: Design,
    arm: np.ndarray,
    strata: np.ndarray,
    *,
    family: Family = "negative binomial",
    draws: int = 10_000,
    level: float = 0.95,
    rng: np.random.Generator,
    cluster: np.ndarray | None = None,
    scale: float = 1.0,
) -> RandomisationInterval:
    """Interval for the effect of the arm; arguments as for `randomisation_test`, with the score as the statistic.

    `scale` is a typical size of the effect (1 on a log scale; the standard deviation of a normal outcome), by which
    the search steps.
    """
    scheme = Scheme.of_rows(arm, strata, cluster)
    fit = fit_null(design, family)
    why = why_no_inference(fit, scheme, design, arm)
    if why is not None:
        return RandomisationInterval(np.nan, np.nan, level, 0, False, *why)
    drawn, is_exact = scheme.sample(draws, rng)
    scores = _Scores(design, np.asarray(arm, dtype=float), scheme.unit, family, scale)
    rank = int(np.floor((1 - level) * len(drawn) + TIE))
    centre = _zero(lambda effect: scores.of_made(drawn[:1], effect))
    below, above = (_limit(lambda effect: scores.excess(drawn, rank, effect), centre, side) for side in (-1, 1))
    is_open = not np.isfinite([below, above]).all()
    remark = " The interval is open: too few allocations, or too few events, to exclude any ratio." if is_open else ""
    message = f"{counted(len(drawn), is_exact)} by the scheme of the trial.{scheme.remark()}{remark}"
    draws = len(drawn) if is_exact else len(drawn) - 1
    return RandomisationInterval(below * scale, above * scale, level, draws, is_exact, fit.status, message)


@dataclass(frozen=True, eq=False)
class _Scores:
    """Score statistics when the intervention arm carries an effect (in units of `scale`) as an offset."""

    design: Design
    arm: np.ndarray
    unit: np.ndarray | None
    family: Family
    scale: float

    def at(self, drawn: np.ndarray, effect: float) -> np.ndarray:
        """(draws,); nan where the model cannot be fitted."""
        shifted = replace(self.design, offset=self.design.offset + effect * self.scale * self.arm)
        fit = fit_null(shifted, self.family)
        if not fit.is_usable:
            return np.full(len(drawn), np.nan)
        return score_statistics(score_parts(shifted, fit, self.family, self.unit), drawn)

    def of_made(self, made: np.ndarray, effect: float) -> float:
        """The statistic of the allocation made; it falls as the effect tested rises, and is 0 at the estimate."""
        return float(self.at(made, effect)[0])

    def excess(self, drawn: np.ndarray, rank: int, effect: float) -> float:
        """Above 0 where the test of `effect` rejects: |T| less the `rank`-th largest of the other |T*|."""
        if rank < 1:
            return -1.0
        size = np.abs(self.at(drawn, effect))
        if np.isnan(size).any():
            return -1.0
        others = size.size - 1
        return float(size[0] * (1 - TIE) - np.partition(size[1:], others - rank)[others - rank])


def _zero(signed: Callable[[float], float]) -> float:
    """Where the statistic of the allocation made is 0; the end of the search if nowhere (an arm without events)."""
    start = signed(0.0)
    if not abs(start) > 0:
        return 0.0
    side, inner, step = np.sign(start), 0.0, FIRST_STEP
    while not signed(side * step) * start <= 0:
        inner, step = step, 2 * step
        if step > WIDEST_SEARCH:
            return float(side * inner)
    return float(brentq(signed, side * inner, side * step, xtol=LIMIT_PRECISION))


def _limit(excess: Callable[[float], float], centre: float, side: int) -> float:
    """Where rejection begins on one `side` (-1 below, 1 above) of the estimate; infinite if nowhere."""
    inner, step = 0.0, FIRST_STEP
    while excess(centre + side * step) <= 0:
        inner, step = step, 2 * step
        if step > 2 * WIDEST_SEARCH:
            return side * np.inf
    if excess(centre + side * inner) > 0:
        return centre
    return float(brentq(excess, centre + side * inner, centre + side * step, xtol=LIMIT_PRECISION))
