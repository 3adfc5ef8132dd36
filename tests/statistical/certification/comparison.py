"""How one stored number is compared with ours, and how a stored fit is taken apart into its quantities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

# What a stored fit says about itself, with nothing to compare; times are not for claims of speed.
DESCRIPTIVE = frozenset(
    {
        "software", "formula", "data", "method", "id", "cluster", "corstr", "std", "seconds", "nobs", "ngrps",
        "nclusters", "par_names", "complete_df", "estimates", "variances", "p_raw", "df_given",
    }
)  # fmt: skip
# What follows from quantities that are compared: nothing would be learned by comparing it again.
DERIVED = frozenset({"aic", "deviance_crit", "reml_criterion", "p", "p_satt", "par", "par_full"})


@dataclass(frozen=True)
class Tolerance:
    """The largest difference allowed, what it is measured in, and why it is not smaller.

    'standard errors': of the stored fit, by position; 'relative': to the stored value; 'absolute': as it stands.
    """

    limit: float
    unit: Literal["standard errors", "relative", "absolute"]
    reason: str


@dataclass(frozen=True)
class Case:
    """One stored fit: which estimator makes it again, which quantities are claimed, and which are not and why."""

    fit: str
    estimator: str
    compute: Callable[[], Mapping[str, Any]]
    claims: Mapping[str, Tolerance]
    not_claimed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """The largest difference in one quantity of one stored fit."""

    estimator: str
    reference: str
    fit: str
    quantity: str
    largest_difference: float
    tolerance: Tolerance

    @property
    def is_within(self) -> bool:
        """Whether ours agrees; a number that is missing does not."""
        return bool(self.largest_difference <= self.tolerance.limit)

    @property
    def share_of_tolerance(self) -> float:
        """The difference as a share of what is allowed."""
        return self.largest_difference / self.tolerance.limit


def quantities_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The quantities of a stored fit by path: 'coef', 'CR2/se', 'arm/lo' … ; absent ones (null, empty) left out."""
    found: dict[str, Any] = {}
    for name, value in stored.items():
        is_parameter_count = name == "df" and isinstance(value, int)
        if name in DESCRIPTIVE or value is None or value == [] or is_parameter_count:
            continue
        holds_more = isinstance(value, Mapping) and any(isinstance(inner, Mapping) for inner in value.values())
        if holds_more:
            found |= {f"{name}/{path}": inner for path, inner in quantities_of(value).items()}
        else:
            found[name] = value
    return {path: value for path, value in found.items() if path.split("/")[-1] not in DERIVED}


def compare(case: Case, stored: Mapping[str, Any], reference: str) -> list[Comparison]:
    """Every claimed quantity of one stored fit beside ours; a fit that cannot be made again is infinitely far."""
    held = quantities_of(stored)
    ours = case.compute()
    return [
        Comparison(
            estimator=case.estimator,
            reference=reference,
            fit=case.fit,
            quantity=path,
            largest_difference=_largest_difference(path, ours.get(path), held, tolerance),
            tolerance=tolerance,
        )
        for path, tolerance in case.claims.items()
    ]


def _largest_difference(path: str, ours: Any, held: Mapping[str, Any], tolerance: Tolerance) -> float:
    """The largest of the differences of one quantity; infinity where either side lacks it."""
    if ours is None or path not in held:
        return float("inf")
    theirs, mine = _aligned(held[path], ours)
    if mine.shape != theirs.shape or not np.isfinite(mine).all():
        return float("inf")
    apart = np.abs(mine - theirs)
    if tolerance.unit == "relative":
        apart = apart / np.abs(theirs)
    elif tolerance.unit == "standard errors":
        apart = apart / _vector(held[path.replace("coef", "se")])
    return float(apart.max())


def _aligned(theirs: Any, ours: Any) -> tuple[np.ndarray, np.ndarray]:
    """Both as vectors: by name where both have the same names, else by position (R and formulaic name terms unlike)."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        plain = {name.removesuffix(":(Intercept)"): value for name, value in theirs.items()}
        if set(plain) != set(ours):
            return _vector(plain), np.empty(0)
        return _vector(plain), np.array([ours[name] for name in plain], dtype=float)
    return _vector(theirs), _vector(ours)


def _vector(values: Any) -> np.ndarray:
    """Numbers of a mapping, a list or a scalar."""
    held = list(values.values()) if isinstance(values, Mapping) else values
    return np.atleast_1d(np.asarray(held, dtype=float))
