"""From the tables of a trial to the rows one analysis is made of, with what was left out and why.

An authority without a return, a school whose window is observed too little, a school without a denominator or without
a covariate is left out and counted; nothing of a school is ever imputed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.effects.analysis.covariates import ROW_COLUMNS, covariate_columns
from swis.effects.analysis.populations import NO_DATA, in_population
from swis.effects.analysis.received import with_treatment
from swis.effects.analysis.sources import OF_A_SCHOOL, SCHOOL_KEY, TrialTables
from swis.effects.analysis.trial_file import plan_of
from swis.params import Trial
from swis.plan import Analysis, AnalysisPlan
from swis.plan.specification import WithoutCases

# Columns of every school before its trial: pupils of its January census, and % of them with free school meals.
SIZE, FREE_MEALS = "pupils_january", "fsm_percent_january"
EXCLUSION_COLUMNS = ["reason", "intervention", "control"]
UNKNOWN = "unknown"
RESPONDENTS = "respondents"
CONTACTS = "contacts_from_schools"


@dataclass(frozen=True)
class Sample:
    """Rows of one analysis: `frame` [authority, urn, is_intervention, treatment, response columns, covariates, level].

    `excluded` counts the schools left out by reason and arm (EXCLUSION_COLUMNS). `children` is only for days in
    care: one row a pupil with any day, `days`, under the columns of its school.
    """

    frame: pd.DataFrame
    excluded: pd.DataFrame
    covariates: tuple[str, ...]
    children: pd.DataFrame | None = None


def sample_of(tables: TrialTables, trial: Trial, analysis: Analysis) -> Sample:
    """The rows of an analysis; ValueError for a kind of table that is not known."""
    kind = analysis.specification.table
    schools, excluded = schools_of(tables, trial, analysis)
    if kind in {"school totals", "school means"}:
        rows = schools
    elif kind == "school totals by trait":
        rows = _by_trait(tables, analysis, schools)
    elif kind == "pupils":
        rows = _pupils(tables, analysis, schools)
    elif kind == "pupils with days in care":
        rows = _with_pupils(tables, analysis, schools)
    elif kind == RESPONDENTS:
        rows = _respondents(tables, analysis, schools)
    else:
        raise ValueError(f"no table of kind {kind}")
    columns, rows = covariate_columns(rows, plan_of(trial), analysis.specification.covariates, analysis.outcome)
    rows = rows.reset_index(drop=True)
    children = _children(tables, analysis, rows) if kind == "pupils with days in care" else None
    return Sample(rows, excluded, columns, children)


def why_impossible(sample: Sample) -> tuple[str, str] | None:
    """Why a sample cannot be analysed at all: an arm without two schools, and why its schools were left out."""
    schools = sample.frame.drop_duplicates("urn")["is_intervention"]
    fewest = min((schools == 1).sum(), (schools == 0).sum())
    if fewest >= 2:
        return None
    if fewest:
        return "single-school arm", "An arm has a single school."
    reasons = ", ".join(sorted(sample.excluded["reason"].unique()))
    return "not estimable", f"An arm has no school left ({reasons})." if reasons else "An arm has no school."


def schools_of(tables: TrialTables, trial: Trial, analysis: Analysis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a school analysed, with outcome, treatment, covariates of the plan and baseline; and those left out."""
    spec, plan = analysis.specification, plan_of(trial)
    merged = _with_outcome(tables, analysis)
    if spec.table == "school means":
        merged = merged.drop(columns="value").merge(_school_means(tables, analysis), on=SCHOOL_KEY, how="left")
    merged = _with_cases(merged, spec.without_cases, _on_roll(tables, analysis.window))
    merged = with_treatment(_with_baselines(merged, tables, plan, analysis), trial, analysis)
    reasons = _why_left_out(merged, plan, analysis)
    kept = merged[reasons == ""].copy()
    kept["is_intervention"] = (kept["arm"] == "intervention").astype(float)
    return kept, _count_excluded(merged["arm"], reasons, spec.population)


def _with_outcome(tables: TrialTables, analysis: Analysis) -> pd.DataFrame:
    """The schools with count, denominator, value and observed share of the window, or of academic years added up."""
    window = tables.of_schools(analysis.outcome, analysis.window)
    years = analysis.specification.academic_years
    if not years or not analysis.specification.table.startswith("school totals"):
        return tables.school_covariates.assign(**window)
    parts = tables.outcomes[(tables.outcomes["measure"] == analysis.outcome) & tables.outcomes["period"].isin(years)]
    summed = parts.groupby(SCHOOL_KEY, as_index=False)[["count", "denominator"]].sum(min_count=1)
    share = parts.groupby(SCHOOL_KEY, as_index=False)["observed_share"].mean()
    scale = (window["value"] * window["denominator"] / window["count"].where(window["count"] > 0)).median()
    base = summed["denominator"].where(summed["denominator"] > 0)
    outcome = summed.assign(value=scale * summed["count"] / base).merge(share, on=SCHOOL_KEY)
    return tables.school_covariates.merge(
        outcome[[*SCHOOL_KEY, *OF_A_SCHOOL]], on=SCHOOL_KEY, how="left", validate="one_to_one"
    )


def _on_roll(tables: TrialTables, window: str) -> pd.Series:
    """Schools with pupils on roll while contacts were recorded: the contacts of any other are not counted."""
    rows = tables.outcomes
    seen = (rows["measure"] == CONTACTS) & (rows["period"] == window) & (rows["denominator"] > 0)
    return rows.loc[seen, "urn"]


def _with_cases(schools: pd.DataFrame, rule: WithoutCases, on_roll: pd.Series) -> pd.DataFrame:
    """The schools, one that was observed and had no case taken for what the rule says: one case, counted or not.

    A school without a roll in the window is not without a case: what it had is not known, and it stays left out.
    """
    if rule == "left out":
        return schools
    observed = (schools["observed_share"] > 0) & schools["urn"].isin(on_roll)
    empty = observed & (schools["denominator"].fillna(0) == 0)
    counted = {
        "one case, counted": pd.Series(True, index=schools.index),
        "one case, not counted": pd.Series(False, index=schools.index),
        "one case, counted in intervention schools": schools["arm"] == "intervention",
        "one case, counted in control schools": schools["arm"] == "control",
    }[rule]
    count = schools["count"].astype(float).mask(empty, counted.astype(float))
    return schools.assign(count=count, denominator=schools["denominator"].astype(float).mask(empty, 1.0))


def _with_baselines(schools: pd.DataFrame, tables: TrialTables, plan: AnalysisPlan, analysis: Analysis) -> pd.DataFrame:
    """Count and denominator of the baseline period for every measure that a covariate of the analysis needs."""
    named = {covariate.measure or analysis.outcome for covariate in plan.covariates.values()}
    columns = {
        f"baseline_{name}_of_{measure}": column
        for measure in sorted(named)
        for name, column in tables.of_schools(measure, "baseline").items()
        if name in ("count", "denominator", "value")
    }
    return schools.assign(**columns)


def _why_left_out(schools: pd.DataFrame, plan: AnalysisPlan, analysis: Analysis) -> pd.Series:
    """The first reason why a school is not analysed; '' for one that is."""
    spec = analysis.specification
    share = minimum_observed_share(plan, analysis.outcome)
    is_in = in_population(schools, plan.populations[spec.population].rule)
    _, covered = covariate_columns(
        schools, plan, [name for name in spec.covariates if _is_of_school(plan, name)], analysis.outcome
    )
    checks = {
        "no return of the school": schools["reason"].isin(NO_DATA),
        "not of this population": ~is_in,
        "no return for the window": ~(schools["observed_share"] > 0),
        "window observed too little": ~(schools["observed_share"] >= share),
        "no denominator": ~(schools["denominator"] > 0) & (spec.table != RESPONDENTS),
        "no record of delivery": schools["treatment"].isna(),
        "no covariate": pd.Series(~schools.index.isin(covered.index), index=schools.index),
    }
    reasons = pd.Series("", index=schools.index, dtype=object)
    for reason, fails in checks.items():
        reasons = reasons.mask((reasons == "") & fails.fillna(True), reason)
    return reasons


def minimum_observed_share(plan: AnalysisPlan, outcome: str) -> float:
    """The share of a window that returns must cover for a school to be analysed: the outcome's own or the plan's."""
    planned = plan.outcome(outcome)
    own = planned.minimum_observed_share if planned else None
    return plan.missing_data.minimum_observed_share if own is None else own


def _is_of_school(plan: AnalysisPlan, name: str) -> bool:
    return plan.covariates[name].kind not in ROW_COLUMNS


def _count_excluded(arm: pd.Series, reasons: pd.Series, population: str) -> pd.DataFrame:
    reason_of_left, arm_of_left = reasons[reasons != ""], arm[reasons != ""]
    found = sorted(reason_of_left.unique())
    counts = {
        name: np.array([((reason_of_left == reason) & (arm_of_left == name)).sum() for reason in found], dtype=int)
        for name in EXCLUSION_COLUMNS[1:]
    }
    return pd.DataFrame({"reason": pd.Series(found, dtype=object), **counts}).assign(population=population)


def _by_trait(tables: TrialTables, analysis: Analysis, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a school and group of pupils: the group's count and pupil-years in place of the school's."""
    if analysis.subgroup is None or analysis.subgroup.trait is None:
        raise ValueError(f"{analysis.id} needs a subgroup of pupils")
    held = tables.group_counts
    own = held[
        (held["measure"] == analysis.outcome)
        & (held["window"] == analysis.window)
        & (held["trait"] == analysis.subgroup.trait)
        & (held["level"] != UNKNOWN)
        & (held["pupil_years"] > 0)
    ]
    rows = own[[*SCHOOL_KEY, "level", "count", "pupil_years"]].rename(columns={"pupil_years": "denominator"})
    return schools.drop(columns=["count", "denominator", "value"]).merge(rows, on=SCHOOL_KEY, how="inner")


def _pupils(tables: TrialTables, analysis: Analysis, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a pupil with a result of the years asked for; `score` is the outcome."""
    return schools.merge(_results(tables, analysis).drop(columns=["trial"]), on=SCHOOL_KEY, how="inner")


def _results(tables: TrialTables, analysis: Analysis) -> pd.DataFrame:
    held = tables.pupil_results
    years = analysis.specification.academic_years or sorted(held["academic_year"].unique())
    own = held[held["academic_year"].isin(years) & held[analysis.outcome].notna()]
    return own.assign(score=own[analysis.outcome].astype(float))


def _respondents(tables: TrialTables, analysis: Analysis, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a respondent on the outcome's scale: `score` at follow-up and `baseline_score`, either of them missing
    where it was not given and the analysis draws it; a lead without one that is not drawn is in no row."""
    held = tables.survey_scores
    own = held[held["measure"] == analysis.outcome].rename(columns={"follow_up": "score", "baseline": "baseline_score"})
    names = ("score", "baseline_score", "left_post")
    scores = {name: own[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for name in names}
    spec = analysis.specification
    needed = [name for name in ("score", *spec.covariates) if name in scores and name not in spec.imputed]
    kept = own.assign(**scores)[own[needed].notna().all(axis=1)]
    return schools.merge(kept[[*SCHOOL_KEY, "respondent", *scores]], on=SCHOOL_KEY, how="inner")


def _school_means(tables: TrialTables, analysis: Analysis) -> pd.DataFrame:
    """By school, the means of its pupils' results (`value`) and prior results, each over those who have one."""
    means = _results(tables, analysis).groupby(SCHOOL_KEY, as_index=False)[["score", "ks2_prior"]].mean()
    return means.rename(columns={"score": "value"})


def _with_pupils(tables: TrialTables, analysis: Analysis, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a school with pupils in the window: `pupils`, and `with_days` of them with any day in care."""
    there = tables.pupils_in_window
    own = there.loc[(there["window"] == analysis.window) & (there["pupils"] > 0), [*SCHOOL_KEY, "pupils"]]
    counted = (
        _in_care(tables, analysis).groupby(SCHOOL_KEY, as_index=False).size().rename(columns={"size": "with_days"})
    )
    rows = schools.merge(own, on=SCHOOL_KEY, how="inner").merge(counted, on=SCHOOL_KEY, how="left")
    # A pupil whose care began at the school may have left its roll before the window: never more with days than pupils.
    with_days = rows["with_days"].fillna(0).astype(float)
    return rows.assign(with_days=with_days, pupils=np.maximum(rows["pupils"].astype(float), with_days))


def _in_care(tables: TrialTables, analysis: Analysis) -> pd.DataFrame:
    days = tables.care_days_by_pupil
    return days.loc[days["window"] == analysis.window, [*SCHOOL_KEY, "days"]]


def _children(tables: TrialTables, analysis: Analysis, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a pupil with any day in care, with the columns of its school."""
    return schools.merge(_in_care(tables, analysis), on=SCHOOL_KEY, how="inner").reset_index(drop=True)
