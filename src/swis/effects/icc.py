"""Intraclass correlation: the share of a variance that lies between groups, with an interval whose method is stated.

ANOVA of k groups, N values: with MSB and MSW the mean squares and n0 = (N - sum of n_i² / N) / (k - 1),
    icc = (MSB - MSW) / (MSB + (n0 - 1) MSW),
and Searle's interval from F = MSB / MSW: (F/Fu - 1) / (F/Fu + n0 - 1) and (F/Fl - 1) / (F/Fl + n0 - 1), Fl and Fu
quantiles of F on k - 1 and N - k (Searle 1971, Linear Models, p. 414; Donner 1986, Int Stat Rev 54(1):67-82). Exact for
groups of one size, close for others.
Of a linear mixed model: the variance of a factor's intercepts over the total, limits by the profile of the likelihood.
Of counts and proportions, on the scale of the link, which is an approximation: see `icc_of_counts`, `icc_of_trials`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from swis.effects.design import INTERCEPT
from swis.effects.fit import Fit
from swis.effects.groups import group_codes
from swis.effects.linear.deviance import solve
from swis.effects.linear.gradient import derivatives
from swis.effects.linear.newton import minimise
from swis.effects.linear_mixed import LinearMixedFit
from swis.effects.profile import Rise, limit_of_rise
from swis.effects.variance_intervals import total_variance


@dataclass(frozen=True)
class Icc:
    """An intraclass correlation with its limits (nan where the method has none) and the method in words."""

    icc: float
    lower: float
    upper: float
    method: str


def intraclass_correlation(values: object, group: object, *, level: float = 0.95) -> Icc:
    """ANOVA estimate with Searle's interval; rows with a missing value or group are left out.

    The estimate may be below zero: groups are then more alike than chance makes them. Every number is nan, and the
    method says why, for fewer than two groups, groups of one row only, or values that do not vary within groups.
    """
    numbers, codes = np.asarray(values, dtype=float), group_codes(group)
    kept = np.isfinite(numbers) & (codes >= 0)
    numbers, codes = numbers[kept], group_codes(codes[kept])
    sizes = np.bincount(codes)
    rows, groups = numbers.size, sizes.size
    if groups < 2 or rows <= groups:
        return _no_icc("needs two groups or more, and one of two rows")
    # About the grand mean the squares lose no digits to where zero lies.
    numbers = numbers - numbers.mean()
    means = np.bincount(codes, numbers) / sizes
    between = float(sizes @ means**2) / (groups - 1)
    within = float(((numbers - means[codes]) ** 2).sum()) / (rows - groups)
    if within <= 0:
        return _no_icc("values do not vary within groups")
    size = (rows - float(sizes @ sizes) / rows) / (groups - 1)
    ratio = between / within
    tail = (1 - level) / 2
    limits = [ratio / stats.f.ppf(at, groups - 1, rows - groups) for at in (1 - tail, tail)]
    lower, upper = ((limit - 1) / (limit + size - 1) for limit in limits)
    return Icc((ratio - 1) / (ratio + size - 1), float(lower), float(upper), "ANOVA, Searle's interval")


def icc_of_fit(fit: LinearMixedFit, factor: str, *, level: float = 0.95) -> Icc:
    """Share of a factor's intercepts in the variance that a linear mixed model leaves, at slopes of zero.

    The limits are those of the profile of the (restricted) likelihood: other variances are maximised over. With nested
    factors two rows of one inner group correlate by the sum of the shares. nan for an unusable fit; KeyError for a
    factor without a random intercept, ValueError when it is correlated with slopes of the same factor.
    """
    method = f"{fit.method}, profile likelihood"
    if not fit.is_usable:
        return _no_icc(fit.message)
    place, counted = _places(fit, factor)
    share = float(fit.variances[factor]) / total_variance(fit)
    rise = _rise(fit, place, counted)
    quantile = float(stats.norm.ppf((1 + level) / 2))
    step = max(share * (1 - share) / 4, 1e-4)
    lower = limit_of_rise(rise, share, -step, quantile, least=0.0)
    return Icc(share, lower, limit_of_rise(rise, share, step, quantile, most=1 - 1e-9), method)


def icc_of_counts(fit: Fit, factor: str, mean_count: float) -> Icc:
    """Share of a factor in the variance on the log scale of a Poisson or NB2 mixed model; no interval.

    tau_f² / (sum of tau² + log(1 + 1/mean + 1/theta)): the last term approximates the counts' own variance on the log
    scale as lognormal (Nakagawa, Johnson and Schielzeth 2017, J R Soc Interface 14:20170213).
    `mean_count` is the mean count of a row: it depends on the length of the window, and so does the result.
    """
    own = np.log1p(1 / mean_count + (1 / fit.dispersion if fit.dispersion else 0.0))
    return _latent(fit, factor, float(own), "log scale, lognormal approximation")


def icc_of_trials(fit: Fit, factor: str) -> Icc:
    """Share of a factor in the variance on the logit scale, pi²/3 being that of a trial; no interval.

    The latent-variable ICC of Snijders and Bosker 2012, Multilevel Analysis, chapter 17.
    """
    return _latent(fit, factor, np.pi**2 / 3, "logit scale, latent variable")


def between_group_variation(variance: float) -> float:
    """Coefficient of variation k of the groups' rates that a variance on the log scale means: sqrt(exp(v) - 1)."""
    return float(np.sqrt(np.expm1(variance)))


def _latent(fit: Fit, factor: str, own: float, method: str) -> Icc:
    if not fit.is_usable:
        return _no_icc(fit.message)
    share = float(fit.variances[factor]) / (float(sum(fit.variances.values())) + own)
    return Icc(share, float("nan"), float("nan"), method)


def _no_icc(reason: str) -> Icc:
    nan = float("nan")
    return Icc(nan, nan, nan, f"not estimable: {reason}")


def _places(fit: LinearMixedFit, factor: str) -> tuple[int, np.ndarray]:
    """Where theta holds the factor's intercept, and where those of the other factors."""
    start, own = 0, None
    others: list[int] = []
    for part in fit.factors:
        if part.effects[0] == INTERCEPT:
            if part.name == factor and part.free[1:, 0].any():
                raise ValueError(f"the intercepts of {factor} are correlated with its slopes: its share has no profile")
            own, others = (start, others) if part.name == factor else (own, [*others, start])
        start += int(part.free.sum())
    if own is None:
        raise KeyError(f"no random intercept by {factor!r}; there are {', '.join(fit.variances)}")
    return own, np.array(others, dtype=int)


def _rise(fit: LinearMixedFit, place: int, counted: np.ndarray) -> Rise:
    """Rise of the deviance with the share held: theta_f² = share / (1 - share) (1 + sum of the others' theta²)."""
    free = np.delete(np.arange(fit.theta.size), place)

    def rise(share: float) -> float:
        odds = share / (1 - share)

        def value(point: np.ndarray) -> tuple[float, np.ndarray]:
            theta = np.insert(point, place, 0.0)
            theta[place] = np.sqrt(odds * (1 + theta[counted] @ theta[counted]))
            assert fit.solution is not None
            solution = solve(theta, fit.solution.products, reml=fit.reml)
            slope = derivatives(solution).profiled(solution)
            if theta[place] > 0:
                slope[counted] += slope[place] * odds * theta[counted] / theta[place]
            return solution.deviance, slope[free]

        if not free.size:
            return value(np.empty(0))[0] - fit.deviance
        return minimise(value, fit.theta[free]).value - fit.deviance

    return rise
