"""Cluster-robust variances for all data: order and names of clusters, scales of columns, clusters of one row."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from swis.effects.cluster_robust import RobustResult, cluster_robust
from swis.effects.design import Design, design_from_arrays
from swis.effects.least_squares import fit_least_squares

KINDS = st.sampled_from(["CR0", "CR1", "CR1S", "CR2", "CR3"])


def drawn(seed: int, rows: int, clusters: int) -> Design:
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(clusters), rng.integers(0, clusters, rows - clusters)])
    matrix = np.column_stack([np.ones(rows), rng.integers(0, 2, rows), rng.normal(size=rows)])
    matrix[:3, 1] = [0, 1, 0]
    response = rng.normal(size=rows) + rng.normal(size=clusters)[codes]
    return design_from_arrays(response, matrix, names=["(Intercept)", "arm", "x"], groups={"school": codes})


def robust(design: Design, kind: str, weights: np.ndarray | None = None) -> RobustResult:
    return cluster_robust(fit_least_squares(design, weights), design, "school", kind=kind)


def agree(left: np.ndarray, right: np.ndarray) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-6, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(25, 60), st.integers(8, 20), KINDS, st.booleans())
def test_the_order_of_rows_and_the_names_of_clusters_do_not_matter(
    seed: int, rows: int, clusters: int, kind: str, weighted: bool
) -> None:
    design = drawn(seed, rows, clusters)
    rng = np.random.default_rng(seed + 1)
    weights = rng.uniform(1, 3, rows) if weighted else None
    order = rng.permutation(rows)
    names = rng.permutation(1000)[:clusters]
    other = design_from_arrays(
        design.response[order],
        design.matrix[order],
        names=design.names,
        groups={"school": [f"s{names[code]}" for code in design.groups["school"][order]]},
    )
    one = robust(design, kind, weights)
    two = robust(other, kind, None if weights is None else weights[order])
    agree(one.standard_errors, two.standard_errors)
    agree(one.degrees_of_freedom, two.degrees_of_freedom)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(0.01, 100), KINDS)
def test_scaling_the_response_or_a_column_scales_the_standard_error(
    seed: int, up: float, over: float, kind: str
) -> None:
    design = drawn(seed, 40, 10)
    scaled = design_from_arrays(
        design.response * up, design.matrix * np.array([1.0, 1.0, over]), names=design.names, groups=design.groups
    )
    one, two = robust(design, kind), robust(scaled, kind)
    agree(one.standard_errors * up / np.array([1.0, 1.0, over]), two.standard_errors)
    agree(one.degrees_of_freedom, two.degrees_of_freedom)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(12, 50))
def test_clusters_of_one_row_are_the_formulas_of_white_and_mackinnon(seed: int, rows: int) -> None:
    design = drawn(seed, rows, rows)
    fit = fit_least_squares(design)
    bread = np.linalg.inv(design.matrix.T @ design.matrix)
    leverage = np.einsum("ij,jk,ik->i", design.matrix, bread, design.matrix)
    squares = (design.response - fit.fitted) ** 2
    for kind, exponent in (("CR0", 0), ("CR2", 1), ("CR3", 2)):
        meat = design.matrix.T @ (design.matrix * (squares / (1 - leverage) ** exponent)[:, None])
        agree(cluster_robust(fit, design, "school", kind=kind).covariance, bread @ meat @ bread)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_giving_every_row_twice_within_its_cluster_changes_only_the_sandwich_not_its_size(
    seed: int, times: int
) -> None:
    design = drawn(seed, 40, 10)
    again = design_from_arrays(
        np.tile(design.response, times),
        np.tile(design.matrix, (times, 1)),
        names=design.names,
        groups={"school": np.tile(design.groups["school"], times)},
    )
    for kind in ("CR0", "CR2", "CR3"):
        agree(robust(design, kind).standard_errors, robust(again, kind).standard_errors)
        agree(robust(design, kind).degrees_of_freedom, robust(again, kind).degrees_of_freedom)
