"""Two-stage least squares, for the effect among schools or pupils who took what they were offered (CACE).

With columns X = [endogenous, exogenous] and instruments Z = [instruments, exogenous]: X̂ = Z(Z'Z)⁻¹Z'X,
`beta = (X̂'X̂)⁻¹ X̂'y`, residuals y − Xβ, model-based variance s²(X̂'X̂)⁻¹, s² = Σe²/(n − k), as AER's `ivreg`.
With the arm as the only instrument of receipt, β is the complier average causal effect: the intention-to-treat effect
on the outcome over that on receipt (randomisation, exclusion and monotonicity assumed).

The first-stage F tests the instruments in the regression of the endogenous column on Z, the others held; its
cluster-robust form (CR2, as estimatr's `iv_robust` gives) is (estimate/SE)² for one instrument. Below 10 it is weak
(Staiger and Stock 1997): the estimate is given, and `message` and `is_weak` say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from swis.effects.cluster_robust import Kind, cluster_robust
from swis.effects.counts.checks import lone_school
from swis.effects.design import Design
from swis.effects.fit import Fit, is_exact
from swis.effects.least_squares import EXACT, fit_least_squares, refuse_lone, refuse_rank
from swis.effects.working_model import WorkingModel, two_stage_working_model
from swis.errors import InputError, Problem

METHOD = "2SLS"
WEAK_BELOW = 10.0
# The share of an endogenous column's spread which the instruments must explain to be there at all.
NO_FIRST_STAGE = 1e-10


@dataclass(frozen=True, eq=False)
class TwoStageFit(Fit):
    """A two-stage fit: `projected` (n, k) columns, and by endogenous column the first stage's F and degrees of freedom.

    `compliance` by endogenous column is the coefficient of the first instrument in the first stage: with the arm as
    instrument and receipt 0/1, the share of those offered who took it, less that among those not offered.
    """

    projected: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    first_stage_f: dict[str, float] = field(default_factory=dict)
    first_stage_df: tuple[int, int] = (0, 0)
    compliance: dict[str, float] = field(default_factory=dict)

    @property
    def is_weak(self) -> bool:
        """Whether an instrument is weak by the rule of thumb F < 10."""
        return any(value < WEAK_BELOW for value in self.first_stage_f.values())

    def working_model(self, design: Design) -> WorkingModel:
        """What the cluster-robust variance needs: the projected columns and the structural residuals."""
        return two_stage_working_model(self, design, self.projected)


def fit_two_stage(design: Design, endogenous: str | Sequence[str], instruments: np.ndarray) -> Fit:
    """2SLS of the response on all columns of the design, the `endogenous` ones instrumented by `instruments`.

    Instruments are (n,) or (n, q); every other column is exogenous and instruments itself. 'not estimable' where
    there is no first stage: fewer instruments than endogenous columns, receipt that is the same for all (nobody was
    served), or receipt that the instruments do not move. 'single-school arm' where a side of an instrument of two
    values has one row or one group, 'zero variance' where the columns explain the response fully. Where all complied
    (receipt equals the arm) the result is least squares, and `message` says so. InputError for an unknown column or
    instruments of another length.
    """
    wanted = (endogenous,) if isinstance(endogenous, str) else tuple(endogenous)
    given = _instruments(design, wanted, instruments)
    constant = [name for name in wanted if np.ptp(design.column(name)) == 0.0]
    if constant:
        return _refused(design, f"no first stage: {', '.join(constant)} is the same in every row (no one complied)")
    lone = (lone_school(column, f"instrument {place}", design.groups) for place, column in enumerate(given.T, 1))
    verdict = next((found for found in lone if found is not None), None)
    refused = refuse_rank(design, METHOD) or refuse_lone(verdict, design, METHOD)
    if refused is not None:
        return refused
    exogenous = design.without(*wanted).matrix
    basis = _orthonormal(np.column_stack([exogenous, given]))
    projected = basis @ (basis.T @ design.matrix)
    for name in wanted:
        projected_exogenous = [p for p, other in enumerate(design.names) if other not in wanted]
        projected[:, projected_exogenous] = exogenous
        if _explained(design.column(name), exogenous, basis) < NO_FIRST_STAGE:
            return _refused(design, f"no first stage: the instrument does not move {name}")
    refused = refuse_rank(_with_matrix(design, projected), METHOD)
    if refused is not None:
        return _refused(design, "no first stage: fewer instruments than endogenous columns can be told apart")
    return _solve(design, wanted, given, projected)


def first_stage_f_robust(
    design: Design, endogenous: str, instrument: np.ndarray, group: str | np.ndarray, *, kind: Kind = "CR2"
) -> float:
    """The cluster-robust F of one instrument in the first stage: (estimate/SE)²."""
    stage = _first_stage(design, (endogenous,), endogenous, np.asarray(instrument, dtype=float).reshape(-1, 1))
    robust = cluster_robust(fit_least_squares(stage), stage, group, kind=kind)
    return float((robust.coefficients[-1] / robust.standard_errors[-1]) ** 2)


def _solve(design: Design, wanted: tuple[str, ...], given: np.ndarray, projected: np.ndarray) -> Fit:
    basis, triangle = np.linalg.qr(projected)
    outcome = design.response - design.offset
    coefficients = np.linalg.solve(triangle, basis.T @ outcome)
    inverse = np.linalg.inv(triangle)
    residuals = outcome - design.matrix @ coefficients
    rows, columns = design.matrix.shape
    squares = float(residuals @ residuals)
    spread = squares / (rows - columns)
    exact = is_exact(squares, outcome)
    strengths = {name: _first_stage_f(design, wanted, name, given) for name in wanted}
    return TwoStageFit(
        names=design.names,
        coefficients=coefficients,
        covariance=spread * inverse @ inverse.T,
        status="zero variance" if exact else "ok",
        message=EXACT if exact else _said(design, wanted, given, {name: f for name, (f, _) in strengths.items()}),
        log_likelihood=float("nan"),
        observations=rows,
        variances={"Residual": spread},
        fitted=design.response - residuals,
        method=METHOD,
        projected=projected,
        first_stage_f={name: f for name, (f, _) in strengths.items()},
        first_stage_df=(given.shape[1], rows - columns + len(wanted) - given.shape[1]),
        compliance={name: share for name, (_, share) in strengths.items()},
    )


def _first_stage(design: Design, wanted: tuple[str, ...], name: str, given: np.ndarray) -> Design:
    """The endogenous column as response, exogenous columns and instruments beside it."""
    others = design.without(*wanted)
    labels = tuple(f"instrument {i + 1}" for i in range(given.shape[1]))
    return Design(
        response=design.column(name),
        matrix=np.column_stack([others.matrix, given]),
        names=others.names + labels,
        offset=np.zeros(design.observations),
        groups=design.groups,
        rows=design.rows,
    )


def _first_stage_f(design: Design, wanted: tuple[str, ...], name: str, given: np.ndarray) -> tuple[float, float]:
    """F of the instruments, and the coefficient of the first of them; infinite where all complied."""
    stage = _first_stage(design, wanted, name, given)
    full = fit_least_squares(stage)
    compliance = float(full.coefficients[-given.shape[1]])
    without = fit_least_squares(stage.without(*stage.names[-given.shape[1] :]))
    free = stage.observations - stage.matrix.shape[1]
    left = full.variances["Residual"] * free
    before = without.variances["Residual"] * (free + given.shape[1])
    if full.status == "zero variance":
        return float("inf"), compliance
    return (before - left) / given.shape[1] / (left / free), compliance


def _said(design: Design, wanted: tuple[str, ...], given: np.ndarray, strengths: dict[str, float]) -> str:
    if len(wanted) == 1 and given.shape[1] == 1 and np.array_equal(design.column(wanted[0]), given[:, 0]):
        return "all complied: two-stage least squares is then least squares"
    weak = [f"{name} (F = {value:.1f})" for name, value in strengths.items() if value < WEAK_BELOW]
    return f"weak first stage for {', '.join(weak)}: read with care" if weak else "2SLS"


def _explained(column: np.ndarray, exogenous: np.ndarray, basis: np.ndarray) -> float:
    """The share of what exogenous columns leave of an endogenous one that the instruments explain."""
    own = _orthonormal(exogenous)
    rest = column - own @ (own.T @ column)
    moved = basis @ (basis.T @ rest)
    moved = moved - own @ (own.T @ moved)
    return float(moved @ moved) / max(float(rest @ rest), np.finfo(float).tiny)


def _orthonormal(matrix: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the columns' span, whatever their rank."""
    scale = np.sqrt((matrix**2).sum(axis=0))
    left, singular, _ = np.linalg.svd(matrix / np.where(scale > 0, scale, 1.0), full_matrices=False)
    return left[:, singular > 1e-10 * singular[0]] if singular.size else left


def _with_matrix(design: Design, matrix: np.ndarray) -> Design:
    return Design(design.response, matrix, design.names, design.offset, groups=design.groups, rows=design.rows)


def _instruments(design: Design, wanted: tuple[str, ...], instruments: np.ndarray) -> np.ndarray:
    unknown = [name for name in wanted if name not in design.names]
    given = np.asarray(instruments, dtype=float)
    given = given[:, None] if given.ndim == 1 else given
    if unknown or len(given) != design.observations or not np.isfinite(given).all():
        expected = f"columns {', '.join(design.names)} and {design.observations} finite values an instrument"
        raise InputError([Problem("model", f"two stages for {', '.join(wanted)}", expected, "correct the call")])
    return given


def _refused(design: Design, said: str) -> Fit:
    return Fit.unusable(design.names, "not estimable", said, observations=design.observations, method=METHOD)
