"""The result every estimator returns: numbers with a status, so that no number is ever silent about how it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np

Status = Literal[
    "ok",
    "zero variance",
    "separation",
    "single-school arm",
    "all zero",
    "not converged",
    "not estimable",
    "not nested",
]
USABLE: frozenset[str] = frozenset({"ok", "zero variance"})
# Residuals smaller than this share of the response's own size are rounding: nothing is left to estimate a variance.
NOTHING_LEFT = 1e-12


def is_exact(squares: float, outcome: np.ndarray) -> bool:
    """Whether a sum of squared residuals is no more than the rounding error of the outcome (n,) itself."""
    return bool(squares <= NOTHING_LEFT**2 * max(float(outcome @ outcome), np.finfo(float).tiny))


@dataclass(frozen=True, eq=False)
class Fit:
    """One fitted model; `coefficients` and `covariance` are on the link scale, in the order of `names`.

    `status` 'ok' and 'zero variance' carry numbers that may be used; with any other status every number is nan.
    `message` is one plain sentence for the reader: what was met and what was done about it.
    `variances` are random-effect variances by grouping factor ('Residual' for linear models), empty without any.
    `dispersion` is theta of a negative binomial (variance mu + mu²/theta), phi of a quasi-likelihood, else None.
    `fitted` are conditional means (with predicted random effects) on the response scale: counts per row,
    and for a binomial the expected number of successes.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    status: Status
    message: str
    log_likelihood: float
    observations: int
    variances: Mapping[str, float] = field(default_factory=dict)
    dispersion: float | None = None
    fitted: np.ndarray = field(default_factory=lambda: np.empty(0))
    method: str = ""

    @classmethod
    def unusable(
        cls, names: Sequence[str], status: Status, message: str, *, observations: int, method: str, **own: Any
    ) -> Self:
        """A fit without numbers: every coefficient and variance is nan, and `status` and `message` say why.

        `own` are fields that a kind of fit adds, where they are to be other than empty.
        """
        size = len(names)
        return cls(
            names=tuple(names),
            coefficients=np.full(size, np.nan),
            covariance=np.full((size, size), np.nan),
            status=status,
            message=message,
            log_likelihood=float("nan"),
            observations=observations,
            fitted=np.full(observations, np.nan),
            method=method,
            **own,
        )

    @property
    def standard_errors(self) -> np.ndarray:
        """Model-based standard errors, (k,), in the order of `names`."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def is_usable(self) -> bool:
        """Whether the numbers may be reported as an estimate."""
        return self.status in USABLE

    def position(self, name: str) -> int:
        """Where a coefficient stands; KeyError naming what there is when it is absent."""
        if name not in self.names:
            raise KeyError(f"no coefficient {name!r}; there are {', '.join(self.names)}")
        return self.names.index(name)

    def coefficient(self, name: str) -> float:
        """One coefficient on the link scale."""
        return float(self.coefficients[self.position(name)])

    def standard_error(self, name: str) -> float:
        """The model-based standard error of one coefficient."""
        position = self.position(name)
        return float(np.sqrt(self.covariance[position, position]))
