"""Rows of a working model by cluster: its covariance within one, and what turns rows into independent ones."""

from __future__ import annotations

import numpy as np


def whiten(
    matrix: np.ndarray,
    residuals: np.ndarray,
    variance: np.ndarray,
    random: list[tuple[np.ndarray, np.ndarray]],
    slices: list[slice],
) -> tuple[np.ndarray, np.ndarray]:
    """Θ^(−1/2) times columns and residuals. With random effects, by the thin singular vectors of each cluster."""
    scale = np.sqrt(variance)
    both = np.column_stack([matrix, residuals]) / scale[:, None]
    for part in slices if random else []:
        loadings = np.hstack([_spread_out(codes[part], load[part]) for codes, load in random]) / scale[part, None]
        left, singular, _ = np.linalg.svd(loadings, full_matrices=False)
        shrink = 1.0 - (1.0 + singular**2) ** -0.5
        both[part] -= (left * shrink) @ (left.T @ both[part])
    return both[:, :-1], both[:, -1]


def covariance_within(variance: np.ndarray, random: list[tuple[np.ndarray, np.ndarray]], part: slice) -> np.ndarray:
    """Θ of one cluster: (n_j,) for independent rows, (n_j, n_j) with random effects."""
    if not random:
        return variance[part]
    return np.diag(variance[part]) + sum(
        (load[part] @ load[part].T) * (codes[part][:, None] == codes[part][None, :]) for codes, load in random
    )


def _spread_out(codes: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """The loadings of each row in the columns of its own level, (n_j, levels * p)."""
    own = (codes[:, None] == np.unique(codes)[None, :]).astype(float)
    return (own[:, :, None] * loadings[:, None, :]).reshape(len(codes), -1)
