"""Cluster-robust variances CR0, CR1, CR1S, CR2, CR3 with Satterthwaite degrees of freedom, as clubSandwich has them.

`V = M (Σ_j X_j' W_j A_j e_j e_j' A_j' W_j X_j) M`, M = (X'WX)⁻¹, with A_j as `cluster_adjustment` says. CR1 is CR0
times m/(m − 1), CR1S that times (n − 1)/(n − k). For a contrast c, `df = (Σ_j P_jj)² / Σ_ij P_ij²`, where P is the
covariance of the clusters' contributions under the working model: the moments of c'Vc matched to a scaled chi-square
(Bell and McCaffrey 2002; Pustejovsky and Tipton 2018). Linear, weighted, two-stage, generalised linear (Poisson, NB2
with theta held, binomial) and linear mixed fits; see `working_model`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from swis.effects.cluster_adjustment import (
    Contributions,
    cholesky_contributions,
    weighted_contributions,
    whitened_contributions,
)
from swis.effects.cluster_rows import covariance_within, whiten
from swis.effects.counts.one_thread import on_one_thread
from swis.effects.design import Design
from swis.effects.fit import Fit, Status, is_exact
from swis.effects.groups import group_codes
from swis.effects.robust_result import RobustResult, spread_over, without_numbers
from swis.effects.working_model import WorkingModel, finite_part, working_model_of
from swis.errors import InputError, Problem

Kind = Literal["CR0", "CR1", "CR1S", "CR2", "CR3"]
Root = Literal["automatic", "cholesky", "whitened"]
# clubSandwich's root takes an eigen-decomposition of n_j × n_j a cluster; beyond this sum of n_j³ (about a second) the
# whitened root, which needs none, stands in for it: with that many rows the two are the same to four digits or more.
LARGEST_WORK_FOR_CHOLESKY = 2e8
# A coefficient with more of its information than this in directions that single clusters determine alone has no
# variance between clusters to speak of.
LARGEST_ABSORBED_SHARE = 0.5
# A generalised linear model is fitted to a relative change of 1e-8 or so: squared residuals this small beside the
# working variance, which they equal on average, are what the search left.
FITTED_EXACTLY = 1e-12


def cluster_robust(
    fit: Fit | WorkingModel,
    design: Design,
    group: str | np.ndarray,
    *,
    kind: Kind = "CR2",
    root: Root = "automatic",
) -> RobustResult:
    """The cluster-robust variance of a fit over `group`, a factor of the design or one value a row (n,).

    `root` matters to CR2 of generalised linear and mixed fits only: 'cholesky' is clubSandwich's, 'whitened' the fast
    one, 'automatic' clubSandwich's unless that takes long. A fit that is not usable gives nan with its own status;
    fewer than two clusters, or residuals that are rounding error, are 'not estimable'; a coefficient that is nan (a
    stratum of only zeros) stays nan, its rows left out. InputError for an unknown kind, group or kind of fit.
    """
    codes = _codes(design, group)
    _refuse_unknown(kind, root)
    if isinstance(fit, Fit) and not fit.is_usable:
        return without_numbers(fit.names, kind, codes, fit.status, fit.message)
    if isinstance(fit, Fit) and not np.isfinite(fit.coefficients).all():
        finite, kept, rows = finite_part(fit, design)
        return spread_over(cluster_robust(finite, kept, codes[rows], kind=kind, root=root), fit)
    model = fit if isinstance(fit, WorkingModel) else working_model_of(fit, design)
    if _is_exact(model, design):
        return without_numbers(model.names, kind, codes, "not estimable", "every row is fitted exactly: no variance")
    if codes.max(initial=-1) < 1:
        return without_numbers(model.names, kind, codes, "not estimable", "fewer than two clusters: no variance")
    torn = [inner for inner, loadings in model.random if loadings.any() and not _nested(inner, codes)]
    if torn:
        return without_numbers(model.names, kind, codes, "not nested", "a random effect spans several clusters")
    return _assemble(model, *cluster_contributions(model, codes, kind, root), kind, codes)


def _is_exact(model: WorkingModel, design: Design) -> bool:
    """Whether all residuals are rounding error, beside the response or beside the spread that counts have."""
    squares = float((model.residuals**2 / model.variance).sum())
    if (model.variance == 1.0).all():
        return is_exact(squares, design.response - design.offset)
    return squares <= FITTED_EXACTLY * design.observations


@on_one_thread
def cluster_contributions(
    model: WorkingModel, codes: np.ndarray, kind: str = "CR2", root: str = "automatic"
) -> tuple[Contributions, str]:
    """What each cluster (`codes` 0..J-1, (n,)) adds to the variance, and the root taken.

    Rows are ordered by cluster, columns made orthonormal, then adjusted as fits the model.
    """
    order = np.argsort(codes, kind="stable")
    edges = np.concatenate([[0], np.cumsum(np.bincount(codes))])
    slices = [slice(int(a), int(b)) for a, b in pairwise(edges)]
    matrix, residuals, variance = model.matrix[order], model.residuals[order], model.variance[order]
    if model.weights is not None:
        weights = model.weights[order]
        _, triangle = np.linalg.qr(np.sqrt(weights)[:, None] * matrix)
        contrasts = np.linalg.inv(triangle)
        done = weighted_contributions(matrix @ contrasts, weights, residuals, contrasts, slices, kind)
        return done, "whitened"
    random = [(inner[order], loadings[order]) for inner, loadings in model.random if loadings.any()]
    rows, errors = whiten(matrix, residuals, variance, random, slices)
    orthonormal, triangle = np.linalg.qr(rows)
    contrasts = np.linalg.inv(triangle)
    if not _needs_cholesky(model, np.diff(edges), kind, root):
        return whitened_contributions(orthonormal, errors, contrasts, slices, kind), "whitened"
    done = cholesky_contributions(
        matrix @ contrasts, residuals, contrasts, slices, lambda part: covariance_within(variance, random, part)
    )
    return done, "cholesky"


def _needs_cholesky(model: WorkingModel, sizes: np.ndarray, kind: str, root: str) -> bool:
    """Whether clubSandwich's root differs from the whitened one and is wanted."""
    if kind != "CR2" or root == "whitened" or model.is_homoscedastic or sizes.max() == 1:
        return False
    return root == "cholesky" or float((sizes.astype(float) ** 3).sum()) <= LARGEST_WORK_FOR_CHOLESKY


def _assemble(model: WorkingModel, parts: Contributions, root: str, kind: str, codes: np.ndarray) -> RobustResult:
    """The variance and the degrees of freedom from the clusters' contributions."""
    clusters, (rows, columns) = len(parts.influence), model.matrix.shape
    factor = {"CR1": clusters / (clusters - 1), "CR1S": clusters * (rows - 1) / ((clusters - 1) * (rows - columns))}
    covariance = parts.influence.T @ parts.influence * factor.get(kind, 1.0)
    freedom = satterthwaite(parts)
    told = (parts.absorbed <= LARGEST_ABSORBED_SHARE) & np.isfinite(freedom)
    covariance = np.where(told[:, None] & told[None, :], covariance, np.nan)
    untold = [name for name, known in zip(model.names, told, strict=True) if not known]
    return RobustResult(
        names=model.names,
        coefficients=model.coefficients,
        standard_errors=np.sqrt(np.diag(covariance)),
        degrees_of_freedom=np.where(told, freedom, np.nan),
        covariance=covariance,
        kind=kind,
        clusters=clusters,
        root=root,
        status="ok" if told.any() else "not estimable",
        statuses=tuple(_coefficient_statuses(model.matrix, codes, told)),
        message=_said(kind, clusters, untold),
    )


def satterthwaite(parts: Contributions) -> np.ndarray:
    """(Σ P_jj)² / Σ P_ij² per coefficient, (k,); nan where nothing varies between clusters.

    With P_ij = δ_ij own_i − z_i' K z_j the double sum is Σ own² − 2 Σ own_j z_j'Kz_j + tr(K S K S), S = Σ z z': no
    matrix of clusters by clusters is needed.
    """
    within, doubled = np.empty_like(parts.own), np.empty(parts.own.shape[1])
    for position in range(doubled.size):
        z = np.ascontiguousarray(parts.z[:, :, position])
        turned = z @ parts.kernel
        within[:, position] = (z * turned).sum(axis=1)
        crossed = z.T @ turned
        doubled[position] = (crossed * crossed.T).sum()
    trace = parts.own.sum(axis=0) - within.sum(axis=0)
    squares = (parts.own**2).sum(axis=0) - 2 * (parts.own * within).sum(axis=0) + doubled
    real = trace > 1e-12 * np.maximum(parts.own.sum(axis=0), np.finfo(float).tiny)
    return np.where(real & (squares > 0), trace**2 / np.where(squares > 0, squares, 1.0), np.nan)


def _coefficient_statuses(matrix: np.ndarray, codes: np.ndarray, told: np.ndarray) -> list[Status]:
    """'ok' where told; else 'single-school arm' where a column is 0 in all clusters but one, or in one alone."""
    touched = np.stack([np.bincount(codes, weights=column != 0) > 0 for column in matrix.T]).sum(axis=1)
    lone = (touched == 1) | (touched == codes.max())
    return [
        "ok" if known else "single-school arm" if one else "not estimable"
        for known, one in zip(told, lone, strict=True)
    ]


def _nested(inner: np.ndarray, outer: np.ndarray) -> bool:
    """Whether every inner level lies in one outer level, whatever the order of the codes."""
    return len(np.unique(np.column_stack([inner, outer]), axis=0)) == len(np.unique(inner))


def _codes(design: Design, group: str | np.ndarray) -> np.ndarray:
    """Codes 0..m-1 of the clusters."""
    if isinstance(group, str) and group not in design.groups:
        raise _problem(f"group {group!r}", f"one of {', '.join(design.groups) or 'no groups at all'}")
    codes = group_codes(design.groups[group] if isinstance(group, str) else group)
    if len(codes) != design.observations or (codes < 0).any():
        raise _problem(f"{len(codes)} values of the group", f"{design.observations}, one a row, none missing")
    return codes


def _refuse_unknown(kind: str, root: str) -> None:
    if kind not in get_args(Kind) or root not in get_args(Root):
        raise _problem(f"kind {kind!r} with root {root!r}", "CR0, CR1, CR1S, CR2 or CR3; automatic, cholesky, whitened")


def _said(kind: str, clusters: int, untold: list[str]) -> str:
    said = f"{kind} over {clusters} clusters with Satterthwaite degrees of freedom"
    return f"{said}; clusters cannot tell the variance of {', '.join(untold)}" if untold else said


def _problem(where: str, expected: str) -> InputError:
    return InputError([Problem("model", where, expected, "correct the call")])
