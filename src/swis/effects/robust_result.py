"""The result of a cluster-robust variance: standard errors and degrees of freedom, and where there are none, why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from swis.effects.fit import Fit, Status


@dataclass(frozen=True, eq=False)
class RobustResult:
    """Standard errors and degrees of freedom of each coefficient, (k,), on the link scale, in the order of `names`.

    nan in these, and in `covariance` (k, k), where clusters cannot tell the variance of a coefficient (the effect of an
    authority when authorities are the clusters; an arm of one cluster): `statuses` and `message` say which. `root` is
    the matrix root CR2 took (the same thing as the other for clusters of one row and for least squares).
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    standard_errors: np.ndarray
    degrees_of_freedom: np.ndarray
    covariance: np.ndarray
    kind: str
    clusters: int
    root: str
    status: Status
    statuses: tuple[Status, ...]
    message: str

    def position(self, name: str) -> int:
        """Where a coefficient stands; KeyError naming what there is when it is absent."""
        if name not in self.names:
            raise KeyError(f"no coefficient {name!r}; there are {', '.join(self.names)}")
        return self.names.index(name)

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Estimate ± t × SE at the Satterthwaite degrees of freedom."""
        at = self.position(name)
        half = stats.t.ppf((1 + level) / 2, self.degrees_of_freedom[at]) * self.standard_errors[at]
        return float(self.coefficients[at] - half), float(self.coefficients[at] + half)

    def p_value(self, name: str) -> float:
        """Two-sided p of the coefficient being 0, by t at the Satterthwaite degrees of freedom."""
        at = self.position(name)
        ratio = abs(self.coefficients[at] / self.standard_errors[at])
        return float(2 * stats.t.sf(ratio, self.degrees_of_freedom[at]))


def without_numbers(names: tuple[str, ...], kind: str, codes: np.ndarray, status: Status, why: str) -> RobustResult:
    """A result of nan only, with the status and the sentence that say why."""
    none = np.full(len(names), np.nan)
    square = np.full((len(names), len(names)), np.nan)
    return RobustResult(
        names,
        none,
        none,
        none,
        square,
        kind,
        int(codes.max(initial=-1)) + 1,
        "none",
        status,
        (status,) * len(names),
        why,
    )


def spread_over(result: RobustResult, fit: Fit) -> RobustResult:
    """A result over some coefficients of a fit as one over all of them, nan where the fit itself has none."""
    size = len(fit.names)
    at = [result.names.index(name) if name in result.names and finite else -1 for name, finite in _finite(fit)]
    held = np.array(at) >= 0
    errors, freedom, covariance = np.full(size, np.nan), np.full(size, np.nan), np.full((size, size), np.nan)
    taken = np.array(at)[held]
    errors[held], freedom[held] = result.standard_errors[taken], result.degrees_of_freedom[taken]
    covariance[np.ix_(held, held)] = result.covariance[np.ix_(taken, taken)]
    return replace(
        result,
        names=fit.names,
        coefficients=fit.coefficients,
        standard_errors=errors,
        degrees_of_freedom=freedom,
        covariance=covariance,
        statuses=tuple(result.statuses[position] if position >= 0 else "separation" for position in at),
        message=f"{result.message}; {fit.message}",
    )


def _finite(fit: Fit) -> list[tuple[str, bool]]:
    return list(zip(fit.names, np.isfinite(fit.coefficients).tolist(), strict=True))
