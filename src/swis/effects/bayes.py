"""Bayesian sensitivity in closed form: a normal prior on the log ratio and a normal likelihood from the estimate.

With estimate b and standard error s, and prior mean m and standard deviation t, the posterior is normal with

    precision 1/s² + 1/t²,   mean (b/s² + m/t²) / (1/s² + 1/t²)

(Spiegelhalter, Abrams and Myles 2004, section 3.5). The sceptical prior has mean 0 and a standard deviation such that
a ratio below 0.8, an effect as large as the pilots hoped for, has a chance of 5 %: assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

SCEPTICAL_RATIO = 0.8
SCEPTICAL_PROBABILITY = 0.05
# A standard deviation of 10 on the log scale spans 17 orders of magnitude of the ratio: flat over any that could be.
VAGUE_SD = 10.0


@dataclass(frozen=True)
class Prior:
    """A normal prior on the log ratio."""

    name: str
    mean: float
    sd: float


@dataclass(frozen=True)
class Posterior:
    """A normal posterior of the log ratio; nan throughout where the estimate is missing."""

    mean: float
    sd: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed credible limits of the ratio (not of its log)."""
        half = float(ndtri((1 + level) / 2)) * self.sd
        return float(np.exp(self.mean - half)), float(np.exp(self.mean + half))

    def probability_below(self, ratio: float) -> float:
        """P(true ratio < `ratio`)."""
        return float(ndtr((np.log(ratio) - self.mean) / self.sd))

    def probability_above(self, ratio: float) -> float:
        """P(true ratio > `ratio`)."""
        return float(ndtr((self.mean - np.log(ratio)) / self.sd))


def sceptical_prior(ratio: float = SCEPTICAL_RATIO, probability: float = SCEPTICAL_PROBABILITY) -> Prior:
    """Centred on no effect, with P(true ratio < `ratio`) = `probability`; ValueError unless it can be so."""
    if not (0 < ratio < 1 and 0 < probability < 0.5):
        raise ValueError("a sceptical prior needs a ratio below 1 and a probability below a half")
    return Prior("sceptical", 0.0, float(np.log(ratio) / ndtri(probability)))


def vague_prior(sd: float = VAGUE_SD) -> Prior:
    """Centred on no effect and flat over any ratio that could be."""
    return Prior("vague", 0.0, sd)


def normal_posterior(log_ratio: float, se: float, prior_mean: float, prior_sd: float) -> Posterior:
    """Posterior of a log ratio given its estimate and standard error; ValueError for a spread that is not positive."""
    if not (prior_sd > 0 and (se > 0 or np.isnan(se))):
        raise ValueError("standard error and prior standard deviation must be positive")
    data, before = se**-2, prior_sd**-2
    return Posterior((log_ratio * data + prior_mean * before) / (data + before), (data + before) ** -0.5)


def bayesian_sensitivity(
    log_ratio: float,
    se: float,
    *,
    priors: tuple[Prior, ...] | None = None,
    below: tuple[float, ...] = (1.0, 0.9),
    above: tuple[float, ...] = (1.0, 1.1),
    level: float = 0.95,
) -> pd.DataFrame:
    """One row a prior: prior, prior_mean, prior_sd (log scale), ratio (posterior median), lower, upper, probabilities.

    The probabilities are columns `probability_below_<ratio>` and `probability_above_<ratio>`. Without `priors`, the
    vague and the sceptical one.
    """
    return pd.DataFrame(
        [_row(log_ratio, se, prior, below, above, level) for prior in priors or (vague_prior(), sceptical_prior())]
    )


def _row(
    log_ratio: float, se: float, prior: Prior, below: tuple[float, ...], above: tuple[float, ...], level: float
) -> Mapping[str, object]:
    posterior = normal_posterior(log_ratio, se, prior.mean, prior.sd)
    lower, upper = posterior.interval(level)
    return {
        "prior": prior.name,
        "prior_mean": prior.mean,
        "prior_sd": prior.sd,
        "ratio": float(np.exp(posterior.mean)),
        "lower": lower,
        "upper": upper,
        **{f"probability_below_{ratio:g}": posterior.probability_below(ratio) for ratio in below},
        **{f"probability_above_{ratio:g}": posterior.probability_above(ratio) for ratio in above},
    }
