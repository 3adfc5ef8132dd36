"""Cluster-robust variances CR0, CR1, CR1S, CR2, CR3 with Satterthwaite degrees of freedom, as clubSandwich has them.

`V = M (Σ_j X_j' W_j A_j e_j e_j' A_j' W_j X_j) M`, M = (X'WX)⁻¹, with A_j as `cluster_adjustment` says. CR1 is CR0
times m/(m − 1), CR1S that times (n − 1)/(n − k). For a contrast c, `df = (Σ_j P_jj)² / Σ_ij P_ij²`, where P is the
covariance of the clusters' contributions under the working model: the moments of c'Vc matched to a scaled chi-square
(Bell and McCaffrey 2002; Pustejovsky and Tipton 2018). Linear, weighted, two-stage, generalised linear (Poisson, NB2
with theta held, binomial) and linear mixed fits; see `working_model`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from scipy import stats

from swis.effects.cluster_adjustment import (
    Contributions,
    cholesky_contributions,
    weighted_contributions,
    whitened_contributions,
)
from swis.effects.counts.one_thread import on_one_thread
from swis.effects.design import Design, group_codes
from swis.effects.fit import Fit, Status
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


@dataclass(frozen=True, eq=False)
class RobustResult:
    """Standard errors and degrees of freedom of each coefficient, (k,), on the link scale, in the order of `names`.

    nan in these, and in `covariance` (k, k), where clusters cannot tell the variance of a coefficient (the effect of an
    authority when authorities are the clusters; an arm of one cluster): `statuses` and `message` say which. `root` is
    the matrix root CR2 took.
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
    one, 'automatic' clubSandwich's unless that takes long. A fit that is not usable gives nan with its own status,
    fewer than two clusters 'not estimable'; a coefficient that is nan (a stratum of only zeros) stays nan, its rows
    left out. InputError for an unknown kind, group or kind of fit.
    """
    codes = _codes(design, group)
    _refuse_unknown(kind, root)
    if isinstance(fit, Fit) and not fit.is_usable:
        return _without_numbers(fit.names, kind, codes, fit.status, fit.message)
    if isinstance(fit, Fit) and not np.isfinite(fit.coefficients).all():
        finite, kept, rows = finite_part(fit, design)
        return _spread_over(cluster_robust(finite, kept, codes[rows], kind=kind, root=root), fit)
    model = fit if isinstance(fit, WorkingModel) else working_model_of(fit, design)
    if codes.max(initial=-1) < 1:
        return _without_numbers(model.names, kind, codes, "not estimable", "fewer than two clusters: no variance")
    torn = [inner for inner, loadings in model.random if loadings.any() and not _nested(inner, codes)]
    if torn:
        return _without_numbers(model.names, kind, codes, "not nested", "a random effect spans several clusters")
    return _assemble(model, *cluster_contributions(model, codes, kind, root), kind, codes)


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
    rows, errors = _whiten(matrix, residuals, variance, random, slices)
    orthonormal, triangle = np.linalg.qr(rows)
    contrasts = np.linalg.inv(triangle)
    short = float((np.diff(edges).astype(float) ** 3).sum()) <= LARGEST_WORK_FOR_CHOLESKY
    wanted = root == "cholesky" or (root == "automatic" and short)
    if kind != "CR2" or model.is_homoscedastic or not wanted:
        return whitened_contributions(orthonormal, errors, contrasts, slices, kind), "whitened"
    done = cholesky_contributions(
        matrix @ contrasts, residuals, contrasts, slices, lambda part: _covariance(variance, random, part)
    )
    return done, "cholesky"


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


def _whiten(
    matrix: np.ndarray,
    residuals: np.ndarray,
    variance: np.ndarray,
    random: list[tuple[np.ndarray, np.ndarray]],
    slices: list[slice],
) -> tuple[np.ndarray, np.ndarray]:
    """Θ^(−1/2) times columns and residuals. With random effects, by the thin singular vectors of each cluster."""
    scale = np.sqrt(variance)
    both = np.column_stack([matrix, residuals]) / scale[:, None]
    for part in slices if random else []:
        loadings = np.hstack([_spread_out(codes[part], load[part]) for codes, load in random]) / scale[part, None]
        left, singular, _ = np.linalg.svd(loadings, full_matrices=False)
        shrink = 1.0 - (1.0 + singular**2) ** -0.5
        both[part] -= (left * shrink) @ (left.T @ both[part])
    return both[:, :-1], both[:, -1]


def _covariance(variance: np.ndarray, random: list[tuple[np.ndarray, np.ndarray]], part: slice) -> np.ndarray:
    """Θ of one cluster: (n_j,) for independent rows, (n_j, n_j) with random effects."""
    if not random:
        return variance[part]
    return np.diag(variance[part]) + sum(
        (load[part] @ load[part].T) * (codes[part][:, None] == codes[part][None, :]) for codes, load in random
    )


def _spread_out(codes: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """The loadings of each row in the columns of its own level, (n_j, levels * p)."""
    own = (codes[:, None] == np.unique(codes)[None, :]).astype(float)
    return (own[:, :, None] * loadings[:, None, :]).reshape(len(codes), -1)


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


def _without_numbers(names: tuple[str, ...], kind: str, codes: np.ndarray, status: Status, why: str) -> RobustResult:
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


def _spread_over(result: RobustResult, fit: Fit) -> RobustResult:
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


def _said(kind: str, clusters: int, untold: list[str]) -> str:
    said = f"{kind} over {clusters} clusters with Satterthwaite degrees of freedom"
    return f"{said}; clusters cannot tell the variance of {', '.join(untold)}" if untold else said


def _problem(where: str, expected: str) -> InputError:
    return InputError([Problem("model", where, expected, "correct the call")])
