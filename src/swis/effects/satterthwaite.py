"""Satterthwaite's degrees of freedom for a linear mixed model, as lmerTest computes them.

For a contrast L the variance f = L' Var(b) L is a function of the variance parameters p = (theta, sigma). Matching the
first two moments of its estimate to a scaled chi-square gives df = 2 f² / (g' A g), with g the gradient of f by p and A
the covariance of the estimates of p, twice the inverse Hessian of -2 log L: Giesbrecht and Burns 1985, Biometrics
41(2):477-486; Kuznetsova, Brockhoff and Christensen 2017, J Stat Softw 82(13), section 2. Kenward and Roger's is not
offered: with the clusters these trials have the two differ by less than the variances' own uncertainty.
"""

from __future__ import annotations

import numpy as np

from swis.effects.fit import Fit
from swis.effects.linear_mixed import LinearMixedFit


def satterthwaite_df(fit: Fit, contrast: str | np.ndarray) -> float:
    """Degrees of freedom of a coefficient (by name) or of a contrast (k,) of the coefficients; nan for an unusable fit.

    A variance at zero counts as known: its direction has no gradient there. TypeError for a fit of another
    model.
    """
    if not isinstance(fit, LinearMixedFit):
        raise TypeError(
            f"{fit.method} has no variances to take degrees of freedom from: fit_linear_mixed makes the fit"
        )
    if fit.solution is None:
        return float("nan")
    weights = _weights(fit, contrast)
    # In the basis of Q: L'b = (R^-T L)' (the coefficients of Q).
    turned = np.linalg.solve(fit.solution.products.triangle.T, weights)
    variance = float(weights @ fit.covariance @ weights)
    gradient = np.einsum("i,tij,j->t", turned, fit.information.change, turned)
    return float(2 * variance**2 / (gradient @ fit.information.covariance @ gradient))


def _weights(fit: LinearMixedFit, contrast: str | np.ndarray) -> np.ndarray:
    """A contrast as weights of the coefficients; ValueError when its length is not theirs."""
    if isinstance(contrast, str):
        return np.eye(len(fit.names))[fit.position(contrast)]
    weights = np.asarray(contrast, dtype=float)
    if weights.shape != (len(fit.names),):
        raise ValueError(f"a contrast has one weight a coefficient: {len(fit.names)}, not {weights.size}")
    return weights
