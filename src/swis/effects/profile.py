"""Profile likelihood intervals of a linear mixed model fitted by maximum likelihood, as lme4's `confint` gives them.

A value v of one parameter is in the interval when -2 log L, minimised over all others with that one held at v, lies no
more than the chi-square quantile above its minimum: the signed root of the rise is searched for its normal quantile
(Bates, Mächler, Bolker and Walker 2015, J Stat Softw 67(1)). A standard deviation whose rise down to zero
is too small has the lower limit 0. Unlike Wald's these limits need no symmetry and hold at the boundary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from swis.effects.design import INTERCEPT, Design
from swis.effects.linear.cross_products import CrossProducts, cross_products
from swis.effects.linear.deviance import solve
from swis.effects.linear.gradient import derivatives
from swis.effects.linear.newton import minimise
from swis.effects.linear_mixed import LinearMixedFit
from swis.effects.variance_intervals import RESIDUAL

Rise = Callable[[float], float]


@dataclass(frozen=True)
class ProfileInterval:
    """A coefficient, or the standard deviation of a random intercept or of the residual, with its limits."""

    name: str
    value: float
    lower: float
    upper: float
    method: str = "profile likelihood"


def profile_interval(fit: LinearMixedFit, design: Design, name: str, level: float = 0.95) -> ProfileInterval:
    """The interval of a coefficient (by name), of the standard deviation of a factor's intercepts, or of 'Residual'.

    `design` is the one the model was fitted to. nan for an unusable fit; ValueError for a fit by REML, whose likelihood
    does not compare fixed effects, and KeyError for a name that is none of these.
    """
    if not fit.is_usable:
        return ProfileInterval(name, *(float("nan"),) * 3)
    if fit.reml:
        raise ValueError("a profile interval needs a fit by maximum likelihood: fit_linear_mixed(…, reml=False)")
    quantile = float(stats.norm.ppf((1 + level) / 2))
    if name in fit.names:
        value, step, least = fit.coefficient(name), fit.standard_error(name), -np.inf
        rise = _of_coefficient(fit, design, name)
    elif name == RESIDUAL:
        value, step, least = fit.sigma, fit.sigma / np.sqrt(2 * fit.observations), 0.0
        rise = _of_residual(fit)
    else:
        value, least, rise = float(np.sqrt(fit.variances[name])), 0.0, _of_factor(fit, name)
        step = max(value / 8, fit.sigma / 100)
    lower = limit_of_rise(rise, value, -step, quantile, least=least)
    return ProfileInterval(name, value, lower, limit_of_rise(rise, value, step, quantile))


def limit_of_rise(
    rise: Rise, value: float, step: float, quantile: float, *, least: float = -np.inf, most: float = np.inf
) -> float:
    """Where the root of the rise reaches the quantile, going from the estimate by the step; else the bound."""
    bound = least if step < 0 else most
    inside, outside = value, float(np.clip(value + quantile * step, least, most))
    while rise(outside) < quantile**2:
        if outside == bound or not np.isfinite(outside):
            return bound
        inside, outside = outside, float(np.clip(outside + 2 * (outside - value), least, most))
    found = optimize.brentq(
        lambda at: np.sqrt(max(rise(at), 0.0)) - quantile, inside, outside, xtol=1e-7 * abs(step), rtol=1e-12
    )
    return float(found)


def _of_coefficient(fit: LinearMixedFit, design: Design, name: str) -> Rise:
    """Rise of the deviance with one coefficient held: its column is taken off the response."""
    place = design.names.index(name)
    rest = np.delete(design.matrix, place, axis=1)
    response = design.response - design.offset

    def rise(value: float) -> float:
        products = cross_products(response - value * design.matrix[:, place], rest, fit.factors)
        return minimise(lambda theta: _profiled(theta, products), fit.theta).value - fit.deviance

    return rise


def _profiled(theta: np.ndarray, products: CrossProducts) -> tuple[float, np.ndarray]:
    solution = solve(theta, products, reml=False)
    return solution.deviance, derivatives(solution).profiled(solution)


def _of_residual(fit: LinearMixedFit) -> Rise:
    """Rise of the deviance with sigma held."""

    def rise(sigma: float) -> float:
        def value(theta: np.ndarray) -> tuple[float, np.ndarray]:
            deviance, by_theta, _ = _whole(fit, theta, sigma)
            return deviance, by_theta

        return minimise(value, fit.theta).value - fit.deviance

    return rise


def _of_factor(fit: LinearMixedFit, name: str) -> Rise:
    """Rise of the deviance with the standard deviation s of a factor's intercepts held: its theta is s / sigma."""
    place = _place_of_intercept(fit, name)
    others = np.delete(np.arange(fit.theta.size), place)

    def rise(deviation: float) -> float:
        def value(free: np.ndarray) -> tuple[float, np.ndarray]:
            sigma = float(np.exp(free[-1]))
            theta = np.insert(free[:-1], place, deviation / sigma)
            deviance, by_theta, by_sigma = _whole(fit, theta, sigma)
            by_log_sigma = sigma * by_sigma - theta[place] * by_theta[place]
            return deviance, np.append(by_theta[others], by_log_sigma)

        return minimise(value, np.append(fit.theta[others], np.log(fit.sigma))).value - fit.deviance

    return rise


def _whole(fit: LinearMixedFit, theta: np.ndarray, sigma: float) -> tuple[float, np.ndarray, float]:
    """-2 log L at (theta, sigma), and its derivatives by theta and by sigma."""
    assert fit.solution is not None
    solution = solve(theta, fit.solution.products, reml=False)
    parts = derivatives(solution)
    size = solution.freedom
    deviance = solution.log_determinant + size * np.log(2 * np.pi * sigma**2) + solution.residual / sigma**2
    by_sigma = 2 * size / sigma - 2 * solution.residual / sigma**3
    return float(deviance), parts.log_determinant + parts.residual / sigma**2, float(by_sigma)


def _place_of_intercept(fit: LinearMixedFit, name: str) -> int:
    """Where theta holds the intercept of a factor: the only free entry of the first row of its T."""
    start = 0
    for factor in fit.factors:
        if factor.name == name and factor.effects[0] == INTERCEPT:
            return start
        start += int(factor.free.sum())
    raise KeyError(f"no coefficient and no random intercept {name!r}")
