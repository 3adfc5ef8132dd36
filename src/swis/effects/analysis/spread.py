"""How sure the spread between schools is: an interval for the standard deviation of the log rate, or of the log odds.

The spread of counts is 1/√θ of a negative binomial. Its mean and θ are orthogonal (Lawless, Can J Stat
1987;15:209-225), so the likelihood of κ = 1/θ is taken at the fitted means: the limits are where it falls χ²/2 below
its maximum. That of shares is the standard deviation of the normal intercept, its likelihood taken at the fitted
coefficients.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq

LARGEST_SD = 5.0
SMALLEST_SD = 1e-3
# Points over which a normal intercept is averaged: enough for a standard deviation of 5 over a hundred cases.
POINTS = 61
Likelihood = Callable[[float], float]


def log_rate_spread(count: np.ndarray, mean: np.ndarray, theta: float | None, level: float) -> tuple[float, float]:
    """Limits of 1/√θ at the confidence `level`; the lower one is 0 where no spread at all is within it.

    `theta` None or infinite stands for no spread. nan where the upper limit is beyond 5.
    """
    sd = 0.0 if theta is None or not np.isfinite(theta) else float(theta) ** -0.5
    return _limits(lambda one: _of_counts(count, mean, one), sd, level)


def log_odds_spread(
    successes: np.ndarray, trials: np.ndarray, predictor: np.ndarray, sd: float, level: float
) -> tuple[float, float]:
    """Limits of the standard deviation of the log odds, `predictor` being each school's log odds without its intercept.

    The lower limit is 0 where no spread at all is within the interval, the upper nan where it is beyond 5.
    """
    return _limits(lambda one: _of_shares(successes, trials, predictor, one), sd, level)


def over_intercepts(predictor: np.ndarray, sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Shares of every school at the points of a normal intercept (schools, points), and the weights of the points."""
    points, weights = np.polynomial.hermite_e.hermegauss(POINTS)
    return special.expit(predictor[:, None] + sd * points), weights / weights.sum()


def _limits(likelihood: Likelihood, sd: float, level: float) -> tuple[float, float]:
    fall = stats.chi2.ppf(level, 1) / 2
    top = max(sd, SMALLEST_SD)
    best = max(likelihood(one) for one in (top, SMALLEST_SD))

    def excess(one: float) -> float:
        return likelihood(one) - best + fall

    lower = 0.0 if excess(SMALLEST_SD) >= 0 else float(brentq(excess, SMALLEST_SD, top))
    return lower, float("nan") if excess(LARGEST_SD) > 0 else float(brentq(excess, top, LARGEST_SD))


def _of_counts(count: np.ndarray, mean: np.ndarray, sd: float) -> float:
    """Negative binomial log-likelihood in θ = 1/sd² at given means, without what does not hold θ."""
    theta = sd**-2.0
    # log of Γ(y + θ)/(Γ(θ) θ^y), which tends to 0 as θ grows: beta functions keep its digits.
    rising = special.gammaln(count + theta) - special.gammaln(theta) - count * np.log(theta)
    return float((rising - (count + theta) * np.log1p(mean / theta)).sum())


def _of_shares(successes: np.ndarray, trials: np.ndarray, predictor: np.ndarray, sd: float) -> float:
    """Binomial log-likelihood over a normal intercept, without what does not hold its standard deviation."""
    share, weights = over_intercepts(predictor, sd)
    inside = special.xlogy(successes[:, None], share) + special.xlog1py((trials - successes)[:, None], -share)
    return float(special.logsumexp(inside + np.log(weights), axis=1).sum())
