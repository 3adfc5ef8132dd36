"""How well the primary model fits, and who took part: the tables a reviewer looks at before the estimate."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from swis.effects.analysis.balance import baseline_balance
from swis.effects.analysis.covariates import PER
from swis.effects.analysis.design_quantities import primary_layout, shares_of
from swis.effects.analysis.designs import Layout
from swis.effects.analysis.diagnostics import residual_quantiles, residuals, rootogram, share_residuals
from swis.effects.analysis.samples import FREE_MEALS, SIZE, schools_of
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.trial_file import january_of, plan_of, primary_analysis
from swis.effects.counts import fit_count_model
from swis.in_words import month_and_year, year_groups_words
from swis.params import Trial
from swis.plan import Analysis, planned_analyses

NONE = np.zeros(0)
Made = Literal["rate", "percent", "score"]


def primary_fit_checks(tables: TrialTables, trial: Trial) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rootogram of a primary model of counts (empty for shares), and the quantiles of its residuals."""
    held = primary_layout(tables, trial)
    if held is None:
        return rootogram(NONE, NONE, None), residual_quantiles(NONE)
    if held.design.trials is not None:
        return rootogram(NONE, NONE, None), residual_quantiles(_of_shares(held))
    fit = fit_count_model(held.design, family="negative binomial")
    if not fit.is_usable:
        return rootogram(NONE, NONE, None), residual_quantiles(NONE)
    count = held.design.response
    return rootogram(count, fit.fitted, fit.dispersion), residual_quantiles(
        residuals(count, fit.fitted, fit.dispersion)
    )


def _of_shares(held: Layout) -> np.ndarray:
    fit = fit_count_model(held.design, family="binomial", random=["school"])
    return share_residuals(*shares_of(held, fit), float(np.sqrt(fit.variances["school"]))) if fit.is_usable else NONE


def balance(tables: TrialTables, trial: Trial) -> pd.DataFrame:
    """Baseline balance of the schools of the primary analysis: size, free meals, each outcome before the trial."""
    schools, _ = schools_of(tables, trial, primary_analysis(trial))
    january = f"January {january_of(trial)}"
    characteristics = {
        SIZE: (f"Pupils in {year_groups_words(trial)}, {january}", "pupils a school", SIZE),
        FREE_MEALS: (f"Eligible for free school meals, {january}", "% of pupils", SIZE),
    }
    baseline = tables.outcomes[tables.outcomes["period"] == "baseline"]
    for outcome, made in _shown_before(trial).items():
        rows = baseline[baseline["measure"] == outcome]
        if _value(rows, made).isna().all():
            # Nothing was observed before the trial, as of a return that begins with it.
            continue
        columns = {f"{made}_{outcome}": _value(rows, made), f"count_{outcome}": _behind(rows, made)}
        named = rows[["authority", "urn"]].assign(**columns)
        schools = schools.merge(named, on=["authority", "urn"], how="left")
        characteristics[f"{made}_{outcome}"] = (outcome, _unit(trial, made), f"count_{outcome}")
    return baseline_balance(schools, characteristics)


def _shown_before(trial: Trial) -> dict[str, Made]:
    """The primary and secondary outcomes that schools had before the trial, and how their level is said."""
    mains = [
        one
        for one in planned_analyses(plan_of(trial), trial.deviations).values()
        if one.kind == "main" and one.role in {"primary", "secondary"}
    ]
    return {one.outcome: made for one in mains if (made := _made(one)) is not None}


def _made(analysis: Analysis) -> Made | None:
    spec = analysis.specification
    if spec.offset is not None:
        return "rate"
    if spec.table == "respondents":
        return "score"
    return "percent" if spec.link == "logit" and spec.table == "school totals" else None


def _value(rows: pd.DataFrame, made: Made) -> pd.Series:
    if made == "score":
        return rows["value"].astype(float)
    per = PER if made == "rate" else 100.0
    return per * rows["count"].astype(float) / rows["denominator"].astype(float).where(rows["denominator"] > 0)


def _behind(rows: pd.DataFrame, made: Made) -> pd.Series:
    """What stands behind the level: events; respondents for a score."""
    return rows["denominator" if made == "score" else "count"]


def _unit(trial: Trial, made: Made) -> str:
    if made == "score":
        return "mean item score, survey before the trial"
    first, last = (month_and_year(day) for day in (trial.baseline.first_day, trial.baseline.last_day))
    return f"{'per 1,000 pupil-years' if made == 'rate' else '% of cases'}, {first} to {last}"
