"""Marginal models by generalised estimating equations: gaussian, Poisson and binomial means over clusters.

sum over clusters of D_i' V_i^-1 (y_i - mu_i) = 0, V_i = A_i^1/2 R(alpha) A_i^1/2 with A the variance function and R the
working correlation (Liang and Zeger 1986, Biometrika 73(1):13-22), solved by statsmodels. With B_i = D_i' V_i^-1 D_i,
s_i = D_i' V_i^-1 (y_i - mu_i) and M the inverse of the sum of B_i, two covariances come with it:
    robust        M (sum of s_i s_i') M
    bias-reduced  the same, residuals first multiplied by (I - H_i)^-1, H_i = D_i M D_i' V_i^-1: Mancl and DeRouen 2001,
                  Biometrics 57(1):126-134. H_i has the rank of the coefficients, so that s_i becomes
                  M^-1 (M^-1 - B_i)^-1 s_i, and no matrix of the size of a cluster is needed.
alpha and phi are moments over n and over the number of pairs, as geepack has them (statsmodels by default takes k off).
The robust covariance is too small with few clusters; under about 40 take the bias-reduced one and Student's t.
geepack's jackknife errors are not offered: Mancl and DeRouen's serve the same end.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from statsmodels.genmod.cov_struct import Exchangeable, Independence
from statsmodels.genmod.families import Binomial, Gaussian, Poisson
from statsmodels.genmod.generalized_estimating_equations import GEE

from swis.effects.counts.checks import impossible
from swis.effects.counts.families import Outcome
from swis.effects.counts.separation import can_be_separated, is_extreme, separated_rows
from swis.effects.design import Design
from swis.effects.fit import Fit, Status
from swis.effects.groups import group_codes
from swis.errors import InputError, Problem

Family = Literal["gaussian", "poisson", "binomial"]
Working = Literal["exchangeable", "independence"]
FAMILIES: dict[str, Any] = {"gaussian": Gaussian, "poisson": Poisson, "binomial": Binomial}
LABELS = {"gaussian": "Gaussian", "poisson": "Poisson", "binomial": "Binomial"}
# Eigenvalues of B_i against M^-1: at 1 a cluster alone determines a coefficient.
ALONE = 1 - 1e-8


@dataclass(frozen=True, eq=False)
class MarginalFit(Fit):
    """A marginal model; `covariance` is the robust one, so standard errors are.

    `bias_reduced_covariance` is Mancl and DeRouen's (nan when a cluster alone determines a coefficient, and `message`
    says so), `naive_covariance` takes the working correlation as true with the scale phi in `dispersion`,
    `correlation` is the exchangeable alpha (0 for independence), `clusters` their number.
    """

    bias_reduced_covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    naive_covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    correlation: float = float("nan")
    clusters: int = 0

    def bias_reduced_error(self, name: str) -> float:
        """The bias-reduced standard error of one coefficient."""
        place = self.position(name)
        return float(np.sqrt(self.bias_reduced_covariance[place, place]))


def fit_marginal(
    design: Design, *, family: Family, group: str, working: Working = "exchangeable", arm: str = "arm"
) -> MarginalFit:
    """Fit the mean of a design over the clusters of one grouping factor.

    Canonical links: identity, log, logit. A binomial response is 0 or 1, one row a trial. Status 'not estimable' when
    the clusters do not outnumber the coefficients, 'separation', 'all zero', 'single-school arm' and 'not converged'
    carry no numbers. InputError for an unknown family, working correlation or factor, or a response out of range.
    """
    _refuse_bad_input(design, family, group, working)
    codes = group_codes(design.groups[group])
    method = f"{LABELS[family]} GEE {working}"
    verdict = _obstacle(design, family, codes, group, arm)
    if verdict is not None:
        return _without_numbers(design, *verdict, method)
    scales = np.sqrt(np.mean(design.matrix**2, axis=0))
    result = _solve(design, family, codes, working, scales)
    settled = result is not None and result.converged and bool(np.isfinite(result.params).all())
    if _is_separated(design, family, result if settled else None):
        said = "A coefficient runs to infinity: some rows are fitted perfectly; no estimate is given."
        return _without_numbers(design, "separation", said, method)
    if result is None or not settled:
        said = "The estimating equations did not settle; no estimate is given."
        return _without_numbers(design, "not converged", said, method)
    if not _is_correlation(result, codes):
        said = "The correlation within clusters came out lower than any correlation can be; no estimate is given."
        return _without_numbers(design, "not converged", said, method)
    return _fit(design, result, codes, scales, method)


def _is_correlation(result: Any, codes: np.ndarray) -> bool:
    """Whether alpha lies between -1/(n - 1), n the rows of the largest cluster, and 1, so that R is a correlation."""
    alpha = float(getattr(result.cov_struct, "dep_params", 0.0) or 0.0)
    return alpha * (int(np.bincount(codes).max()) - 1) > -1 and alpha < 1


def _solve(design: Design, family: str, codes: np.ndarray, working: str, scales: np.ndarray) -> Any | None:
    """statsmodels' solution on columns of one size (its convergence bound is absolute); None when there is none."""
    structure = Exchangeable() if working == "exchangeable" and np.bincount(codes).max() > 1 else Independence()
    # What it warns of (limits reached, singular matrices) shows in the result, and becomes the status.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = GEE(
            design.response,
            design.matrix / scales,
            groups=codes,
            family=FAMILIES[family](),
            cov_struct=structure,
            offset=design.offset,
        )
        try:
            return model.fit(maxiter=200, ctol=1e-7, ddof_scale=0)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            return None


def _fit(design: Design, result: Any, codes: np.ndarray, scales: np.ndarray, method: str) -> MarginalFit:
    """All numbers of a settled model, back on the columns given."""
    back = 1 / np.outer(scales, scales)
    correlation = float(getattr(result.cov_struct, "dep_params", 0.0) or 0.0)
    reduced = _bias_reduced(design.matrix / scales, result, codes, correlation)
    means = np.asarray(result.fittedvalues)
    scale = _scale(design, result, means)
    message = "The estimating equations settled."
    if reduced is None:
        message = "A cluster alone determines a coefficient: there is no bias-reduced covariance."
        reduced = np.full(back.shape, np.nan)
    return MarginalFit(
        names=design.names,
        coefficients=np.asarray(result.params) / scales,
        covariance=np.asarray(result.cov_robust) * back,
        status="ok",
        message=message,
        log_likelihood=float("nan"),
        observations=design.observations,
        dispersion=scale,
        fitted=means,
        method=method,
        bias_reduced_covariance=reduced * back,
        naive_covariance=np.asarray(result.cov_naive) * back * (scale / float(result.scale)),
        correlation=correlation,
        clusters=int(codes.max()) + 1,
    )


def _scale(design: Design, result: Any, means: np.ndarray) -> float:
    """Moment estimate of phi, the mean squared standardised residual."""
    variance = np.asarray(result.model.family.variance(means))
    return float(((design.response - means) ** 2 / variance).sum() / means.size)


def _bias_reduced(columns: np.ndarray, result: Any, codes: np.ndarray, correlation: float) -> np.ndarray | None:
    """Mancl and DeRouen's covariance; None when M^-1 - B_i is singular for some cluster.

    With w the root of the variance function and canonical links D_i = A_i X_i, the standardised D is w X and the
    residual e / w; R^-1 = (I - c J) / (1 - alpha), c = alpha / (1 + (n_i - 1) alpha).
    """
    means = np.asarray(result.fittedvalues)
    root = np.sqrt(np.asarray(result.model.family.variance(means)))
    standardised = columns * root[:, None]
    residual = (np.asarray(result.model.endog) - means) / root
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shrink = correlation / (1 + (sizes - 1) * correlation)
    sums = np.add.reduceat(standardised[order], starts)
    scores = np.add.reduceat(standardised[order] * residual[order, None], starts)
    scores = (scores - (shrink * np.add.reduceat(residual[order], starts))[:, None] * sums) / (1 - correlation)
    squares = np.stack([part.T @ part for part in np.split(standardised[order], starts[1:])])
    blocks = (squares - shrink[:, None, None] * sums[:, :, None] * sums[:, None, :]) / (1 - correlation)
    total = blocks.sum(axis=0)
    half = np.linalg.inv(np.linalg.cholesky(total))
    if np.linalg.eigvalsh(half @ blocks @ half.T).max() > ALONE:
        return None
    adjusted = np.linalg.solve(total - blocks, scores[:, :, None])[:, :, 0]
    return adjusted.T @ adjusted


def _obstacle(design: Design, family: str, codes: np.ndarray, group: str, arm: str) -> tuple[Status, str] | None:
    """What makes the model not estimable, or None."""
    clusters, columns = int(codes.max(initial=-1)) + 1, len(design.names)
    verdict = impossible(design, "poisson" if family == "gaussian" else family, (), arm)
    if verdict is not None:
        return verdict.status, verdict.message
    if clusters <= columns:
        said = f"{clusters} clusters of {group} cannot carry a robust covariance of {columns} coefficients."
        return "not estimable", said
    return None


def _is_separated(design: Design, family: str, result: Any | None) -> bool:
    """Whether rows are fitted perfectly in the limit; asked of linear programming only where a cheap sign says so."""
    if family == "gaussian":
        return False
    columns = design.matrix / np.sqrt(np.mean(design.matrix**2, axis=0))
    if family == "poisson":
        counts = Outcome("poisson", design.response)
        return can_be_separated(counts, columns) and bool(separated_rows(counts, columns).any())
    trials = Outcome("binomial", design.response, np.ones(design.observations))
    return (result is None or is_extreme(trials, np.asarray(result.fittedvalues))) and bool(
        separated_rows(trials, columns).any()
    )


def _refuse_bad_input(design: Design, family: str, group: str, working: str) -> None:
    """InputError naming everything that is wrong with the request or the response."""
    problems = []
    if family not in FAMILIES:
        problems.append(_problem(f"family {family}", f"one of {', '.join(get_args(Family))}", "correct the family"))
    if working not in get_args(Working):
        allowed = ", ".join(get_args(Working))
        problems.append(_problem(f"working correlation {working}", f"one of {allowed}", "correct the plan"))
    if group not in design.groups:
        problems.append(_problem(f"cluster {group}", "a grouping factor of the design", "add it to groups"))
    if family == "poisson" and (design.response < 0).any():
        problems.append(_problem("the response", "counts of zero or more", "correct the response"))
    many = design.trials is not None and bool((design.trials != 1).any())
    if family == "binomial" and (many or not np.isin(design.response, (0.0, 1.0)).all()):
        problems.append(_problem("the response", "0 or 1, one row a trial", "give one row a trial"))
    if problems:
        raise InputError(problems)


def _problem(where: str, expected: str, action: str) -> Problem:
    return Problem(file="model", where=where, expected=expected, action=action)


def _without_numbers(design: Design, status: Status, message: str, method: str) -> MarginalFit:
    """A fit whose status says why there are no numbers."""
    size = len(design.names)
    empty = np.full((size, size), np.nan)
    return MarginalFit.unusable(
        design.names,
        status,
        message,
        observations=design.observations,
        method=method,
        bias_reduced_covariance=empty,
        naive_covariance=empty,
    )
