"""One function a model of the plan: from a layout to its estimates, each with its standard error and status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from scipy import stats

from swis.effects.analysis.designs import Layout
from swis.effects.analysis.estimate import RATE_DIFFERENCE, RATE_RATIO, Estimate, no_estimate
from swis.effects.analysis.standardise import rate_difference
from swis.effects.analysis.uncertainty import Uncertainty, uncertainty_of
from swis.effects.counts import fit_count_model
from swis.effects.design import INTERCEPT
from swis.effects.fit import Fit
from swis.effects.hedges import hedges_g
from swis.effects.least_squares import fit_least_squares
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.marginal import fit_marginal
from swis.effects.quasi_poisson import fit_quasi_poisson
from swis.effects.two_stage import fit_two_stage
from swis.effects.variance_intervals import total_variance, variance_df
from swis.plan import Specification

INTERACTION = "interaction"
HEDGES = "Hedges g"
Fitter = Callable[[Layout, Specification], Fit]


def _nb2_glm(held: Layout, spec: Specification) -> Fit:
    return fit_count_model(held.design, family="negative binomial")


def _quasi_poisson(held: Layout, spec: Specification) -> Fit:
    return fit_quasi_poisson(held.design)


def _poisson_glmm(held: Layout, spec: Specification) -> Fit:
    return fit_count_model(
        held.design, family="poisson", random=spec.random_effects, quadrature_points=spec.quadrature_points
    )


def _nb2_glmm(held: Layout, spec: Specification) -> Fit:
    return fit_count_model(
        held.design, family="negative binomial", random=spec.random_effects, quadrature_points=spec.quadrature_points
    )


def _logistic_mixed(held: Layout, spec: Specification) -> Fit:
    return fit_count_model(
        held.design, family="binomial", random=spec.random_effects, quadrature_points=spec.quadrature_points
    )


def _logistic_glm(held: Layout, spec: Specification) -> Fit:
    return fit_count_model(held.design, family="binomial")


def _gee_poisson(held: Layout, spec: Specification) -> Fit:
    return fit_marginal(held.design, family="poisson", group="authority", working="exchangeable")


def _least_squares(held: Layout, spec: Specification) -> Fit:
    return fit_least_squares(held.design)


def _linear_mixed(held: Layout, spec: Specification) -> Fit:
    return fit_linear_mixed(held.design, random=spec.random_effects)


def _two_stage(held: Layout, spec: Specification) -> Fit:
    return fit_two_stage(held.design, spec.treatment, held.arm)


FITTERS: Mapping[str, Fitter] = {
    "nb2_glm": _nb2_glm,
    "quasi_poisson": _quasi_poisson,
    "poisson_glmm": _poisson_glmm,
    "nb2_glmm": _nb2_glmm,
    "logistic_mixed": _logistic_mixed,
    "logistic_glm": _logistic_glm,
    "gee_poisson": _gee_poisson,
    "least_squares": _least_squares,
    "linear_mixed": _linear_mixed,
    "imputed_linear_mixed": _linear_mixed,
    "two_stage": _two_stage,
}


def fitted_estimates(held: Layout, spec: Specification) -> tuple[Fit, list[Estimate]]:
    """The fit of a model with coefficients, and the estimates read from it: each effect, what stands beside it.

    A rate ratio of school totals is joined by the rate difference; groups by the joint test that their effects are the
    same; a mean difference of pupils by Hedges g where the plan names its variance.
    """
    fit = FITTERS[spec.model](held, spec)
    if not fit.is_usable:
        return fit, [no_estimate(spec.scale, fit.status, fit.message, fit.method, label) for _, label in held.effects]
    return fit, read_estimates(held, fit, uncertainty_of(fit, held.design, spec), spec)


def read_estimates(held: Layout, fit: Fit, about: Uncertainty, spec: Specification) -> list[Estimate]:
    """The estimates of a usable fit under the standard errors given."""
    found = [_effect(fit, about, spec, column, label) for column, label in held.effects if column in fit.names]
    if len(held.effects) > 1:
        return [*found, joint_test(fit, about, spec, [name for name, _ in held.effects if name in fit.names])]
    return [*found, *_beside(held, fit, about, spec)]


def _effect(fit: Fit, about: Uncertainty, spec: Specification, column: str, label: str) -> Estimate:
    place = fit.position(column)
    if not np.isfinite(fit.coefficients[place]):
        return no_estimate(spec.scale, "separation", fit.message, fit.method, label)
    return Estimate(
        scale=spec.scale,
        value=float(fit.coefficients[place]),
        standard_error=float(about.standard_errors[place]),
        se_type=about.words,
        degrees_of_freedom=float(about.degrees_of_freedom[place]),
        method=fit.method,
        status=fit.status,
        message=fit.message if fit.status != "ok" else about.message,
        level=label,
    )


def _beside(held: Layout, fit: Fit, about: Uncertainty, spec: Specification) -> list[Estimate]:
    column = held.effects[0][0]
    if not np.isfinite(fit.coefficients[fit.position(column)]):
        return []
    is_rate = spec.scale == RATE_RATIO and spec.table == "school totals" and spec.treatment == "arm"
    if is_rate and spec.offset == "log denominator":
        return [_difference(held, fit, about, column)]
    if spec.hedges_variance is not None and fit.variances:
        return [_standardised(held, fit, about, spec)]
    return []


def _difference(held: Layout, fit: Fit, about: Uncertainty, column: str) -> Estimate:
    found = rate_difference(held.design, fit.coefficients, about.covariance, arm=column)
    freedom = float(about.degrees_of_freedom[fit.position(column)])
    return Estimate(
        RATE_DIFFERENCE, found.value, found.standard_error, f"{about.words}, delta method", freedom, fit.method,
        fit.status,
    )  # fmt: skip


def _standardised(held: Layout, fit: Fit, about: Uncertainty, spec: Specification) -> Estimate:
    """Hedges g: the adjusted difference over the SD of the response, which is that of the model without covariates."""
    column = held.effects[0][0]
    place = fit.position(column)
    bare = replace(held.design, matrix=np.ones((held.design.observations, 1)), names=(INTERCEPT,))
    unadjusted = fit_linear_mixed(bare, random=["school"])
    name: Literal["total", "within"] = "total" if spec.hedges_variance == "total" else "within"
    freedom = float(about.degrees_of_freedom[place])
    size = hedges_g(
        float(fit.coefficients[place]),
        total_variance(unadjusted) if name == "total" else unadjusted.sigma**2,
        float(about.standard_errors[place]),
        freedom,
        name,
        variance_df=variance_df(unadjusted, name),
    )
    return Estimate(
        f"{HEDGES} ({spec.hedges_variance} variance)",
        size.value,
        size.standard_error,
        about.words,
        freedom,
        fit.method,
        fit.status,
        interval=(size.lower, size.upper),
    )


def joint_test(fit: Fit, about: Uncertainty, spec: Specification, columns: list[str]) -> Estimate:
    """Wald test that the effects of all groups are the same, F at the fewest degrees of freedom of any of them."""
    if len(columns) < 2:
        return no_estimate("p-value", "not estimable", "Fewer than two groups have schools.", fit.method, INTERACTION)
    places = [place for name in columns if np.isfinite(fit.coefficients[place := fit.position(name)])]
    if len(places) < 2:
        return no_estimate("p-value", "not estimable", "Fewer than two groups have an effect.", fit.method, INTERACTION)
    contrasts = np.zeros((len(places) - 1, len(fit.names)))
    for row, place in enumerate(places[1:]):
        contrasts[row, place], contrasts[row, places[0]] = 1.0, -1.0
    used = contrasts.any(axis=0)
    contrasts = contrasts[:, used]
    distance = contrasts @ fit.coefficients[used]
    spread = contrasts @ about.covariance[np.ix_(used, used)] @ contrasts.T
    numerator = len(distance)
    statistic = float(distance @ np.linalg.solve(spread, distance)) / numerator
    freedom = float(np.nanmin(about.degrees_of_freedom[places]))
    p_value = (
        stats.chi2.sf(statistic * numerator, numerator)
        if np.isinf(freedom)
        else stats.f.sf(statistic, numerator, freedom)
    )
    nan = float("nan")
    words = f"Wald F on {numerator}" + ("" if np.isinf(freedom) else f" and {freedom:.0f}") + " degrees of freedom"
    return Estimate(
        "p-value", nan, nan, words, freedom, fit.method, fit.status, p_value=float(p_value), level=INTERACTION
    )
