"""Differences of gamma functions, f(theta + y) - f(theta), without the cancellation that a large theta brings.

At theta = 1e7 lgamma is 1.5e8 and its rounding error 3e-8 a row, more than a test of theta = infinity can bear. From
theta = 30 on the differences of Stirling's series are taken term by term; its first term left out is below 1e-16.
"""

from __future__ import annotations

import numpy as np
from scipy import special

STIRLING_FROM = 30.0
# Coefficients of z^-1, z^-3, … in Stirling's series of lgamma: B_2j / (2j (2j - 1)).
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)


def lgamma_rise(count: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """lgamma(theta + count) - lgamma(theta), elementwise with broadcasting."""
    if np.all(theta < STIRLING_FROM):
        return np.asarray(special.gammaln(theta + count) - special.gammaln(theta))
    upper = theta + count
    series = sum(
        weight * (upper ** -(2 * order + 1) - theta ** -(2.0 * order + 1)) for order, weight in enumerate(STIRLING)
    )
    rise = (theta - 0.5) * np.log1p(count / theta) + count * np.log(upper) - count + series
    return np.where(theta < STIRLING_FROM, special.gammaln(upper) - special.gammaln(theta), rise)


def digamma_rise(count: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """digamma(theta + count) - digamma(theta), elementwise with broadcasting."""
    if np.all(theta < STIRLING_FROM):
        return np.asarray(special.digamma(theta + count) - special.digamma(theta))
    upper = theta + count
    series = sum(
        -(2 * order + 1) * weight * (upper ** -(2 * order + 2) - theta ** -(2.0 * order + 2))
        for order, weight in enumerate(STIRLING)
    )
    rise = np.log1p(count / theta) + 0.5 * count / (theta * upper) + series
    return np.where(theta < STIRLING_FROM, special.digamma(upper) - special.digamma(theta), rise)


def trigamma_rise(count: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """trigamma(theta + count) - trigamma(theta), elementwise with broadcasting."""
    if np.all(theta < STIRLING_FROM):
        return np.asarray(special.polygamma(1, theta + count) - special.polygamma(1, theta))
    upper = theta + count
    series = sum(
        (2 * order + 1) * (2 * order + 2) * weight * (upper ** -(2 * order + 3) - theta ** -(2.0 * order + 3))
        for order, weight in enumerate(STIRLING)
    )
    rise = -count / (theta * upper) - 0.5 * count * (theta + upper) / (theta * upper) ** 2 + series
    direct = special.polygamma(1, upper) - special.polygamma(1, theta)
    return np.where(theta < STIRLING_FROM, direct, rise)
