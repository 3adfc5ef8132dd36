"""How the profiled deviance changes with the relative Cholesky factors T, exactly.

With P = Omega^-1 - Omega^-1 X (X' Omega^-1 X)^-1 X' Omega^-1 and Omega depending on T through T T',
    d log|Omega| (+ log|X' Omega^-1 X|) / dT = 2 S T,    S = sum over levels of Z_l' P Z_l  (Omega^-1 for P under ML)
    d r² / dT                                = -2 A T,   A = sum over levels of a_l a_l',  a_l = Z_l' P y
so only the (p, p) blocks of Z' P Z on the diagonal are needed, never the whole inverse. With Omega1 the first factor's
part of Omega, P = Omega1^-1 - Omega1^-1 [Z2 Q] J [Z2 Q]' Omega1^-1 for a J of the size of the other effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.effects.linear.deviance import Solution


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Derivatives by theta of the log-determinants and of r², both (t,); `scores` are Z' P y, (levels, p) a factor."""

    log_determinant: np.ndarray
    residual: np.ndarray
    scores: list[np.ndarray]

    def profiled(self, solution: Solution) -> np.ndarray:
        """Gradient of the profiled deviance, (t,)."""
        return self.log_determinant + solution.freedom / solution.residual * self.residual


def derivatives(solution: Solution) -> Derivatives:
    """Derivatives of the deviance's two parts at one solution."""
    products = solution.products
    kept = _kept(products.first, solution.relative[0])
    projector = _projector(solution)
    traces = [_first_trace(solution, kept, projector), *_rest_traces(solution, projector)]
    slopes, bends = [], []
    scores = _scores(solution, kept)
    for factor, relative, score, trace in zip(products.factors, solution.relative, scores, traces, strict=True):
        slopes.append((2 * trace @ relative)[factor.free])
        bends.append((-2 * (score.T @ score) @ relative)[factor.free])
    return Derivatives(np.concatenate(slopes), np.concatenate(bends), scores)


def _kept(outer: np.ndarray, relative: np.ndarray) -> np.ndarray:
    """I - A K1 = (I + A T T')^-1 of each block A: as an inverse no digits are lost where T is large."""
    if len(relative) == 1:
        return 1 / (1 + outer * relative[0, 0] ** 2)
    return np.asarray(np.linalg.inv(np.eye(len(relative)) + outer @ (relative @ relative.T)))


def _projector(solution: Solution) -> np.ndarray:
    """J (q2 + k, q2 + k); under ML only its part of the other effects, K2."""
    rest = len(solution.rest_inner)
    size = rest + solution.products.fixed
    projector = np.zeros((size, size))
    if solution.reml:
        edge = np.vstack([-solution.rest_inner @ solution.absorbed[:rest, rest:-1], np.eye(size - rest)])
        projector = edge @ solution.basis_covariance @ edge.T
    projector[:rest, :rest] += solution.rest_inner
    return projector


def _scores(solution: Solution, kept: np.ndarray) -> list[np.ndarray]:
    """Z' P y by factor, (levels, p)."""
    products = solution.products
    across = products.across
    left = (across[:, [-1]] - across[:, :-1] @ solution.shift[:, None]) if across.shape[0] else np.empty((0, 1))
    first = products.blockwise(kept, np.asarray(left.toarray() if hasattr(left, "toarray") else left))
    rest = len(solution.rest_inner)
    others = solution.absorbed[:rest, -1] - solution.absorbed[:rest, :-1] @ solution.shift
    flat = np.concatenate([first[:, 0] if first.ndim > 1 else first, others])
    stops = np.cumsum([factor.levels * factor.width for factor in products.factors])
    parts = np.split(flat, stops[:-1])
    return [part.reshape(-1, factor.width) for part, factor in zip(parts, products.factors, strict=True)]


def _first_trace(solution: Solution, kept: np.ndarray, projector: np.ndarray) -> np.ndarray:
    """Sum over the first factor's levels of Z_l' P Z_l."""
    products = solution.products
    # Blocks of one number are multiplied as numbers: a product of matrices for each takes ten times as long.
    total = (kept * products.first if kept.shape[1] == 1 else kept @ products.first).sum(axis=0)
    for row in range(len(total)):
        for column in range(row + 1):
            # Sum of H_l (Z1'[Z2 Q] J [Z2 Q]'Z1)_ll H_l' entry by entry: a trace of J with a weighted square.
            weights = kept[:, row, :, None] * kept[:, column, None, :]
            amount = float((products.weighted_square(weights, len(projector)) * projector).sum())
            total[row, column] -= amount
            total[column, row] -= amount * (row != column)
    return total


def _rest_traces(solution: Solution, projector: np.ndarray) -> list[np.ndarray]:
    """Sum over levels of Z_l' P Z_l for each factor but the first."""
    rest = len(solution.rest_inner)
    outer = solution.absorbed[:rest, :-1]
    inverse = outer[:, :rest] - outer @ projector @ outer.T
    traces, start = [], 0
    for factor in solution.products.factors[1:]:
        places = start + np.arange(factor.levels * factor.width).reshape(factor.levels, factor.width)
        traces.append(inverse[places[:, :, None], places[:, None, :]].sum(axis=0))
        start += factor.levels * factor.width
    return traces
