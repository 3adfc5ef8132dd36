"""What the plan does with counts of enquiries: the primary model and its sensitivity analyses, on a simulated trial."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.counts.families import FamilyName
from swis.effects.coverage.intervals import Row, fit_row, p_value_row, robust_by_school, robust_row, wald_row
from swis.effects.design import Design
from swis.effects.fit import Fit
from swis.effects.marginal import fit_marginal
from swis.effects.published_curve import primary_design
from swis.effects.randomisation import randomisation_test

NB2 = "NB2, authorities fixed"
POISSON_MIXED = "Poisson, authority and school random"
NB2_MIXED = "NB2, authority random"
MARGINAL = "Poisson GEE by authority"
RANDOMISATION = "Randomisation test, score"
# Enough that the grid of p-values is finer than 1,000 trials can tell.
DRAWS = 1_999


def analyse_counts(schools: pd.DataFrame, truth: float, rng: np.random.Generator) -> list[Row]:
    """Every analysis of one trial (columns as `simulate_schools` gives them); `truth` is the log rate ratio."""
    fixed = primary_design(schools)
    without = _without_authorities(fixed)
    fit = fit_count_model(fixed, family="negative binomial")
    return [
        *_fixed(fixed, fit, truth),
        _mixed(without, truth, POISSON_MIXED, ("authority", "school")),
        _mixed(without, truth, NB2_MIXED, ("authority",)),
        *_marginal(without, truth),
        _randomised(fixed, truth, rng),
    ]


def _without_authorities(design: Design) -> Design:
    return design.without(*(name for name in design.names if name.startswith("C(authority)")))


def _fixed(design: Design, fit: Fit, truth: float) -> list[Row]:
    freedom = float(design.observations - design.matrix.shape[1])
    return [
        fit_row(NB2, "model-based z", truth, fit),
        fit_row(NB2, "model-based t", truth, fit, freedom),
        robust_row(NB2, "CR2 by school, t", truth, robust_by_school(fit, design)),
        robust_row(NB2, "CR2 by authority, t", truth, cluster_robust(fit, design, "authority")),
    ]


def _mixed(design: Design, truth: float, model: str, random: tuple[str, ...]) -> Row:
    family: FamilyName = "poisson" if model == POISSON_MIXED else "negative binomial"
    fit = fit_count_model(design, family=family, random=random, quadrature_points=1)
    return fit_row(model, "model-based z", truth, fit)


def _marginal(design: Design, truth: float) -> list[Row]:
    """The sandwich as it comes, and the bias-reduced one with t on authorities less coefficients (the plan's)."""
    fit = fit_marginal(design, family="poisson", group="authority")
    reduced = fit.bias_reduced_error("arm") if fit.is_usable else float("nan")
    freedom = float(fit.clusters - design.matrix.shape[1])
    return [
        fit_row(MARGINAL, "sandwich z", truth, fit),
        wald_row(MARGINAL, "bias-reduced t", truth, fit.coefficient("arm"), reduced, freedom, fit.status),
    ]


def _randomised(design: Design, truth: float, rng: np.random.Generator) -> Row:
    arm, strata = design.column("arm"), design.groups["authority"]
    result = randomisation_test(design.without("arm"), arm, strata, draws=DRAWS, rng=rng)
    return p_value_row(RANDOMISATION, "permutation", truth, result.p_value, result.status)
