"""Ordinary and weighted least squares: beta = (X'WX)⁻¹ X'Wy by a QR decomposition.

Model-based variance s²(X'WX)⁻¹ with s² = Σ w e² / (n − k); the log-likelihood is the Gaussian one at the maximum
likelihood variance, as R's `logLik.lm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.effects.counts.checks import Verdict, single_school_arm
from swis.effects.counts.model import ARM
from swis.effects.design import Design, aliased_columns
from swis.effects.fit import Fit, is_exact
from swis.effects.working_model import WorkingModel, linear_working_model
from swis.errors import InputError, Problem

EXACT = "the columns explain the response fully: no variance is left"


@dataclass(frozen=True, eq=False)
class LeastSquaresFit(Fit):
    """A least-squares fit that keeps its weights (n,), or None, for the cluster-robust variance."""

    weights: np.ndarray | None = None

    def working_model(self, design: Design) -> WorkingModel:
        """What the cluster-robust variance needs; weights are not taken as inverse variances."""
        return linear_working_model(self, design, self.weights)


def fit_least_squares(design: Design, weights: np.ndarray | None = None, *, arm: str = ARM) -> Fit:
    """Least squares of the response (less the offset) on the columns, with positive weights (n,) where given.

    'not estimable' with no more rows than columns or with columns that are combinations of others (named);
    'single-school arm' where a side of the column `arm`, if there is one, has one row or one group;
    'zero variance' where the columns explain the response fully: standard errors are then 0 and mean nothing.
    InputError when a weight is not positive.
    """
    method = "OLS" if weights is None else "WLS"
    refused = refuse_rank(design, method) or refuse_lone(single_school_arm(design, arm), design, method)
    if refused is not None:
        return refused
    root = _root_weights(weights, design.observations)
    outcome = design.response - design.offset
    basis, triangle = np.linalg.qr(design.matrix * root[:, None])
    coefficients = np.linalg.solve(triangle, basis.T @ (outcome * root))
    fitted = design.matrix @ coefficients
    residuals = (outcome - fitted) * root
    squares = float(residuals @ residuals)
    rows, columns = design.matrix.shape
    inverse = np.linalg.inv(triangle)
    exact = is_exact(squares, outcome * root)
    return LeastSquaresFit(
        names=design.names,
        coefficients=coefficients,
        covariance=squares / (rows - columns) * inverse @ inverse.T,
        status="zero variance" if exact else "ok",
        message=EXACT if exact else f"{method} by QR",
        log_likelihood=_gaussian_log_likelihood(squares, root),
        observations=rows,
        variances={"Residual": squares / (rows - columns)},
        fitted=fitted + design.offset,
        method=method,
        weights=None if weights is None else np.asarray(weights, dtype=float),
    )


def refuse_rank(design: Design, method: str) -> Fit | None:
    """A fit without numbers when the columns cannot all be told apart or outnumber the rows; else None."""
    rows, columns = design.matrix.shape
    aliased = [design.names[position] for position in aliased_columns(design.matrix)]
    if aliased:
        said = f"not estimable: {', '.join(aliased)} adds nothing to the columns before"
    elif rows <= columns:
        said = f"not estimable: {rows} rows for {columns} coefficients"
    else:
        return None
    return Fit.unusable(design.names, "not estimable", said, observations=rows, method=method)


def refuse_lone(verdict: Verdict | None, design: Design, method: str) -> Fit | None:
    """A fit without numbers when one side of a column has a single school; else None."""
    if verdict is None:
        return None
    return Fit.unusable(design.names, verdict.status, verdict.message, observations=design.observations, method=method)


def _root_weights(weights: np.ndarray | None, rows: int) -> np.ndarray:
    if weights is None:
        return np.ones(rows)
    given = np.asarray(weights, dtype=float)
    if given.shape != (rows,) or not (np.isfinite(given).all() and (given > 0).all()):
        raise InputError([Problem("model", "weights", f"{rows} positive numbers", "leave out rows of weight 0")])
    return np.sqrt(given)


def _gaussian_log_likelihood(squares: float, root: np.ndarray) -> float:
    rows = root.size
    if squares <= 0.0:
        return float("inf")
    return float(np.log(root).sum() - rows / 2 * (np.log(2 * np.pi * squares / rows) + 1))
