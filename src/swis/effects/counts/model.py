"""Count models as the rest of the compendium asks for them: a design and a family in, a fit with its status out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from swis.effects.counts import families
from swis.effects.counts.checks import Verdict, impossible, refuse_bad_input, single_school_arm, strata_columns
from swis.effects.counts.families import LABELS, FamilyName
from swis.effects.counts.one_thread import on_one_thread
from swis.effects.counts.prepare import Prepared, prepare
from swis.effects.counts.solve import Solution, Start, solve
from swis.effects.design import Design
from swis.effects.fit import Fit, Status

ARM = "arm"
# A standard deviation of logs or log odds beyond this is on its way to infinity.
LARGE_DEVIATION = 10.0
LISTED = 4


@on_one_thread
def fit_count_model(
    design: Design,
    *,
    family: FamilyName,
    random: Sequence[str] = (),
    quadrature_points: int = 25,
    arm: str = ARM,
    strata: Sequence[str] | None = None,
) -> Fit:
    """Fit a Poisson, NB2 or binomial model by maximum likelihood, with random intercepts of none to two factors.

    Without `random` a GLM (standard errors as R's glm and MASS::glm.nb); with one factor adaptive Gauss-Hermite
    quadrature with `quadrature_points` (1 is Laplace); with two nested factors, in any order, Laplace. Authority
    fixed effects are columns of the design. Coefficients are logs of rates (offset: log of person-time) or of odds.

    A stratum whose schools all count zero has no finite coefficient: it becomes nan, its rows leave the likelihood,
    and the message says so, while the other coefficients stand. `strata` names the columns that may be lost so; by
    default the intercept and the categories other than `arm`. Any other coefficient without a finite estimate gives
    the status 'separation'. `arm` is the column whose sides must each have two schools.

    Raises InputError for negative counts, more successes than trials, or a random effect the design does not group by.
    """
    refuse_bad_input(design, family, random, quadrature_points)
    label = method_label(family, random, quadrature_points)
    verdict = impossible(design, family, random, arm)
    if verdict is not None:
        return _unusable(design, verdict, label)
    prepared = prepare(design, family)
    lost = [name for name, finite in zip(design.names, prepared.estimable, strict=True) if not finite]
    allowed = strata_columns(design.names, arm) if strata is None else set(strata)
    verdict = _left_over(design, prepared, lost, allowed, random, arm)
    if verdict is not None:
        return _unusable(design, verdict, label)
    solution = solve(prepared, random, quadrature_points)
    if not solution.converged:
        return _unusable(design, _not_converged(solution), label)
    return _fit(design, prepared, solution, label, lost)


def method_label(family: str, random: Sequence[str], quadrature_points: int) -> str:
    """The name of a method: 'NB2 GLM', 'Poisson AGQ 25', 'Binomial Laplace'."""
    if not random:
        return f"{LABELS[family]} GLM"
    laplace = len(random) == 2 or quadrature_points == 1
    return f"{LABELS[family]} {'Laplace' if laplace else f'AGQ {quadrature_points}'}"


def request_of(fit: Fit) -> dict[str, Any]:
    """The keyword arguments of `fit_count_model` that give a fit of the same model as `fit`."""
    label, _, points = fit.method.partition(" ")
    family = {short: name for name, short in LABELS.items()}.get(label)
    found = re.fullmatch(r"AGQ (\d+)|Laplace|GLM", points)
    if family is None or found is None:
        raise ValueError(f"{fit.method!r} is not a method of count models")
    return {
        "family": family,
        "random": tuple(fit.variances),
        "quadrature_points": int(found[1]) if found[1] else 1,
    }


@on_one_thread
def score_contributions(design_without_arm: Design, fit: Fit) -> np.ndarray:
    """Derivative of the log-likelihood in each row's linear predictor at a fit under the null, (n,).

    The score of a column left out of the model (the arm) is its product with this vector; for a GLM it is
    y - mu (Poisson, binomial) or (y - mu)/(1 + mu/theta) (NB2), for a mixed model it is of the marginal likelihood.
    Rows of a stratum that counts only zeros contribute nothing.
    """
    request = request_of(fit)
    prepared = prepare(design_without_arm, request["family"])
    random = request["random"]
    solution = solve(
        prepared, random, request["quadrature_points"], start=start_from(prepared, fit), with_covariance=False
    )
    contributions = np.zeros(design_without_arm.observations)
    contributions[prepared.rows] = solution.row_score
    return contributions


def start_from(prepared: Prepared, fit: Fit) -> Start | None:
    """A fit as the start of another one to the same columns; None where it has no numbers for them."""
    if not fit.is_usable or fit.coefficients.size != prepared.estimable.size:
        return None
    coefficients = fit.coefficients[prepared.columns]
    if not np.isfinite(coefficients).all():
        return None
    forth = np.linalg.inv(prepared.back)
    covariance = fit.covariance[np.ix_(prepared.columns, prepared.columns)]
    return Start(
        coefficients=forth @ coefficients,
        covariance=forth @ covariance @ forth.T,
        deviations={name: float(np.sqrt(variance)) for name, variance in fit.variances.items()},
        tau=None if fit.dispersion is None else float(np.log(fit.dispersion)),
    )


def _left_over(
    design: Design, prepared: Prepared, lost: list[str], allowed: set[str], random: Sequence[str], arm: str
) -> Verdict | None:
    """Whether the rows that separated strata leave are still a model."""
    diverging = [name for name in lost if name not in allowed]
    if diverging:
        reason = "one side of it has only zeros, or a combination of columns tells zeros apart"
        return Verdict("separation", f"no finite estimate for {_listed(diverging)}: {reason}")
    if not lost:
        return None
    kept = design.subset(prepared.rows)
    single = [name for name in random if np.unique(kept.groups[name]).size < 2]
    if single:
        return Verdict("not estimable", f"without strata of only zeros {', '.join(single)} has a single group")
    return single_school_arm(kept, arm)


def _unusable(design: Design, verdict: Verdict, label: str) -> Fit:
    return Fit.unusable(design.names, verdict.status, verdict.message, observations=design.observations, method=label)


def _not_converged(solution: Solution) -> Verdict:
    """What kept the climb from ending."""
    large = [name for name, deviation in solution.deviations.items() if deviation > LARGE_DEVIATION]
    if large:
        reason = "grows without bound: its groups have only zeros or no zeros"
        return Verdict("separation", f"the variance of {_listed(large)} {reason}; not estimated")
    return Verdict("not converged", "the maximum of the likelihood was not found; not estimated")


def _listed(names: Sequence[str]) -> str:
    """Names for a sentence: the first few, and how many more."""
    return ", ".join(names) if len(names) <= LISTED else f"{', '.join(names[:LISTED])} and {len(names) - LISTED} more"


def _fit(design: Design, prepared: Prepared, solution: Solution, label: str, lost: list[str]) -> Fit:
    """The solution in terms of the design's columns and rows."""
    size = len(design.names)
    coefficients, covariance = np.full(size, np.nan), np.full((size, size), np.nan)
    coefficients[prepared.columns] = prepared.back @ solution.coefficients
    covariance[np.ix_(prepared.columns, prepared.columns)] = prepared.back @ solution.covariance @ prepared.back.T
    coefficients[~prepared.estimable] = np.nan
    covariance[~prepared.estimable] = np.nan
    covariance[:, ~prepared.estimable] = np.nan
    fitted = prepared.limits.copy()
    fitted[prepared.rows] = families.mean(prepared.outcome, solution.eta)
    status, message = _status(design, prepared, solution, lost)
    return Fit(
        names=design.names,
        coefficients=coefficients,
        covariance=covariance,
        status=status,
        message=message,
        log_likelihood=solution.log_likelihood,
        observations=design.observations,
        variances={name: deviation**2 for name, deviation in solution.deviations.items()},
        dispersion=None if solution.tau is None else float(np.exp(solution.tau)),
        fitted=fitted,
        method=label,
    )


def _status(design: Design, prepared: Prepared, solution: Solution, lost: list[str]) -> tuple[Status, str]:
    """The status of a fit that has numbers, and one sentence for each thing met."""
    met = []
    if solution.zero:
        met.append(
            f"the variance of {' and of '.join(solution.zero)} is estimated at zero and the model without it is given"
        )
    if solution.tau is not None and not np.isfinite(solution.tau):
        met.append(
            "the counts vary no more than Poisson counts do, so theta is infinite and the Poisson limit is given"
        )
    status: Status = "zero variance" if met else "ok"
    if lost:
        rows = design.observations - prepared.rows.size
        met.append(f"{rows} rows in strata of one response only tell nothing: no finite estimate for {_listed(lost)}")
    return status, "; ".join(met) if met else "the maximum of the likelihood was found"
