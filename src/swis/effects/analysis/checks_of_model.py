"""How well the primary model fits, and who took part: the tables a reviewer looks at before the estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.analysis.balance import baseline_balance
from swis.effects.analysis.covariates import PER
from swis.effects.analysis.design_quantities import primary_analysis, primary_layout
from swis.effects.analysis.diagnostics import residual_quantiles, residuals, rootogram
from swis.effects.analysis.samples import schools_of
from swis.effects.analysis.sources import TrialTables
from swis.effects.counts import fit_count_model
from swis.params import Trial
from swis.plan import AnalysisPlan, planned_analyses

SIZE = "pupils_january_2020"
FREE_MEALS = "fsm_percent_january_2020"
BASELINE_UNIT = "per 1,000 pupil-years, September 2018 to February 2020"


def primary_fit_checks(tables: TrialTables, trial: Trial, plan: AnalysisPlan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rootogram of the primary model, and the quantiles of its residuals beside the normal's."""
    held = primary_layout(tables, trial, plan)
    fit = fit_count_model(held.design, family="negative binomial")
    if not fit.is_usable:
        return rootogram(np.zeros(0), np.zeros(0), None), residual_quantiles(np.zeros(0))
    count = held.design.response
    return rootogram(count, fit.fitted, fit.dispersion), residual_quantiles(
        residuals(count, fit.fitted, fit.dispersion)
    )


def balance(tables: TrialTables, trial: Trial, plan: AnalysisPlan) -> pd.DataFrame:
    """Baseline balance of the schools of the primary analysis: size, free school meals, each rate before the trial."""
    schools, _ = schools_of(tables, plan, primary_analysis(trial, plan))
    characteristics = {
        SIZE: ("Pupils in Years 7 to 11, January 2020", "pupils a school", SIZE),
        FREE_MEALS: ("Eligible for free school meals, January 2020", "% of pupils", SIZE),
    }
    rates = {
        one.outcome: one
        for one in planned_analyses(plan, trial.deviations).values()
        if one.kind == "main" and one.role in {"primary", "secondary"} and one.specification.offset is not None
    }
    baseline = tables.outcomes[tables.outcomes["period"] == "baseline"]
    for outcome in rates:
        rows = baseline.loc[baseline["measure"] == outcome, ["authority", "urn", "count", "denominator"]]
        rate = PER * rows["count"].astype(float) / rows["denominator"].astype(float).where(rows["denominator"] > 0)
        columns = {f"rate_{outcome}": rate, f"count_{outcome}": rows["count"]}
        named = rows.assign(**columns)[["authority", "urn", *columns]]
        schools = schools.merge(named, on=["authority", "urn"], how="left")
        characteristics[f"rate_{outcome}"] = (outcome, BASELINE_UNIT, f"count_{outcome}")
    return baseline_balance(schools, characteristics)
