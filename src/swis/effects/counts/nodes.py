"""The integrand of each group at quadrature nodes, summed over the group's rows with as few passes as may be.

At a node the linear predictor of every row of a group moves by the same a u, so whatever is linear in eta is summed
by group first. A Poisson mean at a node is the mean at u = 0 times exp(a u): no row need be evaluated at any node.
The logistic kernel of NB2 and binomial needs one exponential, one logarithm and one division a row and node.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swis.effects.counts import families
from swis.effects.counts.marginal import Table


@dataclass(frozen=True, eq=False)
class NodeSums:
    """Sums over each group's rows at its nodes, (…, K, groups).

    `kernel` of the log-likelihood and `slope` of its derivative in eta; `shape` of its derivative in tau (NB2, else
    None); `row_slope` gives each row's mean slope (…, n) under weights of the nodes (…, K, groups).
    """

    kernel: np.ndarray
    slope: np.ndarray
    shape: np.ndarray | None
    row_slope: Callable[[np.ndarray], np.ndarray]


def node_sums(table: Table, fixed: np.ndarray, shift: np.ndarray, tau: np.ndarray | None) -> NodeSums:
    """Sums for rows with linear predictor `fixed` (…, n) moved by `shift` (…, K, groups)."""
    if table.outcome.family == "poisson":
        return _poisson_sums(table, fixed, shift)
    return _logistic_sums(table, fixed, shift, tau)


def at_modes(table: Table, row: families.Terms, shape: np.ndarray | None) -> NodeSums:
    """The sums of a rule of one point, whose node is the mode, from what was evaluated there."""
    groups = table.nesting.inner
    return NodeSums(
        kernel=groups.total(row.value)[..., None, :],
        slope=groups.total(row.first)[..., None, :],
        shape=None if shape is None else groups.total(shape)[..., None, :],
        row_slope=lambda share: row.first,
    )


def _poisson_sums(table: Table, fixed: np.ndarray, shift: np.ndarray) -> NodeSums:
    """Groups summed before the nodes are."""
    groups, counts = table.nesting.inner, table.outcome.response
    base = families.mean(table.outcome, fixed)
    growth = np.exp(np.minimum(shift, families.LARGEST_LOG_MEAN))
    count, expected = groups.total(counts), groups.total(base)[..., None, :] * growth
    return NodeSums(
        kernel=groups.total(counts * fixed)[..., None, :] + shift * count - expected,
        slope=count - expected,
        shape=None,
        row_slope=lambda share: counts - base * groups.spread((share * growth).sum(axis=-2)),
    )


def _logistic_sums(table: Table, fixed: np.ndarray, shift: np.ndarray, tau: np.ndarray | None) -> NodeSums:
    """y t - N log(1 + exp(t)) with t = eta - tau: the first part by group, the second by row and node."""
    groups, counts = table.nesting.inner, table.outcome.response
    moved = fixed if tau is None else fixed - tau[..., None]
    size = families.logistic_size(table.outcome, tau, moved.ndim)
    part, softplus = families.logistic_parts(moved[..., None, :] + groups.spread(shift))
    soft = None if tau is None else groups.total(softplus)
    softplus *= size if tau is None else size[..., None, :]
    part *= size if tau is None else size[..., None, :]
    count, expected = groups.total(counts), groups.total(part)
    return NodeSums(
        kernel=groups.total(counts * moved)[..., None, :] + shift * count - groups.total(softplus),
        slope=count - expected,
        shape=None if tau is None or soft is None else expected - count - np.exp(tau)[..., None, None] * soft,
        row_slope=lambda share: counts - (groups.spread(share) * part).sum(axis=-2),
    )
