"""From a design to the rows and columns a likelihood can be maximised over: separated rows out, columns made alike.

The columns are replaced by an orthogonal basis of the same space (X = Q R, basis Q sqrt(n)), so that every
coefficient has the same scale while searching; `back` turns coefficients of the basis into those of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from swis.effects.counts import families
from swis.effects.counts.families import FamilyName, Outcome
from swis.effects.counts.glm import fit_glm
from swis.effects.counts.separation import can_be_separated, is_extreme, separated_rows
from swis.effects.design import Design, aliased_columns


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows and columns to fit.

    `basis` (m, r) and `back` (r, r) are of the columns `columns` of the rows `rows`; `estimable` (k,) marks the
    coefficients that stay finite; `limits` (n,) are the fitted values of rows left out (nan for those kept);
    `first` are the coefficients of a GLM to begin with, where one had to be fitted.
    """

    outcome: Outcome
    basis: np.ndarray
    back: np.ndarray
    offset: np.ndarray
    groups: dict[str, np.ndarray]
    rows: np.ndarray
    columns: np.ndarray
    estimable: np.ndarray
    limits: np.ndarray
    first: np.ndarray | None = None


def prepare(design: Design, family: FamilyName) -> Prepared:
    """Leave out rows that a coefficient on its way to infinity fits perfectly, and the columns they alone identify."""
    outcome = outcome_of(design, family)
    basis, back = _basis(design.matrix)
    every = np.arange(design.observations)
    whole = Prepared(
        outcome=outcome,
        basis=basis,
        back=back,
        offset=design.offset,
        groups=dict(design.groups),
        rows=every,
        columns=np.arange(len(design.names)),
        estimable=np.ones(len(design.names), dtype=bool),
        limits=np.full(design.observations, np.nan),
    )
    if not can_be_separated(outcome, basis):
        return whole
    if family == "binomial":
        glm = fit_glm(outcome, basis, design.offset)
        if not is_extreme(outcome, families.mean(outcome, glm.eta)):
            return replace(whole, first=glm.coefficients)
    separated = separated_rows(outcome, basis)
    return _without(design, whole, separated) if separated.any() else whole


def outcome_of(design: Design, family: FamilyName) -> Outcome:
    """The response with its trials (one each for a binomial that names none)."""
    if family != "binomial":
        return Outcome(family, design.response)
    return Outcome(family, design.response, np.ones(design.observations) if design.trials is None else design.trials)


def _basis(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q sqrt(n) and the matrix that turns its coefficients into those of the columns."""
    orthogonal, corner = np.linalg.qr(matrix)
    scale = np.sqrt(matrix.shape[0])
    identity = np.eye(matrix.shape[1])
    return orthogonal * scale, linalg.solve_triangular(corner, identity, check_finite=False) * scale


def _without(design: Design, whole: Prepared, separated: np.ndarray) -> Prepared:
    """The limiting model: rows that are left, columns they identify."""
    rows = np.flatnonzero(~separated)
    kept = design.subset(rows)
    aliased = aliased_columns(kept.matrix) if rows.size else list(range(len(design.names)))
    columns = np.setdiff1d(np.arange(len(design.names)), aliased)
    basis, back = _basis(kept.matrix[:, columns]) if columns.size else (np.empty((rows.size, 0)), np.empty((0, 0)))
    upper = np.zeros(separated.size) if whole.outcome.trials is None else whole.outcome.trials
    limits = np.where(separated, np.where(whole.outcome.response > 0.0, upper, 0.0), np.nan)
    return replace(
        whole,
        outcome=outcome_of(kept, whole.outcome.family),
        basis=basis,
        back=back,
        offset=kept.offset,
        groups=dict(kept.groups),
        rows=rows,
        columns=columns,
        estimable=_estimable(kept.matrix, columns),
        limits=limits,
    )


def _estimable(matrix: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Coefficients that the rows left identify by themselves: no direction unseen by the rows moves them."""
    size = matrix.shape[1]
    estimable = np.zeros(size, dtype=bool)
    estimable[columns] = True
    for column in np.setdiff1d(np.arange(size), columns):
        combination = linalg.lstsq(matrix[:, columns], matrix[:, column])[0] if columns.size else np.empty(0)
        estimable[columns[np.abs(combination) > 1e-7]] = False
    return estimable
