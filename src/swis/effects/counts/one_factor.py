"""Adaptive Gauss-Hermite quadrature for one random intercept (one point is Laplace), with its exact gradient.

Row i of group g has eta_i = x_i beta + o_i + a u_g, u standard normal, a the standard deviation. With
h_g(u) = sum_i l_i(eta_i) - u²/2, its mode m and J = -h''(m) = 1 + a² sum_i w_i, s = J^(-1/2), and nodes z_k with
weights omega_k that sum to one of the standard normal rule,

    L_g = s sum_k omega_k exp( h_g(m + s z_k) + z_k²/2 ).

Gradient: with pi_k the normalised terms, h'_k the slope at node k, G = sum pi_k h'_k,
K = -(s²/2)(1 + s sum pi_k h'_k z_k) (the coefficient of dJ, since ds = -s³ dJ/2)
and C = (G - K a³ sum_i l3_i)/J (the coefficient of dh'), the derivative in eta_i is

    sum_k pi_k l1_i(eta_ik) - a C w_i - a² K l3_i

and those in log a and tau follow in `_gradient`. With many points G, C and K vanish, and
what is left is Fisher's identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from swis.effects.counts import families
from swis.effects.counts.marginal import LONGEST_STEP, MODE_TOLERANCE, Marginal, Table
from swis.effects.counts.nodes import NodeSums, at_modes, node_sums

ITERATIONS = 100


@dataclass(frozen=True, eq=False)
class _Nodes:
    """What is needed of the quadrature nodes: u and pi (…, K, G), and E[l1] per row under pi."""

    effect: np.ndarray
    share: np.ndarray
    slope: np.ndarray
    row_slope: np.ndarray
    log_integral: np.ndarray
    shape: np.ndarray | None


@cache
def hermite(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and log weights of the Gauss-Hermite rule for a standard normal variable."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return nodes, np.log(weights) - 0.5 * np.log(2.0 * np.pi)


def quadrature(table: Table, vectors: np.ndarray, modes: np.ndarray | None = None, *, points: int = 25) -> Marginal:
    """Marginal log-likelihood and gradient of each parameter vector (…, p), starting the modes at `modes`."""
    beta, deviation, tau = table.split(vectors)
    fixed = beta @ table.matrix.T + table.offset
    groups = table.nesting.inner
    begin = np.zeros(groups.number) if modes is None else modes
    found_modes, found = _modes(
        table, fixed, deviation, tau, np.broadcast_to(begin, (*fixed.shape[:-1], groups.number))
    )
    eta = fixed + groups.spread(deviation * found_modes)
    row = families.terms(table.outcome, eta, tau)
    curvature = 1.0 + deviation**2 * groups.total(row.weight)
    if points == 1:
        sums = at_modes(table, row, None if tau is None else families.shape_terms(table.outcome, eta, tau).value)
    else:
        sums = node_sums(table, fixed, deviation[..., None] * _effects(found_modes, curvature, points), tau)
    nodes = _nodes(sums, deviation, found_modes, curvature, points)
    value = (nodes.log_integral - 0.5 * np.log(curvature)).sum(axis=-1) + table.constant(tau)[0]
    gradient, score = _gradient(table, nodes, row, eta, deviation, tau, found_modes, curvature, points)
    return Marginal(value, gradient, found_modes, eta, score, found)


def _modes(
    table: Table, fixed: np.ndarray, deviation: np.ndarray, tau: np.ndarray | None, modes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The mode of each group: Newton on a concave function, kept inside a bracket that shrinks at every step."""
    low = np.full(modes.shape, -np.inf)
    high = np.full(modes.shape, np.inf)
    largest = np.full(fixed.shape[:-1], np.inf)
    sums = _group_slopes(table, fixed, tau)
    for _ in range(ITERATIONS):
        slope, weight = sums(deviation * modes)
        rise = deviation * slope - modes
        step = rise / (1.0 + deviation**2 * weight)
        largest = np.abs(step).max(axis=-1)
        if not (largest > MODE_TOLERANCE).any():
            return modes + step, np.ones(largest.shape, dtype=bool)
        low, high = np.where(rise > 0.0, modes, low), np.where(rise > 0.0, high, modes)
        moved = modes + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        outside = (moved <= low) | (moved >= high)
        modes = np.where(outside & np.isfinite(low + high), (low + high) / 2.0, moved) if outside.any() else moved
    return modes, largest <= MODE_TOLERANCE


def _group_slopes(
    table: Table, fixed: np.ndarray, tau: np.ndarray | None
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Sums by group of l1 and of w as a function of how far the groups' linear predictors are moved."""
    groups = table.nesting.inner
    if table.outcome.family == "poisson":
        # A Poisson mean moves by a factor, so the rows need be summed only once.
        counts, means = groups.total(table.outcome.response), groups.total(families.mean(table.outcome, fixed))

        def of_poisson(shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            expected = means * np.exp(np.minimum(shift, families.LARGEST_LOG_MEAN))
            return counts - expected, expected

        return of_poisson

    def of_rows(shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slope, weight = families.slope_and_weight(table.outcome, fixed + groups.spread(shift), tau)
        return groups.total(slope), groups.total(weight)

    return of_rows


def _effects(modes: np.ndarray, curvature: np.ndarray, points: int) -> np.ndarray:
    """The standardised random effect at each node, (…, K, G)."""
    return modes[..., None, :] + hermite(points)[0][:, None] / np.sqrt(curvature)[..., None, :]


def _nodes(sums: NodeSums, deviation: np.ndarray, modes: np.ndarray, curvature: np.ndarray, points: int) -> _Nodes:
    """The integrand of every group at its nodes."""
    nodes, log_weights = hermite(points)
    effect = _effects(modes, curvature, points)
    height = sums.kernel - 0.5 * effect**2 + (0.5 * nodes**2 + log_weights)[:, None]
    top = height.max(axis=-2, keepdims=True)
    share = np.exp(height - top)
    total = share.sum(axis=-2, keepdims=True)
    share /= total
    slope = deviation[..., None] * sums.slope - effect
    return _Nodes(effect, share, slope, sums.row_slope(share), (top + np.log(total))[..., 0, :], sums.shape)


def _gradient(
    table: Table,
    nodes: _Nodes,
    row: families.Terms,
    eta: np.ndarray,
    deviation: np.ndarray,
    tau: np.ndarray | None,
    modes: np.ndarray,
    curvature: np.ndarray,
    points: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The gradient in (beta, log a[, tau]) and the derivative in each row's linear predictor."""
    groups = table.nesting.inner
    places = hermite(points)[0]
    slope_share = nodes.share * nodes.slope
    tilt = (slope_share * places[:, None]).sum(axis=-2)
    of_curvature = -0.5 / curvature * (1.0 + tilt / np.sqrt(curvature))
    of_mode = (slope_share.sum(axis=-2) - of_curvature * deviation**3 * groups.total(row.third)) / curvature
    moved = -groups.spread(deviation * of_mode) * row.weight - groups.spread(deviation**2 * of_curvature) * row.third
    score = nodes.row_slope + moved
    # h'_k + u_k is a times the sum of slopes at node k, whose product with u_k is the derivative of h_k in log a.
    explicit = (nodes.share * nodes.effect * (nodes.slope + nodes.effect)).sum(axis=-2)
    of_deviation = (
        explicit + of_mode * modes + 2.0 * of_curvature * (curvature - 1.0) + deviation * modes * groups.total(moved)
    ).sum(axis=-1)
    parts = [score @ table.matrix, of_deviation[..., None]]
    if tau is not None:
        assert nodes.shape is not None
        shape = families.shape_terms(table.outcome, eta, tau)
        at_nodes = (nodes.share * nodes.shape).sum(axis=(-2, -1))
        at_mode = (
            groups.spread(deviation * of_mode) * shape.first + groups.spread(deviation**2 * of_curvature) * shape.weight
        )
        parts.append((at_nodes + at_mode.sum(axis=-1) + table.constant(tau)[1])[..., None])
    return np.concatenate(parts, axis=-1), score
