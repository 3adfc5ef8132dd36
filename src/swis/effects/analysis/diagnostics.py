"""Whether the primary model fits: a rootogram of counts and the spread of residuals, over schools and never of one.

Rootogram (Kleiber and Zeileis, Am Stat 2016;70:296-303): schools by number of events against what the fitted
negative binomial expects, Σ_s P(Y_s in bin | μ_s, θ). Residuals, of counts and of shares, are mid-P probability
residuals turned normal (Dunn and Smyth, J Comput Graph Stat 1996;5:236-244, with the middle of the jump in place of a
random point in it, so that the same data give the same picture).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from swis.effects.analysis.spread import over_intercepts

FEWEST_SCHOOLS_IN_A_BIN = 3
ROOTOGRAM_COLUMNS = ["from_count", "to_count", "observed_schools", "expected_schools"]
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def rootogram(count: np.ndarray, expected: np.ndarray, theta: float | None, *, bins: int = 12) -> pd.DataFrame:
    """Observed and expected schools by bin of counts (ROOTOGRAM_COLUMNS); every bin holds at least 3 schools.

    `expected` are the fitted means; `theta` the negative binomial's (None: Poisson). Bins are those of the quantiles
    of the counts, merged until each holds enough schools.
    """
    if not len(count):
        return pd.DataFrame(columns=ROOTOGRAM_COLUMNS, dtype=float)
    edges = _edges(count, bins)
    reach = np.concatenate([edges[1:] - 1, [np.iinfo(np.int64).max]]).astype(float)
    below = np.concatenate([[0.0], *[[_cumulative(end, expected, theta).sum()] for end in reach]])
    observed = [int(((count >= low) & (count <= high)).sum()) for low, high in zip(edges, reach, strict=True)]
    last = np.append(edges[1:] - 1, count.max())
    values = (edges.astype(int), last.astype(int), observed, np.diff(below))
    return pd.DataFrame(dict(zip(ROOTOGRAM_COLUMNS, values, strict=True)))


def _edges(count: np.ndarray, bins: int) -> np.ndarray:
    """Lower ends of bins from 0 upwards, each with at least FEWEST_SCHOOLS_IN_A_BIN schools."""
    wanted = np.unique(np.quantile(count, np.linspace(0, 1, bins + 1)[:-1]).astype(int))
    kept = [0]
    for edge in wanted[wanted > 0]:
        enough = ((count >= kept[-1]) & (count < edge)).sum() >= FEWEST_SCHOOLS_IN_A_BIN
        if enough and (count >= edge).sum() >= FEWEST_SCHOOLS_IN_A_BIN:
            kept.append(int(edge))
    return np.array(kept)


def _cumulative(count: float | np.ndarray, expected: np.ndarray, theta: float | None) -> np.ndarray:
    """P(Y ≤ count) of every school under its fitted mean."""
    # Counts that vary no more than by chance have an infinite theta, which is the Poisson distribution.
    if theta is None or np.isinf(theta):
        return np.asarray(stats.poisson.cdf(count, expected))
    return np.asarray(stats.nbinom.cdf(count, theta, theta / (theta + expected)))


def residuals(count: np.ndarray, expected: np.ndarray, theta: float | None) -> np.ndarray:
    """Mid-P residuals on the normal scale: standard normal where the model is right."""
    return _normal_score(_cumulative(count - 1, expected, theta), _cumulative(count, expected, theta))


def share_residuals(successes: np.ndarray, trials: np.ndarray, predictor: np.ndarray, sd: float) -> np.ndarray:
    """The same of shares whose log odds vary between schools by `sd` around `predictor`, averaged over that."""
    share, weights = over_intercepts(predictor, sd)

    def below(count: np.ndarray) -> np.ndarray:
        return np.asarray(stats.binom.cdf(count[:, None], trials[:, None], share) @ weights)

    return _normal_score(below(successes - 1), below(successes))


def _normal_score(below: np.ndarray, up_to: np.ndarray) -> np.ndarray:
    return np.asarray(stats.norm.ppf(np.clip((below + up_to) / 2, 1e-9, 1 - 1e-9)))


def residual_quantiles(residual: np.ndarray) -> pd.DataFrame:
    """Quantiles of the residuals beside those of the standard normal [quantile, observed, expected]."""
    return pd.DataFrame(
        {
            "quantile": QUANTILES,
            "observed": np.quantile(residual, QUANTILES) if len(residual) else np.full(len(QUANTILES), np.nan),
            "expected": stats.norm.ppf(QUANTILES),
        }
    )
