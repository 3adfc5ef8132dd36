"""The p-values that stand beside the main analyses, on a simulated trial without an effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.analysis.models import joint_test
from swis.effects.analysis.uncertainty import Uncertainty
from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.coverage.intervals import Row, p_value_row, robust_by_school, robust_row, wald_row
from swis.effects.design import Design
from swis.effects.fit import Fit
from swis.effects.heterogeneity import effect_heterogeneity
from swis.effects.hurdle import fit_hurdle
from swis.effects.published_curve import primary_design
from swis.effects.randomisation import randomisation_test
from swis.effects.two_stage import fit_two_stage

HETEROGENEITY = "Heterogeneity between authorities"
THIRDS = "Thirds of schools by baseline rate have one effect"
COMPLIERS = "Effect of a worker in post (2SLS)"
HURDLE = "Hurdle model of days in care"
REFIT = "Randomisation test, model fitted anew"
DRAWS = 199
# Assumed: most posts are filled, few control schools get a worker; one pupil in 100 has a day in care, for some five
# months at the median, and schools differ in both.
SHARE_SERVED, SHARE_OF_CONTROLS_SERVED = 0.85, 0.03
SHARE_WITH_DAYS, SPREAD_OF_SHARES = 0.01, 0.3
LOG_DAYS, SPREAD_BETWEEN_SCHOOLS, SPREAD_BETWEEN_PUPILS = 5.0, 0.2, 1.0


def analyse_beside(schools: pd.DataFrame, rng: np.random.Generator) -> list[Row]:
    """Every test of one trial without an effect (columns as `simulate_schools` gives them)."""
    design = primary_design(schools)
    fit = fit_count_model(design, family="negative binomial")
    between = effect_heterogeneity(fit, design, design.groups["authority"])
    null, arm = design.without("arm"), design.column("arm")
    again = randomisation_test(
        null, arm, design.groups["authority"], statistic="refit coefficient", draws=DRAWS, rng=rng
    )
    return [
        p_value_row(HETEROGENEITY, "score F", 0.0, between.p_value, between.status),
        _thirds(design),
        _compliers(schools, design, rng),
        _hurdle(schools, design, rng),
        p_value_row(REFIT, "permutation", 0.0, again.p_value, again.status),
    ]


def _thirds(design: Design) -> Row:
    """The joint test of subgroups of schools: an effect each and a level each."""
    baseline = design.column("log_baseline_rate")
    third = np.digitize(baseline, np.quantile(baseline, [1 / 3, 2 / 3]))
    null, names = design.without("arm"), [f"arm:{place}" for place in range(3)]
    effects = [design.column("arm") * (third == place) for place in range(3)]
    levels = [(third == place).astype(float) for place in (1, 2)]
    wide = replace(
        null,
        matrix=np.column_stack([null.matrix, *effects, *levels]),
        names=(*null.names, *names, "middle third", "highest third"),
    )
    fit = fit_count_model(wide, family="negative binomial")
    if not fit.is_usable:
        return p_value_row(THIRDS, "Wald F, CR2 by school", 0.0, float("nan"), fit.status)
    found = joint_test(fit, _by_school(fit, wide), names)
    p_value = float("nan") if found.p_value is None else found.p_value
    return p_value_row(THIRDS, "Wald F, CR2 by school", 0.0, p_value, found.status)


def _by_school(fit: Fit, design: Design) -> Uncertainty:
    robust = robust_by_school(fit, design)
    return Uncertainty(robust.covariance, robust.degrees_of_freedom, "CR2 by school")


def _compliers(schools: pd.DataFrame, design: Design, rng: np.random.Generator) -> Row:
    """Rates of schools on receipt, with the arm as its instrument."""
    arm = design.column("arm")
    received = rng.random(arm.size) < np.where(arm == 1, SHARE_SERVED, SHARE_OF_CONTROLS_SERVED)
    matrix = np.where(np.array(design.names) == "arm", received[:, None], design.matrix)
    rate = 1000 * schools["count"].to_numpy(dtype=float) / schools["pupil_years"].to_numpy(dtype=float)
    names = tuple("received" if name == "arm" else name for name in design.names)
    held = replace(design, response=rate, offset=np.zeros(arm.size), matrix=matrix, names=names)
    robust = cluster_robust(fit_two_stage(held, "received", arm), held, "school")
    row = robust_row(COMPLIERS, "CR2 by school, t", 0.0, robust, "received")
    return p_value_row(COMPLIERS, "CR2 by school, t", 0.0, row.p_value, row.status)


def _hurdle(schools: pd.DataFrame, design: Design, rng: np.random.Generator) -> Row:
    """Pupils with any day by school, and the days of each of them."""
    pupils, size = schools["pupils"].to_numpy(dtype=int), len(schools)
    share = SHARE_WITH_DAYS * np.exp(SPREAD_OF_SHARES * rng.standard_normal(size))
    with_days = rng.binomial(pupils, share)
    own = np.repeat(np.arange(size), with_days)
    level = LOG_DAYS + SPREAD_BETWEEN_SCHOOLS * rng.standard_normal(size)
    days = np.ceil(np.exp(level[own] + SPREAD_BETWEEN_PUPILS * rng.standard_normal(own.size)))
    plain = replace(design, offset=np.zeros(size))
    shares = replace(plain, response=with_days.astype(float), trials=pupils.astype(float))
    children = replace(plain.subset(own), response=days)
    found = fit_hurdle(shares, children, np.arange(size), own)
    row = wald_row(
        HURDLE, "CR2 by school, t", 0.0, found.log_ratio, found.standard_error, found.degrees_of_freedom, found.status
    )
    return p_value_row(HURDLE, "CR2 by school, t", 0.0, row.p_value, row.status)
