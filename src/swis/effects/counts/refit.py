"""Fast ways to fit the same model again: no Hessian, begun from a fit to similar data."""

from __future__ import annotations

import numpy as np

from swis.effects.counts.model import ARM, request_of, start_from
from swis.effects.counts.one_thread import on_one_thread
from swis.effects.counts.prepare import prepare
from swis.effects.counts.solve import solve
from swis.effects.design import Design
from swis.effects.fit import Fit


@on_one_thread
def refit_coefficient(design: Design, like: Fit, *, name: str = ARM) -> float:
    """One coefficient of the model of `like` fitted to `design` (the same columns, other rows or another arm).

    Begins from `like` where that has numbers; the covariance is not computed, so this is for permutations, power and
    leave-one-out. nan where the maximum is not found or the coefficient has no finite estimate. The usual checks of
    a first fit (rank, nesting, single-school arms) are not repeated.
    """
    request = request_of(like)
    prepared = prepare(design, request["family"])
    position = design.names.index(name)
    if not prepared.estimable[position]:
        return float("nan")
    solution = solve(
        prepared,
        request["random"],
        request["quadrature_points"],
        start=start_from(prepared, like),
        with_covariance=False,
    )
    if not solution.converged:
        return float("nan")
    return float(prepared.back[np.flatnonzero(prepared.columns == position)[0]] @ solution.coefficients)
