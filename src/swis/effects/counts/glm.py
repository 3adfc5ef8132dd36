"""Generalised linear models by maximum likelihood: Poisson and binomial by Newton, NB2 jointly in (beta, log theta).

With eta = X beta + offset the score of beta is X'l1 and the observed information X'WX, where l1 and W are the first
and minus the second derivative of each row (families.py). For NB2 the information is bordered by the derivatives in
tau = log theta:

    I = [ X'WX      -X'dl1/dtau ]
        [ ...       -d²l/dtau²  ]
    d²l/dtau² = sum of 2 theta p - w - theta log(1 + exp(t))
                + theta (psi(y + theta) - psi(theta)) + theta² (psi'(y + theta) - psi'(theta))

The covariance is the inverse of the expected information X'WX at the estimate, with W = mu theta/(mu + theta) for
NB2: the convention of R's glm and MASS::glm.nb (theta is orthogonal to beta in expectation). When the counts vary no
more than Poisson counts do, theta grows without bound and the Poisson limit is the estimate: tau is then infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg, special

from swis.effects.counts import families
from swis.effects.counts.families import Outcome
from swis.effects.counts.gamma_rise import digamma_rise, trigamma_rise

LARGEST_TAU = float(np.log(1e7))
# The decrement is twice the log-likelihood still to be gained: 1e-16 is at the rounding error of a sum.
DECREMENT = 1e-16
ITERATIONS = 100
LONGEST_ETA_STEP = 5.0
LONGEST_TAU_STEP = 1.5
# On its way to infinity tau has next to no curvature: the step is then as long as a step may be.
FLATTEST = 1e-12


@dataclass(frozen=True, eq=False)
class GlmSolution:
    """Maximum of a GLM's likelihood: coefficients and covariance of the columns given, tau (None without a shape)."""

    coefficients: np.ndarray
    covariance: np.ndarray
    tau: float | None
    eta: np.ndarray
    log_likelihood: float
    converged: bool


@dataclass(frozen=True, eq=False)
class _Point:
    """Parameters of one step, the log-likelihood there with its rounding error, and what the next step needs."""

    beta: np.ndarray
    tau: np.ndarray | None
    eta: np.ndarray
    value: float
    rounding: float
    terms: families.Terms


def fit_glm(
    outcome: Outcome,
    matrix: np.ndarray,
    offset: np.ndarray,
    *,
    start: np.ndarray | None = None,
    tau: float | None = None,
) -> GlmSolution:
    """Maximise the likelihood over the columns of `matrix` (n, k) and, for NB2, over tau = log theta.

    `start` and `tau` are where to begin (a fit to similar data), which halves the work of a refit.
    """
    if not outcome.has_shape:
        return _maximise(outcome, matrix, offset, _first(outcome, matrix, offset) if start is None else start, None)
    begin, poisson = start, None
    if begin is None or tau is None or not np.isfinite(tau):
        counts = replace(outcome, family="poisson")
        poisson = fit_glm(counts, matrix, offset, start=start)
        begin, tau = poisson.coefficients, moment_tau(outcome.response, families.mean(counts, poisson.eta))
        if not np.isfinite(tau):
            return replace(poisson, tau=float("inf"))
    solution = _maximise(outcome, matrix, offset, begin, tau)
    at_limit = solution.tau is not None and solution.tau >= LARGEST_TAU
    if at_limit or (poisson is not None and solution.log_likelihood < poisson.log_likelihood):
        poisson = fit_glm(replace(outcome, family="poisson"), matrix, offset, start=solution.coefficients)
        return replace(poisson, tau=float("inf"))
    return solution


def moment_tau(counts: np.ndarray, means: np.ndarray) -> float:
    """log theta by moments from Poisson means; infinite when the score for overdispersion is not positive.

    The score of 1/theta at a Poisson fit is half the sum of (y - mu)² - y; the moment estimate of 1/theta divides
    the same sum, with mu for y, by the sum of mu².
    """
    excess = float(((counts - means) ** 2 - counts).sum())
    if excess <= 0.0:
        return float("inf")
    return float(np.clip(np.log((means**2).sum() / excess), -4.0, LARGEST_TAU - LONGEST_TAU_STEP))


def expected_weight(outcome: Outcome, eta: np.ndarray, tau: float | None) -> np.ndarray:
    """Expected information of each row about eta: mu, mu theta/(mu + theta), or m p (1 - p)."""
    if outcome.has_shape and tau is not None:
        return np.exp(tau) * special.expit(eta - tau)
    return families.slope_and_weight(outcome, eta, None)[1]


def _first(outcome: Outcome, matrix: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Weighted least squares on the link of the response moved off its bounds, as R's glm begins."""
    if outcome.family == "binomial":
        assert outcome.trials is not None
        share = (outcome.response + 0.5) / (outcome.trials + 1.0)
        link, weight = special.logit(share), outcome.trials * share * (1.0 - share)
    else:
        moved = outcome.response + 0.1
        link, weight = np.log(moved), moved
    root = np.sqrt(weight)
    return linalg.lstsq(matrix * root[:, None], root * (link - offset), lapack_driver="gelsy", check_finite=False)[0]


def _maximise(
    outcome: Outcome, matrix: np.ndarray, offset: np.ndarray, begin: np.ndarray, tau: float | None
) -> GlmSolution:
    """Newton's method with halving of steps that do not raise the likelihood."""
    constant = families.constant(outcome)
    at = _Evaluator(outcome, matrix, offset, constant)
    point = at(begin, None if tau is None else np.asarray(tau, dtype=float))
    converged = False
    for _ in range(ITERATIONS):
        step, decrement = _newton_step(outcome, matrix, point)
        converged = bool(decrement <= DECREMENT * max(1.0, abs(point.value)))
        if converged or not np.isfinite(decrement):
            break
        moved = _halved(at, point, step)
        if moved is None:
            # No step raises a likelihood that is flat to rounding: the decrement decides whether that is the top.
            converged = bool(decrement <= max(1e-9, point.rounding))
            break
        point = moved
        if point.tau is not None and point.tau >= LARGEST_TAU:
            break
    shape = None if point.tau is None else float(point.tau)
    information = _gram(matrix, expected_weight(outcome, point.eta, shape))
    return GlmSolution(point.beta, inverse(information), shape, point.eta, point.value, converged)


@dataclass(frozen=True, eq=False)
class _Evaluator:
    """The likelihood of one table as a function of the parameters."""

    outcome: Outcome
    matrix: np.ndarray
    offset: np.ndarray
    constant: Callable[[np.ndarray | None], tuple[np.ndarray, np.ndarray]]

    def __call__(self, beta: np.ndarray, tau: np.ndarray | None) -> _Point:
        eta = self.matrix @ beta + self.offset
        terms = families.terms(self.outcome, eta, tau)
        # y times the linear predictor and the logarithm of y! all but cancel, and leave their rounding error behind.
        held = self.outcome.response if self.outcome.trials is None else self.outcome.trials
        sizes = 1.0 + np.abs(eta) + (0.0 if tau is None else abs(float(tau)))
        rounding = float(np.finfo(float).eps * ((held + 1.0) @ sizes))
        value = float(terms.value.sum() + self.constant(tau)[0])
        return _Point(beta, tau, eta, value, rounding, terms)


def _newton_step(outcome: Outcome, matrix: np.ndarray, point: _Point) -> tuple[np.ndarray, float]:
    """The step in (beta[, tau]) and its decrement, score times step."""
    score = matrix.T @ point.terms.first
    information = _gram(matrix, point.terms.weight)
    if point.tau is not None:
        slope, curvature, cross = _shape_derivatives(outcome, point)
        border = -(matrix.T @ cross)
        score = np.append(score, slope)
        full = np.block([[information, border[:, None]], [border[None, :], np.array([[-curvature]])]])
        if not _is_positive(full):
            # Far from the top the shape is not concave: step in each block by itself.
            full = linalg.block_diag(information, max(abs(curvature), FLATTEST))
        information = full
    step = solve(information, score)
    longest = float(np.abs(matrix @ step[: matrix.shape[1]]).max(initial=0.0)) / LONGEST_ETA_STEP
    if point.tau is not None:
        longest = max(longest, abs(float(step[-1])) / LONGEST_TAU_STEP)
    return step / max(1.0, longest), float(score @ step)


def _shape_derivatives(outcome: Outcome, point: _Point) -> tuple[float, float, np.ndarray]:
    """First and second derivative of the log-likelihood in tau, and dl1/dtau of each row."""
    assert point.tau is not None
    theta = float(np.exp(point.tau))
    counts, rows = np.unique(outcome.response, return_counts=True)
    size = np.asarray(theta)
    digamma = theta * float(rows @ digamma_rise(counts, size))
    trigamma = theta**2 * float(rows @ trigamma_rise(counts, size))
    shape = families.shape_terms(outcome, point.eta, point.tau)
    part = outcome.response - point.terms.first
    share = part / (outcome.response + theta)
    # shape.value holds (N p - y) - theta log(1 + exp(t)): the softplus term is what is left without the slope.
    softplus = -(shape.value + point.terms.first)
    curvature = float((2.0 * theta * share - point.terms.weight - softplus).sum()) + digamma + trigamma
    return float(shape.value.sum()) + digamma, curvature, shape.first


def _halved(at: _Evaluator, point: _Point, step: np.ndarray) -> _Point | None:
    """The first of step, step/2, step/4, … that raises the likelihood, or lowers it by no more than its rounding error.

    None when none of thirty does.
    """
    size = point.beta.size
    for halving in range(30):
        part = step * 0.5**halving
        tau = None if point.tau is None else np.minimum(point.tau + part[-1], LARGEST_TAU)
        moved = at(point.beta + part[:size], tau)
        if np.isfinite(moved.value) and moved.value > point.value - point.rounding:
            return moved
    return None


def _gram(matrix: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """X'WX."""
    return matrix.T @ (matrix * weight[:, None])


def _is_positive(matrix: np.ndarray) -> bool:
    """Whether a symmetric matrix is positive definite."""
    try:
        linalg.cholesky(matrix, check_finite=False)
    except linalg.LinAlgError:
        return False
    return True


def solve(information: np.ndarray, score: np.ndarray) -> np.ndarray:
    """I⁻¹ s; by pseudo-inverse when the information is singular to rounding (a coefficient that diverges)."""
    try:
        factor = linalg.cho_factor(information, check_finite=False)
        return np.asarray(linalg.cho_solve(factor, score, check_finite=False))
    except linalg.LinAlgError:
        return np.asarray(linalg.pinvh(information) @ score)


def inverse(information: np.ndarray) -> np.ndarray:
    """I⁻¹, symmetric; nan when the information is not positive definite."""
    try:
        factor = linalg.cho_factor(information, check_finite=False)
    except linalg.LinAlgError:
        return np.full_like(information, np.nan)
    identity = np.eye(information.shape[0])
    result = np.asarray(linalg.cho_solve(factor, identity, check_finite=False))
    return (result + result.T) / 2.0
