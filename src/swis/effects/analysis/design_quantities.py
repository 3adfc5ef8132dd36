"""What the design of the trial comes to in these data: spread between schools, detectable effects, the published error.

CONSORT cluster extension items 7a and 17a ask for a coefficient of intracluster correlation of every primary outcome.
For rates it is the standard deviation of the log rate between schools of an authority (Hayes and Bennett, Int J
Epidemiol 1999;28:319-326, whose k it is on the log scale).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.analysis.designs import Layout, layout
from swis.effects.analysis.samples import sample_of
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.spread import log_rate_spread
from swis.effects.counts import fit_count_model
from swis.effects.icc import icc_of_fit
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.power import TrialSize, minimum_detectable_ratio
from swis.effects.published_curve import sd_implied, standard_error_curve, standard_error_of_interval
from swis.params import Trial
from swis.plan import Analysis, AnalysisPlan, Specification, planned_analyses

DESIGN_COLUMNS = ["outcome", "window", "model", "quantity", "value", "lower", "upper", "status"]
DETECTABLE_COLUMNS = ["between_school_sd", "smallest_fall", "smallest_rise"]
PUBLISHED_COLUMNS = [
    "analysis_id", "published_estimate", "published_lower", "published_upper", "published_standard_error",
    "our_estimate", "our_lower", "our_upper", "our_standard_error", "our_between_school_sd",
    "implied_between_school_sd",
]  # fmt: skip
# Value, its limits, and the status of the fit it is from.
Spread = tuple[float, float, float, str]
CURVE_SDS = tuple(np.round(np.arange(0.0, 0.601, 0.02), 2))


def between_schools(tables: TrialTables, trial: Trial, plan: AnalysisPlan) -> pd.DataFrame:
    """Spread between schools of authorities for each primary and secondary outcome (DESIGN_COLUMNS), with and without
    covariates: standard deviation of the log rate for totals of schools, intracluster correlation for pupils."""
    chosen = [
        one
        for one in planned_analyses(plan, trial.deviations).values()
        if one.kind == "main" and one.role in {"primary", "secondary"}
    ]
    rows = [row for analysis in chosen for row in _of_outcome(tables, plan, analysis)]
    return pd.DataFrame(rows, columns=DESIGN_COLUMNS)


def _of_outcome(tables: TrialTables, plan: AnalysisPlan, analysis: Analysis) -> Iterator[Mapping[str, object]]:
    level = plan.multiplicity.interval_level
    for words, covariates in (("without covariates", []), ("with the plan's covariates", None)):
        spec = analysis.specification
        if covariates is not None:
            spec = spec.model_copy(update={"covariates": [name for name in spec.covariates if name == "academic_year"]})
        sample = sample_of(tables, plan, _with(analysis, spec))
        if sample.frame.empty:
            continue
        held = layout(sample, spec.model_copy(update={"imputed": []}))
        if spec.table == "pupils":
            yield _row(
                analysis, words, "intracluster correlation, schools within authorities", _correlation(held, level)
            )
        elif spec.link == "log" and spec.model == "nb2_glm":
            yield _row(analysis, words, "standard deviation of the log rate between schools", _log_spread(held, level))


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


def _correlation(held: Layout, level: float) -> Spread:
    fit = fit_linear_mixed(held.design, random=["school"])
    if not fit.is_usable:
        return float("nan"), float("nan"), float("nan"), fit.status
    found = icc_of_fit(fit, "school", level=level)
    return found.icc, found.lower, found.upper, fit.status


def detectable(tables: TrialTables, trial: Trial, plan: AnalysisPlan) -> pd.DataFrame:
    """Smallest fall and rise of the primary rate that a trial of this size shows (DETECTABLE_COLUMNS), by spread."""
    held = primary_layout(tables, trial, plan)
    control = held.frame["is_intervention"] == 0
    mean_count = float(held.frame.loc[control, "count"].mean())
    strata = int(held.frame["authority"].nunique())
    rows = []
    for spread in plan.power.standard_deviations_shown:
        size = TrialSize(
            int((~control).sum()),
            int(control.sum()),
            mean_count,
            spread,
            strata=strata,
            covariates=held.design.matrix.shape[1] - strata - 1,
        )
        found = {
            name: minimum_detectable_ratio(
                size, chance=plan.power.power, level=plan.power.significance_level, direction=direction
            )
            for name, direction in (("smallest_fall", "below"), ("smallest_rise", "above"))
        }
        rows.append({"between_school_sd": spread, **found})
    return pd.DataFrame(rows, columns=DETECTABLE_COLUMNS)


def primary_analysis(trial: Trial, plan: AnalysisPlan) -> Analysis:
    """The one primary analysis of the plan."""
    return next(
        one for one in planned_analyses(plan, trial.deviations).values() if one.role == "primary" and one.kind == "main"
    )


def primary_layout(tables: TrialTables, trial: Trial, plan: AnalysisPlan) -> Layout:
    """The design of the primary analysis."""
    analysis = primary_analysis(trial, plan)
    return layout(sample_of(tables, plan, analysis), analysis.specification)


def beside_published(
    tables: TrialTables, trial: Trial, plan: AnalysisPlan, results: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published result beside ours (PUBLISHED_COLUMNS), and our standard error as a curve over the spread.

    The curve [between_school_sd, standard_error, lower, upper] is that of these schools, their pupil-years and the
    control schools' rate; the spread it implies for the published interval is read from it.
    """
    first = results.drop_duplicates("analysis_id").set_index("analysis_id")
    held = primary_layout(tables, trial, plan)
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
