"""Carries out the analyses of a plan, each by its id, and puts what came out into one table of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from swis.effects.analysis.beyond import heterogeneity, hurdle, imputed, leave_one_out, posterior, randomisation
from swis.effects.analysis.designs import GROUP, layout
from swis.effects.analysis.estimate import ROW_COLUMNS, Estimate, no_estimate, row_of
from swis.effects.analysis.groups import with_groups
from swis.effects.analysis.models import FITTERS, fitted_estimates
from swis.effects.analysis.samples import Sample, sample_of, why_impossible
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.trial_file import plan_of
from swis.params import Trial
from swis.plan import Analysis, AnalysisPlan

SIZE_COLUMNS = [f"{what}_{arm}" for what in ("schools", "count", "denominator") for arm in ("intervention", "control")]
RESULT_COLUMNS = [
    "analysis_id", "outcome", "role", "window", "population", "analysis", "title", *ROW_COLUMNS, *SIZE_COLUMNS,
    "plan_clause", "source", "deviation",
]  # fmt: skip
EXCLUDED_COLUMNS = ["analysis_id", "reason", "intervention", "control"]


def carry_out(tables: TrialTables, trial: Trial, analyses: Iterable[Analysis]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results (RESULT_COLUMNS) and schools left out (EXCLUDED_COLUMNS) of these analyses, in their order."""
    _refuse_several(tables, trial)
    plan = plan_of(trial)
    rows, excluded = [], []
    for analysis in analyses:
        sample = sample_of(tables, trial, analysis)
        if analysis.subgroup is not None and why_impossible(sample) is None:
            sample, levels = with_groups(sample, plan, analysis.subgroup, analysis.outcome)
        else:
            levels = []
        estimates = estimates_of(sample, levels, plan, analysis)
        rows += [_row(one, sample, analysis, plan.multiplicity.interval_level) for one in estimates]
        excluded.append(sample.excluded.assign(analysis_id=analysis.id)[EXCLUDED_COLUMNS])
    left = pd.concat(excluded, ignore_index=True) if excluded else pd.DataFrame(columns=EXCLUDED_COLUMNS)
    return pd.DataFrame(rows, columns=RESULT_COLUMNS), left


def _refuse_several(tables: TrialTables, trial: Trial) -> None:
    """ValueError for tables that hold another trial's schools: trials differ in design and are never put together."""
    for frame in (tables.school_covariates, tables.outcomes):
        others = set(frame["trial"]) - {trial.name}
        if others:
            raise ValueError(f"tables of {trial.name} hold schools of {', '.join(sorted(others))}")


def estimates_of(sample: Sample, levels: list[str], plan: AnalysisPlan, analysis: Analysis) -> list[Estimate]:
    """What the model of one analysis gives over its sample (and the groups of a subgroup, `levels`).

    A stated status where there is nothing to fit.
    """
    spec = analysis.specification
    if why := why_impossible(sample):
        return [no_estimate(spec.scale, *why, spec.model)]
    if analysis.subgroup is not None:
        if len(levels) < 2:
            return [no_estimate(spec.scale, "not estimable", "Fewer than two groups have schools.", spec.model)]
        if spec.model == "imputed_linear_mixed":
            return imputed(sample, spec, plan.missing_data.imputed_from, levels)
        return fitted_estimates(layout(sample, spec, levels), spec)[1]
    if spec.model == "imputed_linear_mixed":
        return imputed(sample, spec, plan.missing_data.imputed_from)
    if spec.model in FITTERS:
        return fitted_estimates(layout(sample, spec), spec)[1]
    outcome = plan.outcome(analysis.outcome)
    main = outcome.main if outcome is not None else spec
    if spec.model in {"randomisation_score", "randomisation_refit"}:
        return randomisation(layout(sample, spec), spec)
    if spec.model == "bayes_normal":
        return posterior(layout(sample, main), spec, main, plan.multiplicity.interval_level)
    if spec.model == "heterogeneity":
        return heterogeneity(layout(sample, spec), spec)
    if spec.model == "leave_one_out":
        return leave_one_out(sample, main)
    return hurdle(sample, spec)


def _row(estimate: Estimate, sample: Sample, analysis: Analysis, interval_level: float) -> Mapping[str, object]:
    return {
        "analysis_id": analysis.id,
        "outcome": analysis.outcome,
        "role": analysis.role,
        "window": analysis.window,
        "population": analysis.specification.population,
        "analysis": analysis.analysis,
        "title": analysis.title,
        **row_of(estimate, interval_level),
        **_sizes(sample, analysis, estimate.level),
        "plan_clause": analysis.clause,
        "source": analysis.source,
        "deviation": analysis.deviation,
    }


def _sizes(sample: Sample, analysis: Analysis, level: str) -> Mapping[str, float]:
    """Schools, count and denominator by arm of the rows an estimate rests on (of its group, where it has one)."""
    frame = sample.frame
    if GROUP in frame and (frame[GROUP] == level).any():
        frame = frame[(frame[GROUP] == level) | frame[GROUP].isna()]
    elif analysis.name == "leave_one_authority_out":
        frame = frame[frame["authority"] != level]
    sizes: dict[str, float] = {}
    for arm, rows in (
        ("intervention", frame[frame["is_intervention"] == 1]),
        ("control", frame[frame["is_intervention"] == 0]),
    ):
        sizes[f"schools_{arm}"] = float(rows["urn"].nunique())
        has_counts = "count" in rows and analysis.specification.table.startswith("school totals")
        sizes[f"count_{arm}"] = float(rows["count"].sum()) if has_counts else np.nan
        sizes[f"denominator_{arm}"] = float(rows["denominator"].sum()) if has_counts else float(len(rows))
    return sizes
