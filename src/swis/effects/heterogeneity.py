"""Whether an effect differs between strata more than chance would have it, and by how much.

Each stratum's own effect is added to the last weighted least-squares step of the model with one effect. With s and w
the score residuals and working weights of `score_statistic`, r = s/√w is regressed on √w X and √w [X, arm × stratum]:

    F = ((RSS₀ − RSS₁)/q) / (RSS₁/(n − k − q)),   q strata less one, k columns of X

the score test of the q differences with the dispersion estimated on its degrees of freedom (McCullagh and Nelder 1989,
section 6.3). The likelihood-ratio test takes the counts' own spread as known and fits it closer with every effect: it
errs in 16 % of trials without any difference, with 21 strata of 13 schools, where this one errs in 5 %. A stratum
without an event needs no care, for no effect of one stratum has to be finite.

The standard deviation of the effect between strata is that of DerSimonian and Laird's moments (Controlled Clinical
Trials 1986;7:177-188) over the strata's effects after that one step, their errors scaled by the same dispersion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from swis.effects.design import Design, aliased_columns
from swis.effects.fit import Fit, Status
from swis.effects.score_statistic import Family, residual_and_weight


@dataclass(frozen=True)
class Heterogeneity:
    """The F test that all strata have one effect, and the standard deviation between them on the scale of the link.

    `between_sd` is 0 where strata differ no more than chance makes them. Numbers are nan unless `status` is 'ok'.
    """

    p_value: float
    statistic: float
    degrees_of_freedom: tuple[int, int]
    between_sd: float
    status: Status
    message: str


def effect_heterogeneity(
    fit: Fit, design: Design, strata: np.ndarray, *, arm: str = "arm", family: Family = "negative binomial"
) -> Heterogeneity:
    """Test of one effect of `arm` in all `strata` (n,), whose levels are columns of the design; `fit` is of one effect.

    Strata with rows of one arm tell nothing. 'not estimable' for fewer than two others, or without rows to spare.
    """
    if not fit.is_usable:
        return _none(fit.status, fit.message)
    residual, weight = residual_and_weight(design, fit, family)
    told = weight > 0
    side, groups, root = design.column(arm)[told], np.asarray(strata)[told], np.sqrt(weight[told])
    both = [one for one in np.unique(groups) if np.ptp(side[groups == one]) > 0]
    if len(both) < 2:
        return _none("not estimable", "Fewer than two strata have both arms.")
    own = np.column_stack([side * (groups == one) for one in both])
    plain = root[:, None] * _told_apart(design.without(arm).matrix[told])
    wide, narrow = np.hstack([plain, root[:, None] * own]), np.column_stack([plain, root * side])
    free = wide.shape[0] - wide.shape[1]
    if free < 1 or aliased_columns(wide):
        return _none("not estimable", "Too few rows to tell an effect of each stratum.")
    score = residual[told] / root
    effects, left = _least_squares(wide, score)
    before = _least_squares(narrow, score)[1]
    between = len(both) - 1
    dispersion = left / free
    statistic = max(before - left, 0.0) / between / dispersion
    errors = np.sqrt(dispersion * np.diag(np.linalg.inv(wide.T @ wide))[-len(both) :])
    return Heterogeneity(
        p_value=float(stats.f.sf(statistic, between, free)),
        statistic=float(statistic),
        degrees_of_freedom=(between, free),
        between_sd=standard_deviation_between(effects[-len(both) :], errors),
        status="ok",
        message=f"{len(both)} strata with both arms",
    )


def standard_deviation_between(values: np.ndarray, errors: np.ndarray) -> float:
    """DerSimonian and Laird's standard deviation of effects (m,) with these standard errors, at least 0."""
    weight = errors**-2.0
    centre = (weight * values).sum() / weight.sum()
    excess = (weight * (values - centre) ** 2).sum() - (len(values) - 1)
    return float(np.sqrt(max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)))


def _told_apart(matrix: np.ndarray) -> np.ndarray:
    """The columns less those that rows left out have made superfluous."""
    return np.delete(matrix, aliased_columns(matrix), axis=1)


def _least_squares(columns: np.ndarray, response: np.ndarray) -> tuple[np.ndarray, float]:
    """Coefficients and the residual sum of squares."""
    coefficients = np.linalg.lstsq(columns, response, rcond=None)[0]
    rest = response - columns @ coefficients
    return coefficients, float(rest @ rest)


def _none(status: Status, message: str) -> Heterogeneity:
    nan = float("nan")
    return Heterogeneity(nan, nan, (0, 0), nan, status, message)
