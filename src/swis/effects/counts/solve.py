"""Maximum of the likelihood of a prepared model, with what happens at its edges: variance zero, no overdispersion.

When the likelihood is no higher with a random intercept than without it, the estimate of its variance is zero and the
model without it is the answer. When counts vary no more than Poisson counts do given the rest, theta is infinite and
the Poisson model is. Both are told by comparing the two log-likelihoods, never by the size of an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from swis.effects.counts import families
from swis.effects.counts.glm import LARGEST_TAU, fit_glm
from swis.effects.counts.grouping import nest, outer_first
from swis.effects.counts.marginal import Marginal, Table
from swis.effects.counts.nested import laplace_nested
from swis.effects.counts.one_factor import quadrature
from swis.effects.counts.optimise import LAST_DECREMENT, Objective, Peak, climb, curvature, polish
from swis.effects.counts.prepare import Prepared
from swis.effects.counts.start import starting_covariance, starting_vector

# Below this standard deviation, or above this theta, the simpler model is tried before the Hessian is.
SMALL_DEVIATION = 0.05
LARGE_TAU = float(np.log(1e3))
# Log-likelihoods this close are the same but for rounding.
SAME_LIKELIHOOD = 1e-8
LARGEST_DEVIATION = 50.0
# Logs of a standard deviation and a theta that share the spread of counts between them.
MIDDLE_DEVIATION, MIDDLE_TAU = float(np.log(0.4)), float(np.log(5.0))


@dataclass(frozen=True, eq=False)
class Solution:
    """A maximum in terms of the basis: coefficients (r,), covariance (r, r), and the parameters beside them.

    `deviations` are by factor, 0 where the variance is zero; `tau` is infinite where there is no overdispersion and
    None without a shape; `eta` is the conditional linear predictor and `row_score` the derivative of the marginal
    log-likelihood in it, both in the order of the prepared rows.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    deviations: dict[str, float]
    tau: float | None
    eta: np.ndarray
    row_score: np.ndarray
    log_likelihood: float
    converged: bool
    zero: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Start:
    """Where to begin: coefficients of the basis, their covariance, deviations and tau of a fit to similar data."""

    coefficients: np.ndarray
    covariance: np.ndarray
    deviations: dict[str, float]
    tau: float | None


def solve(
    prepared: Prepared,
    random: Sequence[str],
    points: int,
    *,
    start: Start | None = None,
    with_covariance: bool = True,
) -> Solution:
    """Maximise the likelihood with random intercepts of none, one or two nested factors.

    `with_covariance` False spares the Hessian of a mixed model: coefficients are then good to 1e-5 standard errors.
    """
    if not random:
        return _without_random(prepared, start)
    table = _table(prepared, random)
    likelihood, quick = _objectives(table, points)
    logs = table.parameters - table.columns
    peak = _climbed(table, likelihood, quick, logs, start, prepared.first)
    if _has_rival_tops(table) and _edges(table, peak.vector, only_small=True):
        peak = _second_climb(table, likelihood, peak, logs)
    simpler = _simpler(prepared, table, peak, points, only_small=True, with_covariance=with_covariance)
    if simpler is not None:
        return simpler
    if not with_covariance:
        return _solution(table, peak, bool(peak.decrement <= 1e-6))
    cost = table.offset.size * (points if len(random) == 1 else 1)
    peak, bend = polish(likelihood, peak, logs, cost)
    if not bend.is_peak:
        simpler = _simpler(prepared, table, peak, points, only_small=False, with_covariance=with_covariance)
        if simpler is not None:
            return simpler
    settled = bend.is_peak and peak.decrement <= LAST_DECREMENT and bool(np.all(peak.marginal.found))
    within = bool((table.split(peak.vector)[1] < LARGEST_DEVIATION).all())
    return _solution(table, peak, settled and within)


def _without_random(prepared: Prepared, start: Start | None) -> Solution:
    """The GLM."""
    glm = fit_glm(
        prepared.outcome,
        prepared.basis,
        prepared.offset,
        start=prepared.first if start is None else start.coefficients,
        tau=None if start is None else start.tau,
    )
    limit = glm.tau is not None and not np.isfinite(glm.tau)
    outcome = replace(prepared.outcome, family="poisson") if limit else prepared.outcome
    tau = None if glm.tau is None or limit else np.asarray(glm.tau)
    return Solution(
        coefficients=glm.coefficients,
        covariance=glm.covariance,
        deviations={},
        tau=glm.tau,
        eta=glm.eta,
        row_score=families.slope_and_weight(outcome, glm.eta, tau)[0],
        log_likelihood=glm.log_likelihood,
        converged=glm.converged and bool(np.isfinite(glm.covariance).all()),
    )


def _table(prepared: Prepared, random: Sequence[str]) -> Table:
    """Rows sorted by outer, then inner group."""
    codes = [prepared.groups[name] for name in random]
    names = tuple(random) if len(random) == 1 else outer_first(random, codes)
    assert names is not None
    nesting = nest(names, [prepared.groups[name] for name in names])
    order = nesting.order
    outcome = prepared.outcome
    trials = None if outcome.trials is None else outcome.trials[order]
    outcome = replace(outcome, response=outcome.response[order], trials=trials)
    return Table(outcome, prepared.basis[order], prepared.offset[order], nesting, families.constant(outcome))


def _objectives(table: Table, points: int) -> tuple[Objective, Objective]:
    """The likelihood asked for, and a quick one to climb most of the way on."""
    if table.factors == 2:
        nested = partial(laplace_nested, table)
        return nested, nested
    return partial(quadrature, table, points=points), partial(quadrature, table, points=1)


def _climbed(
    table: Table, likelihood: Objective, quick: Objective, logs: int, start: Start | None, first: np.ndarray | None
) -> Peak:
    """Climb by Laplace, then by quadrature with the curvature that Laplace has at its top."""
    same = likelihood is quick
    if start is not None and _fits(table, start):
        vector, covariance = _from_start(table, start)
        return climb(likelihood, vector, covariance, logs, None)
    family = "poisson" if table.outcome.has_shape else table.outcome.family
    glm = fit_glm(replace(table.outcome, family=family), table.matrix, table.offset, start=first)
    vector = starting_vector(table, glm)
    peak = climb(quick, vector, starting_covariance(table, vector, glm.eta), logs, None)
    if same or _edges(table, peak.vector, only_small=True):
        return peak if same else climb(likelihood, peak.vector, peak.covariance, logs, peak.marginal.modes)
    bend = curvature(quick, peak, table.offset.size)
    return climb(likelihood, peak.vector, bend.covariance, logs, peak.marginal.modes)


def _has_rival_tops(table: Table) -> bool:
    """Whether theta and an intercept of small groups can explain the same spread: the likelihood may have two tops."""
    return table.outcome.has_shape and (table.factors == 2 or int(table.nesting.inner.sizes.max()) == 1)


def _second_climb(table: Table, likelihood: Objective, peak: Peak, logs: int) -> Peak:
    """Climb again from the middle, since spread within schools may be theta's or the schools': the higher top."""
    middle = np.r_[peak.vector[: table.columns], np.full(table.factors, MIDDLE_DEVIATION), MIDDLE_TAU]
    again = climb(likelihood, middle, starting_covariance(table, middle, peak.marginal.eta), logs, None)
    return again if again.marginal.value > peak.marginal.value + SAME_LIKELIHOOD else peak


def _fits(table: Table, start: Start) -> bool:
    """Whether a start has every parameter of the model, none of them at its edge."""
    deviations = [start.deviations.get(name, 0.0) for name in table.nesting.factors]
    shape = not table.outcome.has_shape or (start.tau is not None and bool(np.isfinite(start.tau)))
    return min(deviations) > 0.0 and shape


def _from_start(table: Table, start: Start) -> tuple[np.ndarray, np.ndarray]:
    """Vector and covariance to begin with."""
    logs = [np.log(start.deviations[name]) for name in table.nesting.factors]
    vector = np.array([*start.coefficients, *logs, *([start.tau] if table.outcome.has_shape else [])], dtype=float)
    return vector, starting_covariance(table, vector, table.matrix @ start.coefficients + table.offset)


def _edges(table: Table, vector: np.ndarray, *, only_small: bool) -> list[str]:
    """What may be at its edge: names of factors, smallest deviation first, and '' for the shape."""
    _, deviation, tau = table.split(vector)
    names = [table.nesting.factors[position] for position in np.argsort(deviation)]
    small = {name for name, value in zip(table.nesting.factors, deviation, strict=True) if value < SMALL_DEVIATION}
    edges = [name for name in names if name in small or not only_small]
    if tau is not None and (float(tau) > LARGE_TAU or not only_small):
        edges.append("")
    return edges


def _simpler(
    prepared: Prepared, table: Table, peak: Peak, points: int, *, only_small: bool, with_covariance: bool
) -> Solution | None:
    """The model without a random intercept, or Poisson, where its likelihood is as high; the highest of them."""
    edges = _edges(table, peak.vector, only_small=only_small)
    if edges and table.outcome.has_shape:
        # Overdispersion and the intercept of a small group explain the same spread: a climb that ends at the edge of
        # one may have passed by a higher top at the edge of the other.
        edges = _edges(table, peak.vector, only_small=False)
    best = None
    for edge in edges:
        found = _at_edge(prepared, table, edge, points, with_covariance)
        least = float(peak.marginal.value) if best is None else best.log_likelihood + 2.0 * SAME_LIKELIHOOD
        if found.converged and found.log_likelihood >= least - SAME_LIKELIHOOD:
            best = found
    return best


def _at_edge(prepared: Prepared, table: Table, edge: str, points: int, with_covariance: bool) -> Solution:
    """The model without the factor `edge`, or with Poisson counts where that is ''."""
    if not edge:
        poisson = replace(prepared, outcome=replace(prepared.outcome, family="poisson"))
        return replace(solve(poisson, table.nesting.factors, points, with_covariance=with_covariance), tau=float("inf"))
    rest = tuple(name for name in table.nesting.factors if name != edge)
    # The nested model is Laplace's, and so is what is left of it.
    found = solve(prepared, rest, 1 if table.factors == 2 else points, with_covariance=with_covariance)
    zero = tuple(dict.fromkeys((*found.zero, edge)))
    return replace(found, deviations={**found.deviations, edge: 0.0}, zero=zero)


def _solution(table: Table, peak: Peak, converged: bool) -> Solution:
    """The maximum in the order of the prepared rows."""
    size = table.columns
    beta, deviation, tau = table.split(peak.vector)
    marginal: Marginal = peak.marginal
    back = np.argsort(table.nesting.order, kind="stable")
    return Solution(
        coefficients=beta,
        covariance=peak.covariance[:size, :size],
        deviations={name: float(value) for name, value in zip(table.nesting.factors, deviation, strict=True)},
        tau=None if tau is None else min(float(tau), LARGEST_TAU),
        eta=marginal.eta[back],
        row_score=marginal.row_score[back],
        log_likelihood=float(marginal.value),
        converged=converged,
    )
