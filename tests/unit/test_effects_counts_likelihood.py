"""The likelihoods of count models: against integrals done by brute force, and gradients against differences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import integrate, special, stats

from swis.effects.counts.families import FamilyName, Outcome, constant
from swis.effects.counts.gamma_rise import digamma_rise, lgamma_rise, trigamma_rise
from swis.effects.counts.grouping import is_within, nest, outer_first
from swis.effects.counts.marginal import Marginal, Table
from swis.effects.counts.nested import laplace_nested
from swis.effects.counts.one_factor import quadrature

FAMILIES: tuple[FamilyName, ...] = ("poisson", "negative binomial", "binomial")
Likelihood = Callable[[Table, np.ndarray], Marginal]


def invented_table(family: FamilyName, factors: int, rows: int = 60) -> tuple[Table, np.ndarray]:
    """A small table whose inner ids are not ordered within the outer factor, and a parameter vector."""
    rng = np.random.default_rng(7)
    outer = rng.integers(0, 4, rows)
    inner = rng.permutation(40)[outer * 10 + rng.integers(0, 3, rows)]
    names, codes = (("outer", "inner"), (outer, inner)) if factors == 2 else (("inner",), (inner,))
    nesting = nest(names, codes)
    trials = rng.integers(1, 9, rows).astype(float)
    response = rng.integers(0, 7, rows).astype(float)
    response = np.minimum(response, trials) if family == "binomial" else response
    outcome = Outcome(family, response[nesting.order], trials[nesting.order] if family == "binomial" else None)
    matrix = np.column_stack([np.ones(rows), rng.normal(size=rows)])
    table = Table(outcome, matrix[nesting.order], rng.normal(size=rows) * 0.2, nesting, constant(outcome))
    vector = np.array([0.3, 0.2, *np.log([0.6, 0.4][:factors]), *([0.7] if outcome.has_shape else [])])
    return table, vector


def row_log_likelihood(table: Table, eta: np.ndarray, tau: float) -> np.ndarray:
    """The log-probability of each row's response, from scipy's distributions."""
    outcome = table.outcome
    if outcome.family == "poisson":
        return stats.poisson.logpmf(outcome.response, np.exp(eta))
    if outcome.family == "binomial":
        return stats.binom.logpmf(outcome.response, outcome.trials, special.expit(eta))
    theta = np.exp(tau)
    return stats.nbinom.logpmf(outcome.response, theta, theta / (theta + np.exp(eta)))


@pytest.mark.parametrize("family", FAMILIES)
def test_quadrature_is_the_integral(family: FamilyName) -> None:
    table, vector = invented_table(family, 1)
    beta, deviation, tau = table.split(vector)
    fixed = table.matrix @ beta + table.offset
    total = 0.0
    for start, size in zip(table.nesting.inner.starts, table.nesting.inner.sizes, strict=True):
        mine = slice(start, start + size)

        def density(effect: float, mine: slice = mine) -> float:
            eta = fixed + deviation[0] * effect
            rows = row_log_likelihood(table, eta, 0.0 if tau is None else float(tau))[mine]
            return float(np.exp(rows.sum()) * stats.norm.pdf(effect))

        total += np.log(integrate.quad(density, -8, 8, epsabs=0, epsrel=1e-11, points=[0.0], limit=200)[0])
    assert float(quadrature(table, vector, points=25).value) == pytest.approx(total, abs=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_laplace_of_nested_factors_is_the_height_and_determinant_at_the_mode(family: FamilyName) -> None:
    table, vector = invented_table(family, 2)
    found = laplace_nested(table, vector)
    beta, deviation, tau = table.split(vector)
    inner, outer = table.nesting.inner, table.nesting.outer
    assert outer is not None
    of_row = inner.spread(np.arange(inner.number))
    columns = [np.eye(outer.number)[outer.spread(np.arange(outer.number))[of_row]] * deviation[0]]
    effects = np.column_stack([*columns, np.eye(inner.number)[of_row] * deviation[1]])
    shape = 0.0 if tau is None else float(tau)

    def height(modes: np.ndarray) -> float:
        rows = row_log_likelihood(table, table.matrix @ beta + table.offset + effects @ modes, shape)
        return float(rows.sum() - 0.5 * modes @ modes)

    eta = table.matrix @ beta + table.offset + effects @ found.modes
    step = 1e-3
    weights = -np.array([row_log_likelihood(table, eta + move, shape) for move in (-step, 0.0, step)])
    curvature = np.diag((weights[0] - 2.0 * weights[1] + weights[2]) / step**2)
    hessian = effects.T @ curvature @ effects + np.eye(effects.shape[1])
    expected = height(found.modes) - 0.5 * np.linalg.slogdet(hessian)[1]
    assert float(found.value) == pytest.approx(expected, abs=1e-5)
    nearby = [height(found.modes + 1e-3 * direction) for direction in np.eye(effects.shape[1])]
    assert max(nearby) < height(found.modes)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("points", [1, 3, 25, 0])
def test_gradient_is_exact(family: FamilyName, points: int) -> None:
    likelihood: Likelihood = partial(quadrature, points=points) if points else laplace_nested
    table, vector = invented_table(family, 1 if points else 2)
    moves = 1e-5 * np.eye(vector.size)
    differences = [
        (likelihood(table, vector + move).value - likelihood(table, vector - move).value) / 2e-5 for move in moves
    ]
    assert likelihood(table, vector).gradient == pytest.approx(np.array(differences), abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("points", [1, 9, 0])
def test_many_vectors_at_once_give_what_each_gives_alone(family: FamilyName, points: int) -> None:
    likelihood: Likelihood = partial(quadrature, points=points) if points else laplace_nested
    table, vector = invented_table(family, 1 if points else 2)
    vectors = np.stack([vector, vector + 0.1, vector - 0.2])
    together = likelihood(table, vectors)
    for position, one in enumerate(vectors):
        alone = likelihood(table, one)
        assert float(together.value[position]) == pytest.approx(float(alone.value), abs=1e-9)
        assert together.gradient[position] == pytest.approx(alone.gradient, abs=1e-7)


@pytest.mark.parametrize("family", FAMILIES)
def test_modes_are_found_from_far_away(family: FamilyName) -> None:
    table, vector = invented_table(family, 2)
    wide = vector.copy()
    wide[2:4] = np.log([8.0, 5.0])
    assert laplace_nested(table, wide).found
    one, vector = invented_table(family, 1)
    vector[2] = np.log(20.0)
    assert quadrature(one, vector, np.full(one.nesting.inner.number, 4.0)).found


def test_differences_of_gamma_functions_join_where_the_series_takes_over() -> None:
    counts = np.array([0.0, 1.0, 2.0, 7.0, 400.0])
    for theta in (np.array(29.999), np.array(30.001), np.array(150.0)):
        assert lgamma_rise(counts, theta) == pytest.approx(special.gammaln(counts + theta) - special.gammaln(theta))
        assert digamma_rise(counts, theta) == pytest.approx(special.digamma(counts + theta) - special.digamma(theta))
        direct = special.polygamma(1, counts + theta) - special.polygamma(1, theta)
        assert trigamma_rise(counts, theta) == pytest.approx(direct, rel=1e-9, abs=1e-16)


def test_a_large_theta_brings_no_rounding() -> None:
    theta = np.array(1e9)
    exact = np.log(theta) + np.log1p(1.0 / theta) + np.log(theta) + np.log1p(2.0 / theta) + np.log(theta)
    assert float(lgamma_rise(np.array(3.0), theta)) == pytest.approx(exact, rel=1e-15)


def test_outer_factor_is_found_in_either_order() -> None:
    outer, inner = np.array([0, 0, 1, 1]), np.array([3, 0, 2, 1])
    assert outer_first(("a", "b"), (outer, inner)) == ("a", "b")
    assert outer_first(("b", "a"), (inner, outer)) == ("a", "b")
    assert outer_first(("a", "b"), (outer, np.array([0, 1, 0, 1]))) is None
    assert is_within(inner, outer)
    assert not is_within(outer, inner)
