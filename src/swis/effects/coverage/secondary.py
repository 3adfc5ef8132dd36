"""What the plan does with days in care, percentages, scores of pupils and shares, on a simulated trial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.coverage.intervals import Row, fit_row, p_value_row, robust_by_school, robust_row
from swis.effects.design import Design, design_from_arrays
from swis.effects.least_squares import fit_least_squares
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.published_curve import primary_design
from swis.effects.quasi_poisson import fit_quasi_poisson
from swis.effects.randomisation import randomisation_test
from swis.effects.satterthwaite import satterthwaite_df

DAYS = "Days in care, quasi-Poisson"
MEANS = "Mean of schools, least squares"
SCORES = "Scores of pupils, linear mixed"
SHARES = "Share of pupils, logistic mixed"
DRAWS = 1_999


def analyse_days(schools: pd.DataFrame, truth: float, rng: np.random.Generator) -> list[Row]:
    """School totals of days (column care_days): Poisson means, spread from the schools; `truth` a log ratio."""
    design = replace(primary_design(schools), response=schools["care_days"].to_numpy(dtype=float))
    fit = fit_quasi_poisson(design)
    freedom = float(design.observations - design.matrix.shape[1])
    arm, strata = design.column("arm"), design.groups["authority"]
    test = randomisation_test(design.without("arm"), arm, strata, family="poisson", draws=DRAWS, rng=rng)
    return [
        fit_row(DAYS, "dispersion, t", truth, fit, freedom),
        robust_row(DAYS, "CR2 by school, t", truth, robust_by_school(fit, design)),
        robust_row(DAYS, "CR2 by authority, t", truth, cluster_robust(fit, design, "authority")),
        p_value_row(DAYS, "permutation", truth, test.p_value, test.status),
    ]


def analyse_scores(pupils: pd.DataFrame, truth: float) -> list[Row]:
    """Scores by pupil (school random, authorities fixed) and as means of schools; `truth` a difference."""
    design = _pupil_design(pupils)
    fit = fit_linear_mixed(design, random=("school",))
    means = _pupil_design(pupils.groupby("school", as_index=False)[["authority", "arm", "prior", "score"]].mean())
    plain = fit_least_squares(means)
    freedom = float(means.observations - means.matrix.shape[1])
    return [
        fit_row(SCORES, "model-based z", truth, fit),
        fit_row(SCORES, "Satterthwaite t", truth, fit, satterthwaite_df(fit, "arm") if fit.is_usable else np.nan),
        fit_row(MEANS, "model-based t", truth, plain, freedom),
        robust_row(MEANS, "CR2 by school, t", truth, robust_by_school(plain, means)),
    ]


def analyse_shares(pupils: pd.DataFrame, truth: float) -> list[Row]:
    """Shares by school (school random by quadrature, authorities fixed); `truth` a log odds ratio given the school."""
    counts = pupils.groupby("school").agg(
        authority=("authority", "first"), arm=("arm", "first"), passed=("passed", "sum"), pupils=("passed", "size")
    )
    matrix, names = _columns(counts, ())
    design = design_from_arrays(
        counts["passed"], matrix, names=names, groups={"school": counts.index}, trials=counts["pupils"]
    )
    fit = fit_count_model(design, family="binomial", random=("school",))
    freedom = float(design.observations - design.matrix.shape[1])
    return [
        fit_row(SHARES, "model-based z", truth, fit),
        fit_row(SHARES, "model-based t", truth, fit, freedom),
    ]


def _pupil_design(table: pd.DataFrame) -> Design:
    matrix, names = _columns(table, ("prior",))
    groups = {"school": table["school"], "authority": table["authority"]}
    return design_from_arrays(table["score"], matrix, names=names, groups=groups)


def _columns(table: pd.DataFrame, covariates: tuple[str, ...]) -> tuple[np.ndarray, list[str]]:
    """Intercept, arm, covariates and authorities."""
    authority = table["authority"].to_numpy()
    codes = range(1, int(authority.max()) + 1)
    columns = [np.ones(len(table)), table["arm"].to_numpy(dtype=float)]
    columns += [table[name].to_numpy(dtype=float) for name in covariates]
    columns += [(authority == code).astype(float) for code in codes]
    return np.column_stack(columns), ["(Intercept)", "arm", *covariates, *(f"C(authority)[T.{code}]" for code in codes)]
