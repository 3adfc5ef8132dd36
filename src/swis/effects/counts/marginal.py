"""What the marginal likelihoods of mixed models share: the sorted table, the parameter vector and what comes back.

A parameter vector is (beta, rho, tau): coefficients of the columns, log standard deviations of the random intercepts
(outer factor first), and tau = log theta for NB2. Functions take any number of vectors at once, one a row of a
(vectors, parameters) array, since a Hessian by differences needs many at little cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swis.effects.counts.families import Outcome
from swis.effects.counts.grouping import Nesting

# How the modes of the random effects are sought, by whatever Newton's method: a step of this size leaves an error of
# its square, and it is taken before the modes are used; none is longer than this, in standard deviations.
MODE_TOLERANCE = 3e-6
LONGEST_STEP = 3.0


@dataclass(frozen=True, eq=False)
class Table:
    """One model's rows in the order of `nesting`: outcome, columns (n, k), offset, and the sum of constants by tau."""

    outcome: Outcome
    matrix: np.ndarray
    offset: np.ndarray
    nesting: Nesting
    constant: Callable[[np.ndarray | None], tuple[np.ndarray, np.ndarray]]

    @property
    def columns(self) -> int:
        """Number of coefficients."""
        return int(self.matrix.shape[1])

    @property
    def factors(self) -> int:
        """Number of grouping factors."""
        return len(self.nesting.factors)

    @property
    def parameters(self) -> int:
        """Length of a parameter vector."""
        return self.columns + self.factors + int(self.outcome.has_shape)

    def split(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Coefficients (…, k), standard deviations (…, factors) and tau (…) or None."""
        beta = vectors[..., : self.columns]
        deviation = np.exp(vectors[..., self.columns : self.columns + self.factors])
        return beta, deviation, vectors[..., -1] if self.outcome.has_shape else None


@dataclass(frozen=True, eq=False)
class Marginal:
    """Marginal log-likelihood of each vector, its gradient, the modes of the random effects and row scores.

    `modes` (…, outer groups + inner groups) are of the standardised effects; `eta` the linear predictor at the modes;
    `row_score` the derivative of the marginal log-likelihood in each row's linear predictor, so X'row_score is the
    gradient in beta.
    """

    value: np.ndarray
    gradient: np.ndarray
    modes: np.ndarray
    eta: np.ndarray
    row_score: np.ndarray
    found: np.ndarray
