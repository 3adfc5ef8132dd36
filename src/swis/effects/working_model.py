"""What a cluster-robust variance needs to know of a fitted model: derivative, residuals and a working variance.

Every estimator here solves `Σ_j X_j' W_j e_j = 0` over clusters j, with X the derivative of the mean by the
coefficients, e = y − mean, W the weights and Θ the working variance of e:

- least squares: X the columns, W = Θ = 1; with weights w: W = w, Θ = 1 (as clubSandwich: weights are not variances);
- two-stage least squares: X the columns projected on the instruments, e the residuals from the columns themselves;
- generalised linear: X = dmu/deta · columns, Θ = V(mu), W = 1/Θ. Poisson V = mu; NB2 V = mu + mu²/theta with theta
  held; binomial, on the scale of shares, V = p(1 − p)/trials. A constant dispersion cancels out;
- linear mixed: e = y − Xβ, Θ_j = σ²I + Σ_f Z_f G_f Z_f' over the random factors f (G = τ² for an intercept), W = 1/Θ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from swis.effects.design import Design, aliased_columns
from swis.effects.fit import Fit
from swis.effects.linear.random_factors import relative_factors
from swis.effects.linear_mixed import LinearMixedFit
from swis.errors import InputError, Problem

RESIDUAL = "Residual"
# Below this a fitted variance is so small that a row would have infinite weight (a fitted share of exactly 0 or 1).
SMALLEST_VARIANCE = 1e-300


@dataclass(frozen=True, eq=False)
class WorkingModel:
    """A linearised model: `matrix` (n, k) derivative of the mean, `residuals` (n,), working `variance` (n,).

    `weights` is None where weights are the inverse of the working variance. `random` holds, for a mixed model, the
    codes (n,) of each random factor and its loadings L (n, p): rows a and b of one level covary by L_a·L_b, which is
    added to `variance` (for an intercept of variance τ² the loadings are one column of τ).
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    matrix: np.ndarray
    residuals: np.ndarray
    variance: np.ndarray
    weights: np.ndarray | None = None
    random: tuple[tuple[np.ndarray, np.ndarray], ...] = ()

    @property
    def is_homoscedastic(self) -> bool:
        """Whether rows are taken as independent with one variance, so that every matrix root is the same."""
        return self.weights is None and not self.random and bool(np.all(self.variance == self.variance[0]))


def linear_working_model(fit: Fit, design: Design, weights: np.ndarray | None = None) -> WorkingModel:
    """Of least squares, plain or with weights (n,)."""
    return WorkingModel(
        names=fit.names,
        coefficients=fit.coefficients,
        matrix=design.matrix,
        residuals=design.response - design.offset - design.matrix @ fit.coefficients,
        variance=np.ones(design.observations),
        weights=weights,
    )


def two_stage_working_model(fit: Fit, design: Design, projected: np.ndarray) -> WorkingModel:
    """Of two-stage least squares; `projected` (n, k) are the columns projected on the instruments."""
    plain = linear_working_model(fit, design)
    return WorkingModel(plain.names, plain.coefficients, projected, plain.residuals, plain.variance)


def poisson_working_model(fit: Fit, design: Design) -> WorkingModel:
    """Of a Poisson or quasi-Poisson model with a log link: the dispersion cancels."""
    return _log_link(fit, design, lambda mean: mean)


def negative_binomial_working_model(fit: Fit, design: Design) -> WorkingModel:
    """Of an NB2 model with a log link, its theta held at the estimate (variance mu + mu²/theta)."""
    theta = fit.dispersion
    if theta is None:
        raise _problem("a negative binomial fit without theta", "Fit.dispersion holding theta")
    return _log_link(fit, design, lambda mean: mean + mean**2 / theta)


def binomial_working_model(fit: Fit, design: Design) -> WorkingModel:
    """Of a logistic model, on the scale of shares: responses are successes out of `trials` (1 where none)."""
    trials = np.ones(design.observations) if design.trials is None else design.trials
    share = special.expit(design.offset + design.matrix @ fit.coefficients)
    spread = np.maximum(share * (1 - share), SMALLEST_VARIANCE)
    return WorkingModel(
        names=fit.names,
        coefficients=fit.coefficients,
        matrix=design.matrix * spread[:, None],
        residuals=design.response / trials - share,
        variance=spread / trials,
    )


def mixed_working_model(fit: Fit, design: Design) -> WorkingModel:
    """Of a linear mixed model: its residual variance, and what is random in it.

    A `LinearMixedFit` says that itself (slopes too); of any other fit `variances` hold random intercepts by factor.
    """
    plain = linear_working_model(fit, design)
    return WorkingModel(
        names=plain.names,
        coefficients=plain.coefficients,
        matrix=plain.matrix,
        residuals=plain.residuals,
        variance=np.full(design.observations, float(fit.variances[RESIDUAL])),
        random=_own_loadings(fit) if isinstance(fit, LinearMixedFit) else _intercepts(fit, design),
    )


def _own_loadings(fit: LinearMixedFit) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """The columns of each factor times the root of its covariance matrix, sigma T."""
    roots = relative_factors(fit.theta, fit.factors)
    pairs = zip(fit.factors, roots, strict=True)
    return tuple((factor.codes, fit.sigma * factor.columns @ root) for factor, root in pairs)


def _intercepts(fit: Fit, design: Design) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    factors = [name for name in fit.variances if name != RESIDUAL]
    unknown = [name for name in factors if name not in design.groups]
    if unknown:
        raise _problem(f"random effect {', '.join(unknown)}", "random intercepts of factors in the design's groups")
    sizes = {name: np.full((design.observations, 1), np.sqrt(fit.variances[name])) for name in factors}
    return tuple((design.groups[name], sizes[name]) for name in factors)


def _log_link(fit: Fit, design: Design, variance: Callable[[np.ndarray], np.ndarray]) -> WorkingModel:
    mean = np.exp(design.offset + design.matrix @ fit.coefficients)
    return WorkingModel(
        names=fit.names,
        coefficients=fit.coefficients,
        matrix=design.matrix * mean[:, None],
        residuals=design.response - mean,
        variance=np.maximum(variance(mean), SMALLEST_VARIANCE),
    )


def finite_part(fit: Fit, design: Design) -> tuple[Fit, Design, np.ndarray]:
    """The fit without its coefficients that are not finite, the rows and columns left, and the rows as positions.

    A stratum of only zeros has an infinitely low coefficient, given as nan, and is fitted exactly: its rows have
    neither residual nor weight. The coefficients of the columns left are read off the fitted values of the other rows.
    """
    if np.isfinite(fit.coefficients).all():
        return fit, design, np.arange(design.observations)
    most = np.inf if not _is_binomial(fit) else 1.0 if design.trials is None else design.trials
    rows = np.flatnonzero((fit.fitted > 0) & (fit.fitted < most))
    kept = design.subset(rows)
    kept = kept.without(*[kept.names[position] for position in aliased_columns(kept.matrix)])
    mean = fit.fitted[rows]
    linear = (
        np.log(mean) if not _is_binomial(fit) else special.logit(mean / (1.0 if kept.trials is None else kept.trials))
    )
    coefficients = np.linalg.lstsq(kept.matrix, linear - kept.offset)[0]
    return replace(fit, names=kept.names, coefficients=coefficients, fitted=mean), kept, rows


def _is_binomial(fit: Fit) -> bool:
    return fit.method.lower().startswith(("binomial", "logistic"))


# How a method names its family, first match wins; mixed generalised models have no entry on purpose: their marginal
# working variance is not that of the conditional mean.
_BY_METHOD: Sequence[tuple[str, Callable[[Fit, Design], WorkingModel]]] = (
    ("quasi-poisson", poisson_working_model),
    ("poisson glm", poisson_working_model),
    ("nb2 glm", negative_binomial_working_model),
    ("negative binomial glm", negative_binomial_working_model),
    ("binomial glm", binomial_working_model),
    ("logistic glm", binomial_working_model),
    ("lmm", mixed_working_model),
    ("ols", linear_working_model),
)


def working_model_of(fit: Fit, design: Design) -> WorkingModel:
    """The working model of a fit, by its method; InputError for one that has none (a generalised mixed model)."""
    own = getattr(fit, "working_model", None)
    if own is not None:
        return own(design)
    for beginning, make in _BY_METHOD:
        if fit.method.lower().startswith(beginning):
            return make(fit, design)
    raise _problem(f"a fit by {fit.method!r}", "a linear, two-stage, generalised linear or linear mixed fit")


def _problem(where: str, expected: str) -> InputError:
    return InputError([Problem("model", where, expected, "give the working model itself, or another fit")])
