"""One draw from the Bayesian random-intercept regression that imputation samples missing values from.

`y_ij = a'x_ij + u_j + e_ij`, u ~ N(0, τ²) by school, e ~ N(0, σ²), with flat priors, as `2l.norm` of R's mice:

1. σ² = (within-school residual sum of squares) / χ² with n − J − k_w degrees of freedom (k_w columns vary in schools);
2. τ² + σ² h = (sum of squares of the schools' mean residuals) / χ² with J − k degrees, h = mean 1/n_j; τ² at least 0;
3. a ~ N(â, V), the generalised least squares estimate at these variances;
4. u_j ~ N(λ_j × mean residual_j, τ²(1 − λ_j)), λ_j = τ²/(τ² + σ²/n_j); λ = 0 for a school with no value at all.

Drawing a, u, σ and τ anew for each completed table is what makes the spread between tables honest: the level of a
school, known from few pupils or from none, is uncertain for all of its pupils at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, RegressorMixin

# Relative size below which a direction of the columns is no information (a constant beside the intercept).
NO_INFORMATION = 1e-10


class SharedGenerator:
    """A generator that copies of an estimator go on sharing: a copied one would draw the same numbers again."""

    def __init__(self, generator: np.random.Generator) -> None:
        """Hold the generator."""
        self.generator = generator

    def __deepcopy__(self, memo: object) -> SharedGenerator:
        """Itself."""
        return self


class SchoolRegression(RegressorMixin, BaseEstimator):
    """A scikit-learn regressor whose `fit` is one draw of the parameters.

    The last column of X holds school codes 0, 1, …; a constant, where wanted, is one of the columns before.
    """

    def __init__(self, draws: SharedGenerator) -> None:
        """`draws` is where the randomness comes from."""
        self.draws = draws

    def fit(self, X: np.ndarray, y: np.ndarray) -> SchoolRegression:  # noqa: N803 — scikit-learn's own names
        """Draw σ², τ², coefficients and school effects given the rows whose value is known."""
        rng = self.draws.generator
        columns, codes = X[:, :-1], X[:, -1].astype(np.intp)
        levels, own, sizes = np.unique(codes, return_inverse=True, return_counts=True)
        of_school = sparse.csr_array((np.ones(y.size), (own, np.arange(y.size))), shape=(levels.size, y.size))
        products = _Products(
            gram=columns.T @ columns,
            cross=columns.T @ y,
            square=float(y @ y),
            sums=of_school @ columns,
            totals=of_school @ y,
            sizes=sizes.astype(float),
        )
        self.sigma_ = _draw_sigma(products, rng)
        self.tau_ = _draw_tau(products, self.sigma_, rng)
        self.coefficients_ = _draw_coefficients(products, self.sigma_, self.tau_, rng)
        self.effects_ = self._school_effects(levels, products, rng)
        return self

    def predict(self, X: np.ndarray, return_std: bool = False) -> Any:  # noqa: N803
        """Means at the drawn parameters, and σ for every row: what a missing value is then drawn around."""
        codes = X[:, -1].astype(np.intp)
        levels, own = np.unique(codes, return_inverse=True)
        effects = np.array([self._effect(int(level)) for level in levels])
        means = X[:, :-1] @ self.coefficients_ + effects[own]
        return (means, np.full(len(X), self.sigma_)) if return_std else means

    def _school_effects(self, levels: np.ndarray, products: _Products, rng: np.random.Generator) -> dict[int, float]:
        sizes, tau = products.sizes, self.tau_
        means = (products.totals - products.sums @ self.coefficients_) / sizes
        kept = tau**2 / (tau**2 + self.sigma_**2 / sizes) if tau > 0 else np.zeros(sizes.size)
        drawn = kept * means + tau * np.sqrt(1 - kept) * rng.standard_normal(sizes.size)
        return dict(zip(levels.tolist(), drawn.tolist(), strict=True))

    def _effect(self, level: int) -> float:
        """The drawn effect of a school; of one without a known value a draw from all schools', kept for its pupils."""
        if level not in self.effects_:
            self.effects_[level] = float(self.tau_ * self.draws.generator.standard_normal())
        return self.effects_[level]


@dataclass(frozen=True, eq=False)
class _Products:
    """X'X, X'y, y'y, and by school the sums of X and y and the number of rows: all that the draws need."""

    gram: np.ndarray
    cross: np.ndarray
    square: float
    sums: np.ndarray
    totals: np.ndarray
    sizes: np.ndarray


def _draw_sigma(of: _Products, rng: np.random.Generator) -> float:
    """Standard deviation within schools."""
    within = of.gram - of.sums.T @ (of.sums / of.sizes[:, None])
    between = of.cross - of.sums.T @ (of.totals / of.sizes)
    inverse, rank = _inverse(within, np.diag(of.gram))
    left = of.square - float(of.totals @ (of.totals / of.sizes)) - float(between @ inverse @ between)
    freedom = of.sizes.sum() - of.sizes.size - rank
    if freedom <= 0:
        # Every known value is alone in its school: nothing tells pupils from schools, so all of it is pupils'.
        freedom = of.sizes.sum()
        left = of.square
    return float(np.sqrt(max(left, 0.0) / rng.chisquare(freedom)))


def _draw_tau(of: _Products, sigma: float, rng: np.random.Generator) -> float:
    """Standard deviation between schools, 0 where their means vary no more than pupils make them."""
    inverse, _ = _inverse(of.gram, np.diag(of.gram))
    means = (of.totals - of.sums @ (inverse @ of.cross)) / of.sizes
    _, rank = _inverse(of.sums.T @ (of.sums / of.sizes[:, None]), np.diag(of.gram))
    freedom = of.sizes.size - rank
    if freedom <= 0:
        return 0.0
    total = float(means @ means) / rng.chisquare(freedom)
    return float(np.sqrt(max(total - sigma**2 * float((1 / of.sizes).mean()), 0.0)))


def _draw_coefficients(of: _Products, sigma: float, tau: float, rng: np.random.Generator) -> np.ndarray:
    """From N(â, V) at the drawn variances, V⁻¹ = X'Ω⁻¹X with Ω = σ²I + τ² within schools."""
    shrink = tau**2 / (sigma**2 + of.sizes * tau**2) if tau > 0 else np.zeros(of.sizes.size)
    precision = of.gram - of.sums.T @ (of.sums * shrink[:, None])
    pull = of.cross - of.sums.T @ (of.totals * shrink)
    values, vectors = np.linalg.eigh(precision)
    kept = values > NO_INFORMATION * values[-1]
    known, amount = vectors[:, kept], values[kept]
    return known @ ((known.T @ pull) / amount + sigma * rng.standard_normal(amount.size) / np.sqrt(amount))


def _inverse(gram: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, int]:
    """Generalised inverse and rank, a direction counting as none beside the size of the columns themselves."""
    values, vectors = np.linalg.eigh(gram)
    kept = values > NO_INFORMATION * float(scale.max())
    return (vectors[:, kept] / values[kept]) @ vectors[:, kept].T, int(kept.sum())
