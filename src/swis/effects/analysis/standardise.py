"""The rate difference that a rate ratio means in these schools: marginal standardisation over the trial's schools.

With log link and log pupil-years as offset, every school is predicted once under each arm:

    difference = 1,000 × Σ_s (μ_s(1) − μ_s(0)) / Σ_s pupil-years_s,   μ_s(a) = pupil-years_s × exp(x_s(a)'β),

and its standard error follows by the delta method from the covariance of β. Source: CONSORT item 17b asks for the
absolute beside the relative effect; for the method Localio, Margolis and Berlin, J Clin Epidemiol 2007;60:874-882.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.effects.design import Design

PER = 1000.0


@dataclass(frozen=True)
class Difference:
    """A rate difference per 1,000 pupil-years with its delta-method standard error."""

    value: float
    standard_error: float


def rate_difference(
    design: Design, coefficients: np.ndarray, covariance: np.ndarray, *, arm: str = "arm", per: float = PER
) -> Difference:
    """The standardised difference of a log-linear model whose offset is the log of pupil-years.

    `coefficients` and `covariance` are in the order of `design.names`; `covariance` may be cluster-robust. A stratum
    whose coefficient is nan (none of its schools has an event) is not in the likelihood and not in the difference.
    """
    told = np.isfinite(coefficients)
    rows = (design.matrix[:, ~told] == 0).all(axis=1)
    held, offset = design.matrix[rows][:, told], design.offset[rows]
    column = int(told[: design.names.index(arm)].sum())
    coefficients, covariance = coefficients[told], covariance[np.ix_(told, told)]
    exposure = np.exp(offset).sum()
    gradient, total = np.zeros(held.shape[1]), 0.0
    for arm_value, sign in ((1.0, 1.0), (0.0, -1.0)):
        matrix = held.copy()
        matrix[:, column] = arm_value
        expected = np.exp(offset + matrix @ coefficients)
        total += sign * expected.sum()
        gradient += sign * (matrix * expected[:, None]).sum(axis=0)
    scale = per / exposure
    return Difference(float(scale * total), float(scale * np.sqrt(gradient @ covariance @ gradient)))
