"""The headline model fitted anew to each of many allocations: only the arm's column differs between the fits.

All fits run side by side as arrays. With X the covariates, a the arm, s the score residuals and W the working weights
of `score_statistic`, a step of Fisher's scoring solves, for every allocation at once,

    [X'WX  X'Wa] [d beta]   [X's]
    [a'WX  a'Wa] [d tau ] = [a's]

and theta of a negative binomial takes a Newton step of its own, on the log scale, after each of them: beta and theta
are orthogonal in the expected information, so both converge together (McCullagh and Nelder 1989, section 11.2). The
inverse of X'WX is kept over several steps, since W hardly changes from one to the next; the equations solved at the
end are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import digamma
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from swis.effects.design import Design, aliased_columns
from swis.effects.fit import Fit
from swis.effects.score_statistic import Family, residual_and_weight

FITS_AT_A_TIME = 500
CONVERGED = 1e-8
MOST_STEPS = 100
# Steps after which X'WX is computed anew.
STEPS_PER_INVERSE = 5
# A linear predictor moves by no more than this in a step, so that no exponential overflows on the way.
LONGEST_STEP = 2.0
# Keeps a fit that is running away solvable; where the gradient is 0 it changes nothing.
RIDGE = 1e-10
# Beyond this theta the negative binomial is a Poisson to the last digit that matters.
LARGEST_LOG_THETA = np.log(1e7)
# Relative step of the difference that gives the slope of digamma, accurate to nine digits.
DIFFERENCE = 1e-4


def refit_coefficients(design: Design, allocations: np.ndarray, *, family: Family, start: Fit) -> np.ndarray:
    """The arm's coefficient of each allocation, (draws,); nan for one whose fit does not converge.

    `design` is without the arm, `allocations` (draws, n) of 0 and 1, and `start` the fit without the arm.
    ValueError for a 'normal' family.
    """
    if family == "normal":
        raise ValueError("a refit is for counts and shares")
    told = residual_and_weight(design, start, family)[1] > 0
    coefficients, design = _start(design.subset(np.flatnonzero(told)), start.fitted[told], family)
    counts = _Counts(design, family, *np.unique(design.response, return_counts=True))
    arms = allocations[:, told]
    # Threads of BLAS wait for one another on matrices this small: five times slower where a core is busy.
    with threadpool_limits(1, user_api="blas"):
        pieces = [
            _refit(counts, arms[at : at + FITS_AT_A_TIME].astype(float), coefficients, start.dispersion)
            for at in range(0, len(arms), FITS_AT_A_TIME)
        ]
    return np.concatenate(pieces) if pieces else np.empty(0)


@dataclass(frozen=True, eq=False)
class _Counts:
    """The data all fits share; distinct `values` of the response and the `rows` that hold each serve theta."""

    design: Design
    family: Family
    values: np.ndarray
    rows: np.ndarray

    def working(self, predictor: np.ndarray, log_theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Means, score residuals and weights, each (draws, n)."""
        response = self.design.response
        if self.family == "binomial":
            trials = np.ones_like(response) if self.design.trials is None else self.design.trials
            share = 1 / (1 + np.exp(-np.maximum(predictor, -500.0)))
            return trials * share, response - trials * share, trials * share * (1 - share)
        mean = np.exp(np.minimum(predictor, 50.0))
        if self.family == "poisson":
            return mean, response - mean, mean
        spread = 1 + mean * np.exp(-log_theta)[:, None]
        return mean, (response - mean) / spread, mean / spread


def _start(design: Design, fitted: np.ndarray, family: Family) -> tuple[np.ndarray, Design]:
    """Coefficients without the arm, and the design less the columns that rows left out have made superfluous."""
    matrix = np.delete(design.matrix, aliased_columns(design.matrix), axis=1)
    trials = np.ones_like(fitted) if design.trials is None else design.trials
    link = np.log(fitted / (trials - fitted)) if family == "binomial" else np.log(fitted)
    coefficients = np.linalg.lstsq(matrix, link - design.offset, rcond=None)[0]
    return coefficients, replace(design, matrix=matrix, names=tuple(f"x{place}" for place in range(matrix.shape[1])))


def _refit(counts: _Counts, arms: np.ndarray, start: np.ndarray, dispersion: float | None) -> np.ndarray:
    """One batch of fits, (draws, n) arms."""
    design, draws = counts.design, len(arms)
    products = _products(design.matrix)
    beta, tau = np.tile(start, (draws, 1)), np.zeros(draws)
    theta = dispersion if counts.family == "negative binomial" and dispersion else np.inf
    log_theta = np.full(draws, np.log(theta) if np.isfinite(theta) else LARGEST_LOG_THETA)
    for step in range(MOST_STEPS):
        predictor = beta @ design.matrix.T + tau[:, None] * arms + design.offset
        mean, residual, weight = counts.working(predictor, log_theta)
        if step % STEPS_PER_INVERSE == 0:
            inverse = _inverse(weight, products)
        step_beta, step_tau = _scoring_step(design.matrix, inverse, arms, residual, weight)
        beta, tau = beta + step_beta, tau + step_tau
        largest = np.maximum(np.abs(step_beta).max(axis=1, initial=0.0), np.abs(step_tau))
        if np.isfinite(theta):
            step_theta = _theta_step(counts, mean, log_theta)
            log_theta = np.minimum(log_theta + step_theta, LARGEST_LOG_THETA)
            largest = np.maximum(largest, np.where(log_theta < LARGEST_LOG_THETA, np.abs(step_theta), 0.0))
        if not (largest > CONVERGED).any():
            break
    return np.where(largest <= CONVERGED, tau, np.nan)


def _products(matrix: np.ndarray) -> np.ndarray:
    """The outer product of every row with itself, flattened, (n, k²): weights times this are X'WX."""
    rows, columns = matrix.shape
    return (matrix[:, :, None] * matrix[:, None, :]).reshape(rows, columns * columns)


def _inverse(weight: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Inverse of X'WX of every fit, (draws, k, k)."""
    columns = round(np.sqrt(products.shape[1]))
    information = (weight @ products).reshape(len(weight), columns, columns)
    diagonal = range(columns)
    information[:, diagonal, diagonal] *= 1 + RIDGE
    return np.linalg.inv(information)


def _scoring_step(
    matrix: np.ndarray, inverse: np.ndarray, arms: np.ndarray, residual: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Steps of beta (draws, k) and tau (draws,), shortened together where a coefficient would leap."""
    weighted = weight * arms
    right = np.stack([residual @ matrix, weighted @ matrix], axis=2)
    solved, cross = inverse @ right, right[:, :, 1]
    rest = (residual * arms).sum(axis=1) - (cross * solved[:, :, 0]).sum(axis=1)
    left = weighted.sum(axis=1) - (cross * solved[:, :, 1]).sum(axis=1)
    tau = np.where(left > 0, rest / np.where(left > 0, left, 1.0), np.nan)
    beta = solved[:, :, 0] - solved[:, :, 1] * tau[:, None]
    longest = np.maximum(np.abs(beta).max(axis=1, initial=0.0), np.abs(tau))
    shorter = np.minimum(1.0, LONGEST_STEP / np.maximum(longest, LONGEST_STEP))
    return beta * shorter[:, None], tau * shorter


def _theta_step(counts: _Counts, mean: np.ndarray, log_theta: np.ndarray) -> np.ndarray:
    """Newton step of log theta, (draws,), on the log-likelihood of the negative binomial at the means given.

    d l/d theta = sum psi(y + theta) - psi(theta) + log theta + 1 - log(theta + mu) - (y + theta)/(theta + mu).
    """
    theta, rows = np.exp(log_theta), counts.design.observations
    total = theta[:, None] + mean
    ratio = (counts.design.response + theta[:, None]) / total
    apart = theta * DIFFERENCE
    lower, upper = (_digamma_sum(counts, theta + side * apart) for side in (-1, 1))
    slope = (lower + upper) / 2 + rows * (np.log(theta) + 1) - np.log(total).sum(axis=1) - ratio.sum(axis=1)
    bend = (upper - lower) / (2 * apart) + rows / theta + ((ratio - 2) / total).sum(axis=1)
    gradient, curvature = theta * slope, theta**2 * bend + theta * slope
    newton = -gradient / np.where(curvature < 0, curvature, -1.0)
    return np.clip(np.where(curvature < 0, newton, np.sign(gradient)), -1.0, 1.0)


def _digamma_sum(counts: _Counts, theta: np.ndarray) -> np.ndarray:
    """Sum over rows of psi(y + theta) - psi(theta), one gamma function for each distinct y."""
    return digamma(theta[:, None] + counts.values) @ counts.rows - counts.design.observations * digamma(theta)
