"""Linear mixed models by REML or maximum likelihood, for any list of random intercepts and slopes, nested or crossed.

y = X b + sum over factors of Z u + e, the u of one level of a factor normal with a covariance matrix of their own, e
normal with variance sigma². The variances minimise the profiled deviance (`swis.effects.linear.deviance`); the fixed
effects are then generalised least squares, and their covariance sigma² (X' Omega^-1 X)^-1 takes the variances as known,
as lme4's does. `satterthwaite` gives the degrees of freedom that make up for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from swis.effects.counts.grouping import is_within
from swis.effects.design import INTERCEPT, Design
from swis.effects.fit import Fit
from swis.effects.groups import group_codes
from swis.effects.linear.cross_products import CrossProducts, cross_products, triangle_of
from swis.effects.linear.curvature import Information, information
from swis.effects.linear.deviance import Solution, solve
from swis.effects.linear.gradient import derivatives
from swis.effects.linear.newton import Minimum, ValueAndGradient, minimise
from swis.effects.linear.obstacles import Obstacle, obstacle_of_columns, obstacle_of_numbers, obstacle_of_shape
from swis.effects.linear.random_factors import (
    RandomFactor,
    RandomTerm,
    covariances,
    named_variances,
    random_factors,
    relative_factors,
    unit_theta,
)
from swis.effects.linear.start import starting_theta

# lme4's bound below which a relative standard deviation counts as zero.
SINGULAR = 1e-4
NOT_UNIQUE = "Other variances are as likely as those given: the data do not tell the random effects apart."


@dataclass(frozen=True, eq=False)
class LinearMixedFit(Fit):
    """A fitted linear mixed model.

    `variances` are named `school`, `school:arm` (of a slope), `school:(Intercept).arm` (a covariance), `Residual`;
    `covariances` are the same as a matrix a factor, and `random_effects` the predicted effects, (levels, p) a factor,
    levels in the order of their codes. `sigma` is the residual standard deviation, `theta` the relative Cholesky
    factors. A fit that is not usable has no `solution`.
    """

    reml: bool = True
    sigma: float = float("nan")
    theta: np.ndarray = field(default_factory=lambda: np.empty(0))
    factors: tuple[RandomFactor, ...] = ()
    covariances: Mapping[str, np.ndarray] = field(default_factory=dict)
    random_effects: Mapping[str, np.ndarray] = field(default_factory=dict)
    solution: Solution | None = None

    @property
    def deviance(self) -> float:
        """-2 log L: the REML criterion, or the deviance of a fit by maximum likelihood."""
        return -2 * self.log_likelihood

    @cached_property
    def information(self) -> Information:
        """Observed information of (theta, sigma), computed when first asked for; ValueError for an unusable fit."""
        if self.solution is None:
            raise ValueError(f"a fit with status {self.status!r} has no information")
        return information(self.theta, self.solution)

    def working_covariance(self, rows: np.ndarray) -> np.ndarray:
        """Var(y) of the model among some rows (mask or positions), marginal over the random effects, (r, r)."""
        chosen = np.arange(self.observations)[rows]
        total = np.eye(chosen.size)
        for factor, relative in zip(self.factors, relative_factors(self.theta, self.factors), strict=True):
            loading = factor.columns[chosen] @ relative
            same = factor.codes[chosen, None] == factor.codes[None, chosen]
            total += same * (loading @ loading.T)
        return self.sigma**2 * total

    def is_independent_between(self, groups: np.ndarray) -> bool:
        """Whether rows of different groups have no random effect in common: every factor is nested in the groups."""
        return all(is_within(factor.codes, group_codes(groups)) for factor in self.factors)


def fit_linear_mixed(
    design: Design, *, random: Sequence[RandomTerm], reml: bool = True, arm: str = "arm"
) -> LinearMixedFit:
    """Fit the fixed effects of a design with random terms.

    `random` lists `"school"` (an intercept by school), `("arm", "la")` (a slope of the column arm by la, independent of
    any intercept) or `("1+arm", "la")` (both, correlated). Status 'zero variance' marks a variance at zero or a
    singular covariance matrix: the numbers hold. 'not estimable', 'all zero', 'not converged' and 'single-school arm'
    (one group on a side of the column `arm`, if there is one of that name) carry no numbers.
    KeyError for an unknown factor or column, ValueError for a random effect given twice or none.
    """
    factors = random_factors(design, random)
    method = f"LMM {'REML' if reml else 'ML'}"
    unusable = partial(
        LinearMixedFit.unusable, design.names, observations=design.observations, method=method, reml=reml
    )
    reduced = _reduce(design, factors, arm)
    if not isinstance(reduced, CrossProducts):
        return unusable(*reduced)
    products = reduced

    def deviance(theta: np.ndarray) -> tuple[float, np.ndarray]:
        solution = solve(theta, products, reml=reml)
        return solution.deviance, derivatives(solution).profiled(solution)

    try:
        minimum = _search(deviance, products)
    except np.linalg.LinAlgError:
        minimum = None
    if minimum is None or not minimum.converged:
        message = "The search for the variances did not settle; no estimate is given."
        return unusable("not converged", message)
    fit = _fit(design, factors, solve(minimum.point, products, reml=reml), minimum.point, method)
    return replace(fit, message=NOT_UNIQUE) if minimum.is_flat and fit.status == "ok" else fit


def _reduce(design: Design, factors: Sequence[RandomFactor], arm: str) -> CrossProducts | Obstacle:
    """The cross-products of a model that can be fitted, or what stands in its way."""
    found = obstacle_of_shape(design, factors, arm)
    if found is not None:
        return found
    triangle = triangle_of(design.matrix)
    found = obstacle_of_columns(design, triangle)
    if found is not None:
        return found
    products = cross_products(design.response - design.offset, design.matrix, factors, triangle)
    return obstacle_of_numbers(products) or products


def _search(deviance: ValueAndGradient, products: CrossProducts) -> Minimum:
    """The minimum near the moment estimates; from farther off too where that fails or lies on the boundary.

    The deviance may have a minimum at a variance of zero and a deeper one inside.
    """
    factors = products.factors
    best = minimise(deviance, starting_theta(products))
    if not best.converged or _singular(best.point, factors):
        again = minimise(deviance, unit_theta(factors))
        is_better = again.converged and (not best.converged or again.value < best.value - 1e-9)
        best = again if is_better else best
    zeroed = np.where(np.abs(best.point) < SINGULAR, 0.0, best.point)
    if np.array_equal(zeroed, best.point):
        return best
    value = deviance(zeroed)[0]
    return replace(best, point=zeroed, value=value) if value <= best.value + 1e-7 else best


def _singular(theta: np.ndarray, factors: Sequence[RandomFactor]) -> list[RandomFactor]:
    """Factors whose T has no full rank: a variance of zero, or effects that determine one another."""
    pairs = zip(factors, relative_factors(theta, factors), strict=True)
    return [factor for factor, matrix in pairs if np.linalg.svd(matrix, compute_uv=False)[-1] < SINGULAR]


def _fit(
    design: Design, factors: tuple[RandomFactor, ...], solution: Solution, theta: np.ndarray, method: str
) -> LinearMixedFit:
    """All numbers of a settled model."""
    products = solution.products
    back = np.linalg.inv(products.triangle)
    coefficients = back @ (products.projection + solution.basis_coefficients)
    matrices = covariances(theta, factors, solution.sigma)
    effects = _predicted(solution, factors)
    means = design.matrix @ coefficients + design.offset
    for factor in factors:
        loaded = effects[factor.name] * factor.scales
        own = loaded[:, 0][factor.codes] if factor.is_intercept else (factor.columns * loaded[factor.codes]).sum(axis=1)
        means = means + own
    singular = _singular(theta, factors)
    said = " ".join(_said_of(factor, matrices[factor.name]) for factor in singular)
    return LinearMixedFit(
        names=design.names,
        coefficients=coefficients,
        covariance=solution.sigma**2 * back @ solution.basis_covariance @ back.T,
        status="zero variance" if singular else "ok",
        message=said or "The search for the variances settled.",
        log_likelihood=-solution.deviance / 2,
        observations=design.observations,
        variances={**named_variances(matrices, factors), "Residual": solution.sigma**2},
        fitted=means,
        method=method,
        reml=solution.reml,
        sigma=solution.sigma,
        theta=theta,
        factors=factors,
        covariances=matrices,
        random_effects=effects,
        solution=solution,
    )


def _predicted(solution: Solution, factors: Sequence[RandomFactor]) -> dict[str, np.ndarray]:
    """Best linear unbiased predictions T T' Z' P y of the effects of every level, in the units of the columns."""
    scores = derivatives(solution).scores
    return {
        factor.name: score @ (matrix @ matrix.T) / factor.scales
        for factor, matrix, score in zip(factors, solution.relative, scores, strict=True)
    }


def _said_of(factor: RandomFactor, covariance: np.ndarray) -> str:
    """One sentence on a factor at the boundary; `covariance` is the matrix of its effects."""
    zero = [effect for effect, variance in zip(factor.effects, np.diag(covariance), strict=True) if variance == 0]
    if zero:
        what = "" if zero == [INTERCEPT] else f" of {', '.join(zero)}"
        return f"The variance{what} between levels of {factor.name} was estimated as zero: the fit is that without it."
    return (
        f"The covariance matrix of the effects by {factor.name} is singular: an effect has no variance of its own, "
        "or two are perfectly correlated."
    )
