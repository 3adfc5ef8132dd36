"""Standard errors and degrees of freedom as a specification asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from swis.effects.cluster_robust import cluster_robust
from swis.effects.design import Design
from swis.effects.fit import Fit, Status
from swis.effects.robust_result import RobustResult
from swis.effects.satterthwaite import satterthwaite_df
from swis.plan import Specification


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """The covariance of the coefficients (k, k), degrees of freedom of each (k,), and the words for both.

    Where the covariance has no number, `why` says it: a status and a sentence.
    """

    covariance: np.ndarray
    degrees_of_freedom: np.ndarray
    words: str
    message: str = ""
    why: tuple[Status, str] = ("not estimable", "The clusters cannot tell the standard error.")

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors in the order of the coefficients."""
        return np.sqrt(np.diag(self.covariance))


def uncertainty_of(fit: Fit, design: Design, spec: Specification) -> Uncertainty:
    """What the specification's `standard_errors` and `degrees_of_freedom` come to for a usable fit."""
    size = len(fit.names)
    asked = spec.standard_errors
    if asked in {"CR2 by school", "CR2 by authority"}:
        factor = asked.rpartition(" ")[2]
        robust = cluster_robust(fit, design, factor)
        why = _why_untold(robust, factor)
        return Uncertainty(robust.covariance, robust.degrees_of_freedom, f"{asked}, Satterthwaite", why=why)
    if asked == "bias-reduced sandwich by authority":
        clusters = int(design.groups["authority"].max()) + 1
        freedom = float(max(clusters - size, 1))
        words = "bias-reduced sandwich by authority"
        return Uncertainty(_bias_reduced(fit), np.full(size, freedom), words, why=("not estimable", fit.message))
    return Uncertainty(fit.covariance, _freedom(fit, design, spec), "model-based")


def _why_untold(robust: RobustResult, factor: str) -> tuple[Status, str]:
    """What to say of an effect without a standard error."""
    if robust.status != "ok":
        return robust.status, robust.message
    return "not estimable", f"Clusters by {factor} cannot tell the standard error: single ones of them determine it."


def _freedom(fit: Fit, design: Design, spec: Specification) -> np.ndarray:
    if spec.degrees_of_freedom == "residual":
        return np.full(len(fit.names), float(design.observations - design.matrix.shape[1]))
    if spec.degrees_of_freedom == "Satterthwaite":
        # Only the effects are read; the others cost a derivative each and are not.
        wanted = [place for place, name in enumerate(fit.names) if name.partition(":")[0] == spec.treatment]
        freedom = np.full(len(fit.names), np.nan)
        freedom[wanted] = [satterthwaite_df(fit, fit.names[place]) for place in wanted]
        return freedom
    return np.full(len(fit.names), np.inf)


def _bias_reduced(fit: Any) -> np.ndarray:
    return np.asarray(fit.bias_reduced_covariance)
