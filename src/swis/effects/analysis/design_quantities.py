"""What the design of the trial comes to in these data: spread between schools, detectable effects, the published error.

CONSORT cluster extension items 7a and 17a ask for a coefficient of intracluster correlation of every primary outcome.
For rates it is the standard deviation of the log rate between schools of an authority (Hayes and Bennett, Int J
Epidemiol 1999;28:319-326, whose k it is on the log scale), for shares that of the log odds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.analysis.designs import Layout, layout
from swis.effects.analysis.samples import sample_of, why_impossible
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.spread import log_odds_spread, log_rate_spread
from swis.effects.analysis.trial_file import plan_of, primary_analysis
from swis.effects.counts import fit_count_model
from swis.effects.fit import Fit
from swis.effects.icc import icc_of_fit
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.power import TrialSize, minimum_detectable_ratio
from swis.effects.published_curve import sd_implied, standard_error_curve, standard_error_of_interval
from swis.params import Trial
from swis.plan import Analysis, Specification, planned_analyses

DESIGN_COLUMNS = ["outcome", "window", "model", "quantity", "value", "lower", "upper", "status"]
DETECTABLE_COLUMNS = ["between_school_sd", "smallest_fall", "smallest_rise"]
PUBLISHED_COLUMNS = [
    "analysis_id", "published_estimate", "published_lower", "published_upper", "published_standard_error",
    "our_estimate", "our_lower", "our_upper", "our_standard_error", "our_between_school_sd",
    "implied_between_school_sd",
]  # fmt: skip
CURVE_COLUMNS = ["between_school_sd", "standard_error", "lower", "upper"]
# Value, its limits, and the status of the fit it is from.
Spread = tuple[float, float, float, str]
CURVE_SDS = tuple(np.round(np.arange(0.0, 0.601, 0.02), 2))


def between_schools(tables: TrialTables, trial: Trial) -> pd.DataFrame:
    """Spread between schools of authorities for each primary and secondary outcome (DESIGN_COLUMNS), with and without
    covariates: standard deviation of the log rate or log odds for totals of schools, intracluster correlation for
    pupils and respondents."""
    chosen = [
        one
        for one in planned_analyses(plan_of(trial), trial.deviations).values()
        if one.kind == "main" and one.role in {"primary", "secondary"}
    ]
    rows = [row for analysis in chosen for row in _of_outcome(tables, trial, analysis)]
    return pd.DataFrame(rows, columns=DESIGN_COLUMNS)


def _of_outcome(tables: TrialTables, trial: Trial, analysis: Analysis) -> Iterator[Mapping[str, object]]:
    level = plan_of(trial).multiplicity.interval_level
    for words, covariates in (("without covariates", []), ("with the plan's covariates", None)):
        spec = analysis.specification
        if covariates is not None:
            spec = spec.model_copy(update={"covariates": [name for name in spec.covariates if name == "academic_year"]})
        sample = sample_of(tables, trial, _with(analysis, spec))
        if why_impossible(sample):
            continue
        held = layout(sample, spec.model_copy(update={"imputed": []}))
        if spec.table in {"pupils", "respondents"}:
            yield _row(
                analysis, words, "intracluster correlation, schools within authorities", _correlation(held, level)
            )
        elif spec.model == "nb2_glm":
            yield _row(analysis, words, "standard deviation of the log rate between schools", _log_spread(held, level))
        elif spec.model == "logistic_mixed":
            yield _row(analysis, words, "standard deviation of the log odds between schools", _odds_spread(held, level))


def _with(analysis: Analysis, specification: Specification) -> Analysis:
    return replace(analysis, specification=specification)


def _row(analysis: Analysis, words: str, quantity: str, found: Spread) -> Mapping[str, object]:
    values = (analysis.outcome, analysis.window, words, quantity, *found)
    return dict(zip(DESIGN_COLUMNS, values, strict=True))


def _log_spread(held: Layout, level: float) -> Spread:
    fit = fit_count_model(held.design, family="negative binomial")
    if not fit.is_usable:
        return float("nan"), float("nan"), float("nan"), fit.status
    is_spread = fit.dispersion is not None and np.isfinite(fit.dispersion)
    value = float(np.sqrt(1 / fit.dispersion)) if is_spread and fit.dispersion else 0.0
    return value, *log_rate_spread(held.design.response, fit.fitted, fit.dispersion, level), fit.status


def _odds_spread(held: Layout, level: float) -> Spread:
    fit = fit_count_model(held.design, family="binomial", random=["school"])
    if not fit.is_usable:
        return float("nan"), float("nan"), float("nan"), fit.status
    value = float(np.sqrt(fit.variances["school"]))
    successes, trials, predictor = shares_of(held, fit)
    return value, *log_odds_spread(successes, trials, predictor, value, level), fit.status


def shares_of(held: Layout, fit: Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases, all cases, and log odds without the school's intercept, of the schools that the likelihood holds."""
    design = held.design
    assert design.trials is not None
    told = np.isfinite(fit.coefficients)
    rows = (design.matrix[:, ~told] == 0).all(axis=1)
    predictor = design.offset[rows] + design.matrix[rows][:, told] @ fit.coefficients[told]
    return design.response[rows], design.trials[rows], predictor


def _correlation(held: Layout, level: float) -> Spread:
    fit = fit_linear_mixed(held.design, random=["school"])
    if not fit.is_usable:
        return float("nan"), float("nan"), float("nan"), fit.status
    found = icc_of_fit(fit, "school", level=level)
    return found.icc, found.lower, found.upper, fit.status


def detectable(tables: TrialTables, trial: Trial) -> pd.DataFrame:
    """Smallest fall and rise of the primary rate or odds that a trial of this size shows, by spread.

    DETECTABLE_COLUMNS; no row where the trial has too few schools. What a school tells of a log rate is its mean
    count, of log odds the mean of cases times share times the rest.
    """
    held = primary_layout(tables, trial)
    rules = plan_of(trial).power
    size = _size(held) if held is not None else None
    if size is None:
        return pd.DataFrame(columns=DETECTABLE_COLUMNS, dtype=float)
    rows = []
    for spread in rules.standard_deviations_shown:
        found = {
            name: minimum_detectable_ratio(
                replace(size, between_sd=spread), chance=rules.power, level=rules.significance_level, direction=side
            )
            for name, side in (("smallest_fall", "below"), ("smallest_rise", "above"))
        }
        rows.append({"between_school_sd": spread, **found})
    return pd.DataFrame(rows, columns=DETECTABLE_COLUMNS)


def _size(held: Layout) -> TrialSize | None:
    """The trial as it stands, without spread; None where it tells nothing."""
    control = held.arm == 0
    told = held.design.response[control]
    if held.design.trials is not None:
        cases = held.design.trials[control]
        share = told.sum() / cases.sum()
        told = cases * share * (1 - share)
    strata = int(held.frame["authority"].nunique())
    covariates = held.design.matrix.shape[1] - strata - 1
    if not told.mean() > 0 or held.design.observations <= held.design.matrix.shape[1]:
        return None
    return TrialSize(
        int((~control).sum()), int(control.sum()), float(told.mean()), 0.0, strata=strata, covariates=covariates
    )


def primary_layout(tables: TrialTables, trial: Trial) -> Layout | None:
    """The design of the primary analysis; None where an arm has not two schools."""
    analysis = primary_analysis(trial)
    sample = sample_of(tables, trial, analysis)
    return None if why_impossible(sample) else layout(sample, analysis.specification)


def beside_published(tables: TrialTables, trial: Trial, results: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published rate ratio beside ours (PUBLISHED_COLUMNS), and our standard error as a curve over the spread.

    The curve [between_school_sd, standard_error, lower, upper] is that of these schools, their pupil-years and the
    control schools' rate; the spread it implies for the published interval is read from it. Both are empty for a trial
    of which the plan knows no published result.
    """
    plan, held = plan_of(trial), primary_layout(tables, trial)
    if held is None or not plan.published_results:
        return pd.DataFrame(columns=PUBLISHED_COLUMNS), pd.DataFrame(columns=CURVE_COLUMNS, dtype=float)
    first = results.drop_duplicates("analysis_id").set_index("analysis_id")
    years, arm = np.exp(held.design.offset), held.arm
    control = arm == 0
    rate = 1000 * float(held.design.response[control].sum() / years[control].sum())
    spread = _log_spread(held, plan.multiplicity.interval_level)[0]
    rows = []
    for one in plan.published_results:
        error = standard_error_of_interval(one.lower, one.upper, one.interval_level)
        ours = first.loc[one.analysis]
        values = (
            one.analysis, one.estimate, one.lower, one.upper, error, ours["estimate"], ours["lower"], ours["upper"],
            ours["standard_error"], spread, sd_implied(error, years, arm, rate),
        )  # fmt: skip
        rows.append(dict(zip(PUBLISHED_COLUMNS, values, strict=True)))
    return pd.DataFrame(rows, columns=PUBLISHED_COLUMNS), standard_error_curve(years, arm, rate, CURVE_SDS)
