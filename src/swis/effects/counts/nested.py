"""Laplace's approximation for two nested random intercepts, with its exact gradient.

Row i of inner group s in outer group l has eta_i = x_i beta + o_i + a u_l + b v_s, with u and v standard normal, a and
b the standard deviations. With h = sum_i l_i(eta_i) - (u'u + v'v)/2 and H = -h'' at the mode (u, v),

    log L = h - log|H| / 2    (the powers of 2 pi of the integral and of the normal densities cancel).

H is an arrow: with W_s the sum of weights in s, D_s = 1 + b² W_s, S_l = 1 + a² sum_{s in l} W_s / D_s,

    log|H| = sum_s log D_s + sum_l log S_l,    q_s = b²/D_s + a²/(S_l D_s²)  (posterior variance of eta in s).

Gradient: modes move with the parameters. With r_i = q_i l3_i / 2 (minus half the change of log|H| with eta_i),
c = Z'r, (A, B) = H⁻¹ c and e_i = a A_l + b B_s, the derivative in eta_i is l1_i + r_i + l2_i e_i; the derivatives in
log a, log b and tau follow in `_gradient`. This is what TMB computes by automatic differentiation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.effects.counts import families
from swis.effects.counts.grouping import Runs
from swis.effects.counts.marginal import LONGEST_STEP, MODE_TOLERANCE, Marginal, Table

QUICK_ITERATIONS = 12
SAFE_ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class _Arrow:
    """The blocks of H and its inverse's action."""

    sd_outer: np.ndarray
    sd_inner: np.ndarray
    inner_weight: np.ndarray
    inner_diagonal: np.ndarray
    outer_schur: np.ndarray
    outer: Runs

    def solve(self, outer_side: np.ndarray, inner_side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """H⁻¹ applied to (outer_side, inner_side)."""
        link = self.sd_outer * self.sd_inner * self.inner_weight / self.inner_diagonal
        upper = (outer_side - self.outer.total(link * inner_side)) / self.outer_schur
        return upper, inner_side / self.inner_diagonal - link * self.outer.spread(upper)


def laplace_nested(table: Table, vectors: np.ndarray, modes: np.ndarray | None = None) -> Marginal:
    """Marginal log-likelihood and gradient of each parameter vector (…, p), starting the modes at `modes`."""
    beta, deviation, tau = table.split(vectors)
    fixed = beta @ table.matrix.T + table.offset
    sd_outer, sd_inner = deviation[..., 0:1], deviation[..., 1:2]
    assert table.nesting.outer is not None
    number = table.nesting.outer.number
    if modes is None:
        modes = np.zeros((*vectors.shape[:-1], number + table.nesting.inner.number))
    modes, found = _modes(
        table, fixed, sd_outer, sd_inner, tau, np.broadcast_to(modes, (*fixed.shape[:-1], modes.shape[-1]))
    )
    upper, lower = modes[..., :number], modes[..., number:]
    eta = fixed + _effects(table, sd_outer, sd_inner, upper, lower)
    row = families.terms(table.outcome, eta, tau)
    arrow = _arrow(table, row.weight, sd_outer, sd_inner)
    value = (
        row.value.sum(axis=-1)
        + table.constant(tau)[0]
        - 0.5 * (modes**2).sum(axis=-1)
        - 0.5 * (np.log(arrow.inner_diagonal).sum(axis=-1) + np.log(arrow.outer_schur).sum(axis=-1))
    )
    gradient, score = _gradient(table, arrow, row, eta, tau, upper, lower)
    return Marginal(value, gradient, modes, eta, score, found)


def _effects(
    table: Table, sd_outer: np.ndarray, sd_inner: np.ndarray, upper: np.ndarray, lower: np.ndarray
) -> np.ndarray:
    """a u_l + b v_s of each row."""
    inner, outer = table.nesting.inner, table.nesting.outer
    assert outer is not None
    return inner.spread(sd_inner * lower + outer.spread(sd_outer * upper))


def _arrow(table: Table, weight: np.ndarray, sd_outer: np.ndarray, sd_inner: np.ndarray) -> _Arrow:
    """The blocks of H for the weights of the rows."""
    outer = table.nesting.outer
    assert outer is not None
    inner_weight = table.nesting.inner.total(weight)
    diagonal = 1.0 + sd_inner**2 * inner_weight
    schur = 1.0 + sd_outer**2 * outer.total(inner_weight / diagonal)
    return _Arrow(sd_outer, sd_inner, inner_weight, diagonal, schur, outer)


def _modes(
    table: Table,
    fixed: np.ndarray,
    sd_outer: np.ndarray,
    sd_inner: np.ndarray,
    tau: np.ndarray | None,
    modes: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The modes of the random effects: Newton, then Newton with halving where plain steps did not settle."""
    inner, outer = table.nesting.inner, table.nesting.outer
    assert outer is not None
    number = outer.number
    height = np.full(fixed.shape[:-1], -np.inf)
    previous, step = modes, np.zeros_like(modes)
    largest = np.full(fixed.shape[:-1], np.inf)
    for iteration in range(SAFE_ITERATIONS):
        upper, lower = modes[..., :number], modes[..., number:]
        eta = fixed + _effects(table, sd_outer, sd_inner, upper, lower)
        if iteration >= QUICK_ITERATIONS:
            kernel = families.terms(table.outcome, eta, tau).value.sum(axis=-1) - 0.5 * (modes**2).sum(axis=-1)
            worse = kernel < height - 1e-9 * np.abs(height)
            if worse.any():
                step = np.where(worse[..., None], step / 2.0, step)
                modes = np.where(worse[..., None], previous + step, modes)
                continue
            height = np.maximum(kernel, height)
        slope, weight = families.slope_and_weight(table.outcome, eta, tau)
        arrow = _arrow(table, weight, sd_outer, sd_inner)
        slopes = inner.total(slope)
        move = np.concatenate(arrow.solve(sd_outer * outer.total(slopes) - upper, sd_inner * slopes - lower), axis=-1)
        largest = np.abs(move).max(axis=-1)
        if not (largest > MODE_TOLERANCE).any():
            return modes + move, np.ones(largest.shape, dtype=bool)
        step = move * np.minimum(1.0, LONGEST_STEP / np.maximum(largest, LONGEST_STEP))[..., None]
        previous, modes = modes, modes + step
    return modes, largest <= MODE_TOLERANCE


def _gradient(
    table: Table,
    arrow: _Arrow,
    row: families.Terms,
    eta: np.ndarray,
    tau: np.ndarray | None,
    upper: np.ndarray,
    lower: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The gradient in (beta, log a, log b[, tau]) and the derivative in each row's linear predictor."""
    inner, outer = table.nesting.inner, arrow.outer
    sd_outer, sd_inner = arrow.sd_outer, arrow.sd_inner
    spread_schur = outer.spread(arrow.outer_schur)
    variance = inner.spread(sd_inner**2 / arrow.inner_diagonal + sd_outer**2 / (spread_schur * arrow.inner_diagonal**2))
    slant = 0.5 * variance * row.third
    slants = inner.total(slant)
    adjoint_upper, adjoint_lower = arrow.solve(sd_outer * outer.total(slants), sd_inner * slants)
    implicit = _effects(table, sd_outer, sd_inner, adjoint_upper, adjoint_lower)
    moved = slant - row.weight * implicit
    score = row.first + moved
    inner_moved = inner.total(moved)
    # At the mode a sum(l1) = u and b sum(l1) = v, which is where the squares come from.
    shrunk = arrow.inner_weight / arrow.inner_diagonal
    of_outer = (
        upper * (upper + adjoint_upper + sd_outer * outer.total(inner_moved)) - 1.0 + 1.0 / arrow.outer_schur
    ).sum(axis=-1)
    of_inner = (
        lower * (lower + adjoint_lower + sd_inner * inner_moved)
        - sd_inner**2 * shrunk
        + (sd_outer * sd_inner * shrunk) ** 2 / spread_schur
    ).sum(axis=-1)
    parts = [score @ table.matrix, of_outer[..., None], of_inner[..., None]]
    if tau is not None:
        shape = families.shape_terms(table.outcome, eta, tau)
        of_tau = (shape.value - 0.5 * variance * shape.weight + implicit * shape.first).sum(axis=-1)
        parts.append((of_tau + table.constant(tau)[1])[..., None])
    return np.concatenate(parts, axis=-1), score
