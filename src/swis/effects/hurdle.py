"""Hurdle model of days in care, child by child: any day at all, times the days of the children who had any.

Part one, `logit P(any day) = x'γ`: children with a day out of the pupils of each school, binomial. Part two,
`log days = z'β + e` by least squares among the children with a day. The ratio of mean days a pupil, intervention over
control, is

    ratio = P̄1 / P̄0 · exp(β_arm),   P̄a = Σ_i pupils_i P_i(arm = a) / Σ_i pupils_i

The mean of e's exponential (Duan's smearing factor, 1983) is taken as the same in both arms and then cancels. By the
delta method `d log ratio = g'dγ + dβ_arm` with g = ∂(log P̄1 − log P̄0)/∂γ; as the two parts share schools, the variance
is that of their sum, Σ_j (g'γ_j + β_j)² over the schools' CR2 contributions γ_j and β_j. Degrees of freedom are the
fewer of those of the two arm coefficients: the same schools stand behind both, so that they do not add. (Two-part
models: Mullahy 1998, J Health Econ 17:247.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

from swis.effects.cluster_robust import cluster_contributions, cluster_robust
from swis.effects.counts.model import ARM, fit_count_model
from swis.effects.design import Design
from swis.effects.fit import Fit, Status
from swis.effects.groups import group_codes
from swis.effects.least_squares import fit_least_squares
from swis.effects.working_model import finite_part, working_model_of
from swis.errors import InputError, Problem


@dataclass(frozen=True, eq=False)
class HurdleFit:
    """The two parts and the ratio of mean days a pupil; every number nan unless `status` is 'ok'.

    `log_ratio` = `log_ratio_any` (of the shares of pupils with a day) + `log_ratio_days` (of the geometric mean days of
    those). `any_day` is the binomial fit (log odds), `days` the least-squares fit of log days.
    """

    log_ratio: float
    standard_error: float
    degrees_of_freedom: float
    log_ratio_any: float
    log_ratio_days: float
    any_day: Fit | None
    days: Fit | None
    status: Status
    message: str
    method: str = "hurdle: logistic × log-linear, delta method, CR2 by school"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Limits of the ratio of mean days."""
        half = stats.t.ppf((1 + level) / 2, self.degrees_of_freedom) * self.standard_error
        return float(np.exp(self.log_ratio - half)), float(np.exp(self.log_ratio + half))


def fit_hurdle(
    schools: Design, children: Design, school_of_row: Any, school_of_child: Any, *, arm: str = ARM
) -> HurdleFit:
    """The ratio of mean days in care a pupil between arms.

    `schools`: a row a school, response the children with a day, `trials` its pupils. `children`: a row a child with a
    day, response the days (> 0). Both hold the column `arm` (0/1). `school_of_row` and `school_of_child` name the
    school of each row, any coding, the same in both. Statuses: 'all zero' without any day, 'single-school arm' where
    fewer than two schools of an arm have a child with a day, and those of the two fits. InputError for days of 0.
    """
    row_codes, child_codes = _shared_codes(schools, children, school_of_row, school_of_child)
    any_day = fit_count_model(schools, family="binomial", arm=arm)
    if not any_day.is_usable:
        return _without(any_day.status, f"any day in care: {any_day.message}", any_day)
    lone = [side for side in (0.0, 1.0) if np.unique(child_codes[children.column(arm) == side]).size < 2]
    if lone:
        return _without("single-school arm", "fewer than two schools of an arm have a child with days", any_day)
    logged = Design(np.log(children.response), children.matrix, children.names, children.offset)
    days = fit_least_squares(logged)
    if days.status != "ok":
        return _without("not estimable", f"days of those with any: {days.message}", any_day, days)
    return _combine(any_day, schools, row_codes, days, logged, child_codes, arm)


def _combine(
    any_day: Fit, schools: Design, row_codes: np.ndarray, days: Fit, children: Design, child_codes: np.ndarray, arm: str
) -> HurdleFit:
    """The ratio and its variance from the contributions of each school to both parts."""
    finite, kept, rows = finite_part(any_day, schools)
    log_any, slope = _log_share_ratio(finite, kept, arm)
    size = max(int(row_codes.max()), int(child_codes.max())) + 1
    by_any = _by_school(finite, kept, row_codes[rows], size) @ slope
    by_days = _by_school(days, children, child_codes, size)[:, days.position(arm)]
    freedom = min(_freedom(finite, kept, row_codes[rows], arm), _freedom(days, children, child_codes, arm))
    log_days = days.coefficient(arm)
    return HurdleFit(
        log_ratio=log_any + log_days,
        standard_error=float(np.sqrt(((by_any + by_days) ** 2).sum())),
        degrees_of_freedom=freedom,
        log_ratio_any=log_any,
        log_ratio_days=log_days,
        any_day=any_day,
        days=days,
        status="ok",
        message=any_day.message,
    )


def _log_share_ratio(fit: Fit, design: Design, arm: str) -> tuple[float, np.ndarray]:
    """log P̄1 − log P̄0 with every school once in either arm, and its derivative by the coefficients, (k,)."""
    trials = np.ones(design.observations) if design.trials is None else design.trials
    position = design.names.index(arm)
    total, slope = 0.0, np.zeros(len(design.names))
    for side, sign in ((1.0, 1.0), (0.0, -1.0)):
        columns = design.matrix.copy()
        columns[:, position] = side
        share = special.expit(columns @ fit.coefficients + design.offset)
        mean = float(trials @ share)
        total += sign * float(np.log(mean))
        slope += sign * (trials * share * (1 - share)) @ columns / mean
    return total, slope


def _by_school(fit: Fit, design: Design, codes: np.ndarray, size: int) -> np.ndarray:
    """CR2 contributions (size, k), 0 for a school without a row."""
    present, own = np.unique(codes, return_inverse=True)
    parts, _ = cluster_contributions(working_model_of(fit, design), own)
    whole = np.zeros((size, len(fit.names)))
    whole[present] = parts.influence
    return whole


def _freedom(fit: Fit, design: Design, codes: np.ndarray, arm: str) -> float:
    robust = cluster_robust(fit, design, codes)
    return float(robust.degrees_of_freedom[robust.position(arm)])


def _shared_codes(schools: Design, children: Design, of_row: Any, of_child: Any) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the schools common to both tables; refuses days that are not above 0."""
    both = list(of_row) + list(of_child)
    codes = group_codes(both)
    if len(list(of_row)) != schools.observations or len(list(of_child)) != children.observations or (codes < 0).any():
        expected = f"{schools.observations} schools and {children.observations} children, none missing"
        raise InputError([Problem("model", "names of schools", expected, "give one a row")])
    if (children.response <= 0).any():
        raise InputError([Problem("model", "days of children", "more than 0", "leave out children without a day")])
    return codes[: schools.observations], codes[schools.observations :]


def _without(status: Status, message: str, any_day: Fit | None, days: Fit | None = None) -> HurdleFit:
    none = float("nan")
    return HurdleFit(none, none, none, none, none, any_day, days, status, message)
