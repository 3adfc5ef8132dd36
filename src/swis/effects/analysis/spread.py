"""How sure the spread between schools is: an interval for the standard deviation of the log rate.

The spread is 1/√θ of a negative binomial. Its mean and θ are orthogonal (Lawless, Can J Stat 1987;15:209-225), so the
likelihood of κ = 1/θ is taken at the fitted means: the limits are where it falls χ²/2 below its maximum.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq

LARGEST_SD = 5.0
SMALLEST_SD = 1e-3


def log_rate_spread(count: np.ndarray, mean: np.ndarray, theta: float | None, level: float) -> tuple[float, float]:
    """Limits of 1/√θ at the confidence `level`; the lower one is 0 where no spread at all is within it.

    `theta` None or infinite stands for no spread. nan where the upper limit is beyond 5.
    """
    fall = stats.chi2.ppf(level, 1) / 2
    best = max(_likelihood(count, mean, sd) for sd in (_sd(theta), SMALLEST_SD))

    def excess(sd: float) -> float:
        return _likelihood(count, mean, sd) - best + fall

    top = max(_sd(theta), SMALLEST_SD)
    lower = 0.0 if excess(SMALLEST_SD) >= 0 else float(brentq(excess, SMALLEST_SD, top))
    return lower, _upper(excess, top)


def _upper(excess: Callable[[float], float], top: float) -> float:
    return float("nan") if excess(LARGEST_SD) > 0 else float(brentq(excess, top, LARGEST_SD))


def _sd(theta: float | None) -> float:
    return SMALLEST_SD if theta is None or not np.isfinite(theta) else max(float(theta) ** -0.5, SMALLEST_SD)


def _likelihood(count: np.ndarray, mean: np.ndarray, sd: float) -> float:
    """Negative binomial log-likelihood in θ = 1/sd² at given means, without what does not hold θ."""
    theta = sd**-2.0
    # log of Γ(y + θ)/(Γ(θ) θ^y), which tends to 0 as θ grows: beta functions keep its digits.
    rising = special.gammaln(count + theta) - special.gammaln(theta) - count * np.log(theta)
    return float((rising - (count + theta) * np.log1p(mean / theta)).sum())
