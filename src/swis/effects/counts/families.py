"""Log-likelihoods of one row and their derivatives in the linear predictor eta, for Poisson, NB2 and binomial.

Poisson (log link, mu = exp(eta)):      l = y eta - mu                          + c,  c = -log y!
NB2 (log link, variance mu + mu²/theta) l = y t - (y + theta) log(1 + exp(t))   + c,  t = eta - log theta,
                                        c = lgamma(y + theta) - lgamma(theta) - log y!
binomial (logit link, m trials):        l = y eta - m log(1 + exp(eta))         + c,  c = log C(m, y)

NB2 and binomial are one logistic kernel, y t - N log(1 + exp(t)) with N = y + theta or m: with p = 1/(1 + exp(-t)),
dl/deta = y - N p, -d²l/deta² = N p (1 - p), d³l/deta³ = -N p (1 - p)(1 - 2p). The curvature is the observed one.
NB2 is kept in tau = log theta: dt/dtau = -1 and dN/dtau = theta give the derivatives in the shape.

Every function takes eta with any leading axes (several parameter vectors, quadrature nodes) and rows on the last one;
tau has the leading axes of the parameter vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from swis.effects.counts.gamma_rise import digamma_rise, lgamma_rise

FamilyName = Literal["poisson", "negative binomial", "binomial"]
LABELS: dict[str, str] = {"poisson": "Poisson", "negative binomial": "NB2", "binomial": "Binomial"}
# exp() of more than this would overflow; no rate or odds of a real table comes near.
LARGEST_LOG_MEAN = 300.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """The response of the rows of one model: `response` (n,), `trials` (n,) for a binomial, and the family."""

    family: FamilyName
    response: np.ndarray
    trials: np.ndarray | None = None

    @property
    def has_shape(self) -> bool:
        """Whether the family has a shape parameter (theta) to estimate."""
        return self.family == "negative binomial"


@dataclass(frozen=True, eq=False)
class Terms:
    """Per row: kernel of the log-likelihood (without c), first derivative, minus the second, and the third."""

    value: np.ndarray
    first: np.ndarray
    weight: np.ndarray
    third: np.ndarray


@dataclass(frozen=True, eq=False)
class ShapeTerms:
    """Per row, NB2 only: derivatives in tau of the kernel, of its first derivative and of `weight`."""

    value: np.ndarray
    first: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True, eq=False)
class _Logistic:
    """t, exp(t), p and 1 - p of the logistic kernel, each exact near its zero."""

    shifted: np.ndarray
    odds: np.ndarray
    share: np.ndarray
    rest: np.ndarray

    def softplus(self) -> np.ndarray:
        """log(1 + exp(t)); the logarithm is the dearest part, so it is only taken where it is needed."""
        return np.log1p(self.odds) + np.maximum(self.shifted - LARGEST_LOG_MEAN, 0.0)


def slope_and_weight(outcome: Outcome, eta: np.ndarray, tau: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """First derivative and minus the second derivative of each row's log-likelihood in eta."""
    if outcome.family == "poisson":
        mean = np.exp(np.minimum(eta, LARGEST_LOG_MEAN))
        return outcome.response - mean, mean
    size = logistic_size(outcome, tau, eta.ndim)
    logistic = _logistic(eta, tau)
    part = size * logistic.share
    return outcome.response - part, part * logistic.rest


def terms(outcome: Outcome, eta: np.ndarray, tau: np.ndarray | None) -> Terms:
    """Kernel, first derivative, minus the second and the third derivative of each row."""
    if outcome.family == "poisson":
        mean = np.exp(np.minimum(eta, LARGEST_LOG_MEAN))
        return Terms(outcome.response * eta - mean, outcome.response - mean, mean, -mean)
    size = logistic_size(outcome, tau, eta.ndim)
    logistic = _logistic(eta, tau)
    part = size * logistic.share
    weight = part * logistic.rest
    return Terms(
        value=outcome.response * logistic.shifted - size * logistic.softplus(),
        first=outcome.response - part,
        weight=weight,
        third=weight * (logistic.share - logistic.rest),
    )


def shape_terms(outcome: Outcome, eta: np.ndarray, tau: np.ndarray) -> ShapeTerms:
    """NB2's derivatives in tau = log theta of the kernel, the slope and the weight of each row."""
    size, theta = logistic_size(outcome, tau, eta.ndim), np.exp(_spread(tau, eta.ndim))
    logistic = _logistic(eta, tau)
    part = size * logistic.share
    weight = part * logistic.rest
    own = theta * logistic.share
    return ShapeTerms(
        value=part - outcome.response - theta * logistic.softplus(),
        first=weight - own,
        weight=own * logistic.rest - weight * (logistic.rest - logistic.share),
    )


def constant(outcome: Outcome) -> Callable[[np.ndarray | None], tuple[np.ndarray, np.ndarray]]:
    """The sum over rows of c and its derivative in tau, as a function of tau.

    Distinct counts are few, so the gamma functions are evaluated once for each instead of once a row.
    """
    if not outcome.has_shape:
        total = np.asarray(_fixed_constant(outcome))
        return lambda tau: (total, np.zeros_like(total))
    counts, rows = np.unique(outcome.response, return_counts=True)
    factorials = float(rows @ special.gammaln(counts + 1.0))

    def of_shape(tau: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        theta = np.exp(np.asarray(tau, dtype=float))[..., None]
        return lgamma_rise(counts, theta) @ rows - factorials, (theta * digamma_rise(counts, theta)) @ rows

    return of_shape


def mean(outcome: Outcome, eta: np.ndarray) -> np.ndarray:
    """Conditional means on the response scale: counts, or expected successes of a binomial."""
    if outcome.family == "binomial":
        return logistic_size(outcome, None, 1) * special.expit(eta)
    return np.exp(np.minimum(eta, LARGEST_LOG_MEAN))


def _fixed_constant(outcome: Outcome) -> float:
    """The sum of c for the families without a shape parameter."""
    count = outcome.response
    if outcome.family == "poisson":
        return -float(special.gammaln(count + 1.0).sum())
    trials = logistic_size(outcome, None, 1)
    # C(1, y) is 1: yes-or-no rows, which may be many, add nothing.
    several = trials > 1.0
    count, trials = count[several], trials[several]
    parts = special.gammaln(trials + 1.0) - special.gammaln(count + 1.0) - special.gammaln(trials - count + 1.0)
    return float(np.sum(parts))


def logistic_parts(shifted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1/(1 + exp(-t)) and log(1 + exp(t)) as new arrays, in the fewest passes."""
    odds = np.exp(np.minimum(shifted, LARGEST_LOG_MEAN) if shifted.max(initial=0.0) > LARGEST_LOG_MEAN else shifted)
    softplus = np.log1p(odds)
    odds /= 1.0 + odds
    return odds, softplus


def logistic_size(outcome: Outcome, tau: np.ndarray | None, dimensions: int) -> np.ndarray:
    """N of the logistic kernel: y + theta (NB2) or the trials (binomial)."""
    if outcome.has_shape:
        assert tau is not None
        return outcome.response + np.exp(_spread(tau, dimensions))
    assert outcome.trials is not None
    return outcome.trials


def _spread(tau: np.ndarray, dimensions: int) -> np.ndarray:
    """tau with axes of length one for nodes and rows, so that it meets an eta of `dimensions` axes."""
    tau = np.asarray(tau, dtype=float)
    return tau.reshape(tau.shape + (1,) * (dimensions - tau.ndim))


def _shifted(eta: np.ndarray, tau: np.ndarray | None) -> np.ndarray:
    """t of the logistic kernel."""
    return eta if tau is None else eta - _spread(tau, eta.ndim)


def _logistic(eta: np.ndarray, tau: np.ndarray | None) -> _Logistic:
    """The parts of the kernel at t, from one exponential and one division."""
    shifted = _shifted(eta, tau)
    odds = np.exp(np.minimum(shifted, LARGEST_LOG_MEAN))
    rest = 1.0 / (1.0 + odds)
    return _Logistic(shifted, odds, odds * rest, rest)
