"""What the plans of the trials of supervision do with shares of contacts, rare contacts and answers of leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.counts import fit_count_model
from swis.effects.coverage.intervals import Row, fit_row, p_value_row, robust_by_school, robust_row, wald_row
from swis.effects.design import Design, design_from_arrays
from swis.effects.imputation import impute
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.randomisation import randomisation_test
from swis.effects.rubin import pool_rubin
from swis.effects.satterthwaite import satterthwaite_df
from swis.effects.supervision_simulation import SupervisionTrial

SHARE = "Share of contacts, logistic mixed"
SHARE_OF_ALL = "Share of contacts, logistic"
DOSE = "Share of contacts by sessions held, logistic mixed"
RARE = "Contacts about sexual abuse, NB2"
ANSWERS = "Answers of leads, linear mixed, imputed"
ANSWERS_KNOWN = "Answers of leads with both scores, linear mixed"
DRAWS = 1_999
# The plans take 20; 5 show whether the pooling is right in a quarter of the time.
IMPUTATIONS = 5
# Slope of the logistic distribution against the normal's: log odds over all schools are those of a school over
# √(1 + c²σ²), c = 16√3 / (15π) (Zeger, Liang and Albert, Biometrics 1988;44:1049-1060).
ATTENUATION = (16 * np.sqrt(3) / (15 * np.pi)) ** 2


def analyse_shares_of_contacts(
    schools: pd.DataFrame, truth: float, trial: SupervisionTrial, rng: np.random.Generator
) -> list[Row]:
    """Shares by school (columns as `simulate_supervised`); `truth` is the log odds ratio within a school."""
    design = share_design(schools, "no_further_action", "arm")
    fit = fit_count_model(design, family="binomial", random=("school",))
    plain = fit_count_model(design, family="binomial")
    left = trial.share_school_sd**2 * (1 - trial.baseline_correlation**2)
    over_all = truth / float(np.sqrt(1 + ATTENUATION * left))
    strata = design.groups["authority"]
    test = randomisation_test(
        design.without("arm"), design.column("arm"), strata, family="binomial", draws=DRAWS, rng=rng
    )
    return [
        fit_row(SHARE, "model-based z", truth, fit),
        fit_row(SHARE, "model-based t", truth, fit, _residual(design)),
        robust_row(SHARE_OF_ALL, "CR2 by school, t", over_all, robust_by_school(plain, design)),
        p_value_row(SHARE_OF_ALL, "permutation, score", truth, test.p_value, test.status),
    ]


def analyse_dose(schools: pd.DataFrame, truth: float) -> list[Row]:
    """The log odds ratio of ten sessions held, `truth`, from the shares that were made with it."""
    design = share_design(schools, "no_further_action_by_dose", "dose")
    fit = fit_count_model(design, family="binomial", random=("school",), arm="dose")
    return [fit_row(DOSE, "model-based t", truth, fit, _residual(design), name="dose")]


def analyse_rare_contacts(schools: pd.DataFrame, truth: float) -> list[Row]:
    """Contacts about sexual abuse, few a school: the log rate ratio `truth`."""
    rate = np.log(schools["baseline_sexual_abuse"] + 0.5)
    design = _design(schools, schools["sexual_abuse"], {"arm": schools["arm"], "rate": rate - rate.mean()})
    fit = fit_count_model(design, family="negative binomial")
    return [
        fit_row(RARE, "model-based t", truth, fit, _residual(design)),
        robust_row(RARE, "CR2 by school, t", truth, robust_by_school(fit, design)),
    ]


def analyse_answers(leads: pd.DataFrame, truth: float, rng: np.random.Generator) -> list[Row]:
    """Scores of leads at follow-up given those before, imputed where missing; `truth` a difference."""
    answered = leads[leads["score"].notna()].reset_index(drop=True)
    known = answered[answered["baseline_score"].notna()]
    completed = impute(
        answered.assign(area=answered["authority"].astype(str)), ["baseline_score"], imputations=IMPUTATIONS, rng=rng,
        group="school", predictors=["score", "arm", "area"],
    )  # fmt: skip
    complete = fit_linear_mixed(_lead_design(known), random=("school",))
    freedom = satterthwaite_df(complete, "arm") if complete.is_usable else np.nan
    return [
        _pooled([_lead_design(frame) for frame in completed], truth),
        fit_row(ANSWERS_KNOWN, "Satterthwaite t", truth, complete, freedom),
    ]


def _pooled(designs: Sequence[Design], truth: float) -> Row:
    fits = [fit_linear_mixed(design, random=("school",)) for design in designs]
    failed = next((fit for fit in fits if not fit.is_usable), None)
    if failed is not None:
        return fit_row(ANSWERS, "Rubin, Barnard-Rubin t", truth, failed)
    freedom = [np.array([satterthwaite_df(fit, "arm")]) for fit in fits]
    estimates = np.array([[fit.coefficient("arm")] for fit in fits])
    pooled = pool_rubin(estimates, [np.array([fit.standard_error("arm") ** 2]) for fit in fits], np.array(freedom))
    estimate, error = float(pooled.estimate[0]), float(pooled.standard_error[0])
    return wald_row(ANSWERS, "Rubin, Barnard-Rubin t", truth, estimate, error, float(pooled.degrees_of_freedom[0]))


def share_design(schools: pd.DataFrame, response: str, treatment: str) -> Design:
    """Schools with a contact: the treatment, the log odds before (half a case added), and authorities."""
    held = schools[schools["contacts"] > 0].reset_index(drop=True)
    done, all_before = held["baseline_no_further_action"], held["baseline_contacts"]
    before = np.log((done + 0.5) / (all_before - done + 0.5)).where(all_before > 0)
    before = before.fillna(before.mean())
    treated = held["arm"] if treatment == "arm" else held["sessions_held"] / 10
    made = _design(held, held[response], {treatment: treated, "before": before - before.mean()})
    return replace(made, trials=held["contacts"].to_numpy(dtype=float))


def _lead_design(leads: pd.DataFrame) -> Design:
    before = leads["baseline_score"]
    return _design(leads, leads["score"], {"arm": leads["arm"], "before": before - before.mean()})


def _design(rows: pd.DataFrame, response: pd.Series, columns: dict[str, pd.Series]) -> Design:
    """Intercept, the columns given, and authorities; grouped by school and authority."""
    authority = rows["authority"].to_numpy()
    codes = range(1, int(authority.max()) + 1)
    dummies = {f"C(authority)[T.{code}]": (authority == code).astype(float) for code in codes}
    parts = {"(Intercept)": np.ones(len(rows)), **columns, **dummies}
    matrix = np.column_stack([np.asarray(part, dtype=float) for part in parts.values()])
    groups = {"school": rows["school"].to_numpy(), "authority": authority}
    return design_from_arrays(response.to_numpy(dtype=float), matrix, names=list(parts), groups=groups)


def _residual(design: Design) -> float:
    return float(design.observations - design.matrix.shape[1])
