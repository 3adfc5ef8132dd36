"""The planned analyses of the four trials of supervision over invented tables, each trial by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_supervision_tables import invented_supervision

from swis.effects import analysis as effects
from swis.effects.analysis.received import with_treatment
from swis.effects.analysis.samples import sample_of
from swis.effects.analysis.trial_file import january_of, months_of
from swis.effects.supervision_simulation import SupervisionTrial
from swis.io import write_frame
from swis.outcomes.analysis import AnalysisTables
from swis.outcomes.stage import Outcomes
from swis.params import Trial, load_params
from swis.plan import planned_analyses

TRIALS = ("dsls_greater_manchester", "dsls_one_to_one", "dsls_group", "dsls_sexual_abuse")
WINDOW = "school year 2021/22"
SHARE = f"contacts_no_further_action/{WINDOW}"
KNOWN = SupervisionTrial(odds_ratio=0.7, rate_ratio=1.8, score_difference=0.3)


@pytest.fixture(scope="module")
def trials(project_root: Path) -> dict[str, Trial]:
    return load_params(project_root / "params").trials


@pytest.fixture(scope="module")
def one_to_one(trials: dict[str, Trial]) -> Trial:
    return trials["dsls_one_to_one"]


@pytest.fixture(scope="module")
def tables(one_to_one: Trial) -> effects.TrialTables:
    return invented_supervision(one_to_one, 3, KNOWN)


def rows(tables: effects.TrialTables, trial: Trial, *ids: str) -> pd.DataFrame:
    return effects.estimate_named(tables, trial, ids).results


@pytest.mark.parametrize("name", TRIALS)
def test_every_planned_analysis_of_a_trial_runs_and_gives_a_number(trials: dict[str, Trial], name: str) -> None:
    trial = trials[name]
    sizes = {"dsls_greater_manchester": 10, "dsls_group": 4}
    tables = invented_supervision(trial, 4, replace(KNOWN, authorities=sizes.get(name, 5)))
    roles = [effects.estimate(tables, trial, role=role) for role in ("primary", "secondary", "exploratory")]
    others = [effects.estimate(tables, trial, kind=kind) for kind in ("sensitivity", "subgroup")]
    estimated = effects.together(trial, *roles, *others)
    failed = estimated.results[~estimated.results["status"].isin(["ok", "zero variance"])]
    assert failed.empty, failed[["analysis_id", "status", "message"]].to_string()
    first = estimated.results.drop_duplicates("analysis_id")
    secondary = (first["role"] == "secondary") & (first["analysis"] == "main")
    assert first.loc[secondary, "p_holm"].notna().all()
    assert (first["outcome"][first["role"] == "primary"].nunique(), secondary.sum() >= 14) == (1, True)


def test_the_flow_balance_spread_and_fit_of_a_share_and_of_a_rate_can_be_shown(trials: dict[str, Trial]) -> None:
    for name, of_counts in (("dsls_one_to_one", False), ("dsls_sexual_abuse", True)):
        trial = trials[name]
        tables = invented_supervision(trial, 5, KNOWN)
        primary = effects.estimate(tables, trial, role="primary").results
        rootogram, residuals = effects.primary_fit_checks(tables, trial)
        assert rootogram.empty != of_counts
        # The standard error of a quantile of 300 normal residuals is at most 0.13 at the 5th: four of them.
        assert np.allclose(residuals["observed"], residuals["expected"], atol=0.5)
        assert effects.detectable(tables, trial)["smallest_rise"].gt(1).all()
        spread = effects.between_schools(tables, trial)
        assert {"contacts_from_schools", "dsl_anxiety", "contacts_no_further_action"} <= set(spread["outcome"])
        published, curve = effects.beside_published(tables, trial, primary)
        assert published.empty
        assert curve.empty
        balance = effects.balance(tables, trial).set_index("characteristic")
        assert balance.loc["contacts_no_further_action", "unit"].startswith("% of cases")
        assert balance.loc["dsl_anxiety", "unit"].startswith("mean item score")
        assert effects.participant_flow(tables, trial)["schools"].sum() > 0


def test_the_interval_of_the_spread_of_log_odds_holds_the_one_put_in(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    found = effects.between_schools(tables, one_to_one).set_index(["outcome", "model"])
    row = found.loc[("contacts_no_further_action", "without covariates")]
    assert row["lower"] < KNOWN.share_school_sd < row["upper"]


def test_the_effects_put_in_are_within_the_intervals(tables: effects.TrialTables, one_to_one: Trial) -> None:
    found = rows(tables, one_to_one, f"{SHARE}/main", f"dsl_anxiety/{WINDOW}/main").drop_duplicates("analysis_id")
    for row, truth in zip(found.to_dict("records"), (KNOWN.odds_ratio, KNOWN.score_difference), strict=True):
        assert row["lower"] < truth < row["upper"], row["outcome"]
        assert row["p_value"] < 0.05, "at 300 schools these effects are far from none"


def test_schools_without_a_contact_count_with_none_in_the_rates_and_bound_the_share(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    outcomes = tables.outcomes.copy()
    silent = tables.school_covariates["urn"].iloc[::10]
    is_silent = outcomes["urn"].isin(silent) & (outcomes["period"] == WINDOW)
    of_contacts = outcomes["measure"].str.startswith("contacts_")
    outcomes.loc[is_silent & of_contacts, "count"] = 0.0
    is_share = outcomes["measure"].isin(["contacts_no_further_action", "contacts_to_referral"])
    outcomes.loc[is_silent & is_share, "denominator"] = 0.0
    changed = replace(tables, outcomes=outcomes)
    bounds = ("no_contact_in_favour", "no_contact_none", "no_contact_all", "no_contact_against")
    ids = [f"{SHARE}/main", *(f"{SHARE}/sensitivity:{name}" for name in bounds)]
    found = rows(changed, one_to_one, *ids, f"contacts_from_schools/{WINDOW}/main").drop_duplicates("analysis_id")
    schools = found.set_index("analysis_id")[["schools_intervention", "schools_control"]].sum(axis=1)
    assert schools[f"contacts_from_schools/{WINDOW}/main"] == schools.max() == len(tables.school_covariates)
    assert schools[f"{SHARE}/main"] == schools.max() - len(silent)
    assert (schools[ids[1:]] == schools.max()).all()
    ratio = found.set_index("analysis_id")["estimate"]
    assert ratio[f"{SHARE}/sensitivity:no_contact_in_favour"] < ratio[f"{SHARE}/main"]
    assert ratio[f"{SHARE}/main"] < ratio[f"{SHARE}/sensitivity:no_contact_against"]
    excluded = effects.estimate_named(changed, one_to_one, [f"{SHARE}/main"]).excluded
    assert set(excluded["reason"]) == {"no denominator"}


def test_schools_not_observed_are_never_taken_for_schools_without_a_contact(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    outcomes = tables.outcomes.copy()
    unseen = (outcomes["urn"] == tables.school_covariates["urn"].iloc[0]) & (outcomes["period"] == WINDOW)
    outcomes.loc[unseen, ["count", "denominator", "value"]] = np.nan
    outcomes.loc[unseen, "observed_share"] = 0.0
    found = effects.estimate_named(
        replace(tables, outcomes=outcomes), one_to_one, [f"{SHARE}/sensitivity:no_contact_all"]
    )
    assert set(found.excluded["reason"]) == {"no return for the window"}


def test_schools_without_a_roll_are_never_taken_for_schools_without_a_contact(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    outcomes = tables.outcomes.copy()
    gone, silent = tables.school_covariates["urn"].iloc[0], tables.school_covariates["urn"].iloc[1]
    in_window = (outcomes["period"] == WINDOW) & outcomes["measure"].str.startswith("contacts_")
    is_share = outcomes["measure"].isin(["contacts_no_further_action", "contacts_to_referral"])
    # The form covers the whole window for both; pupils of the first are on no roll, so none of its contacts is counted.
    outcomes.loc[in_window & outcomes["urn"].isin([gone, silent]), "count"] = 0.0
    outcomes.loc[in_window & (outcomes["urn"] == gone), "denominator"] = 0.0
    outcomes.loc[in_window & is_share & (outcomes["urn"] == silent), "denominator"] = 0.0
    analysis = planned_analyses(effects.plan_of(one_to_one), one_to_one.deviations)
    sample = sample_of(replace(tables, outcomes=outcomes), one_to_one, analysis[f"{SHARE}/sensitivity:no_contact_all"])
    assert gone not in set(sample.frame["urn"])
    assert sample.frame.set_index("urn").loc[silent, ["count", "denominator"]].tolist() == [1.0, 1.0]
    assert sample.excluded["reason"].tolist() == ["no denominator"]


def test_a_school_without_a_contact_before_the_trial_stays_with_the_mean_of_the_others(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    outcomes = tables.outcomes.copy()
    none = (outcomes["urn"] == tables.school_covariates["urn"].iloc[0]) & (outcomes["period"] == "baseline")
    outcomes.loc[none, ["count", "denominator"]] = 0.0
    analysis = planned_analyses(effects.plan_of(one_to_one), one_to_one.deviations)[f"{SHARE}/main"]
    frame = sample_of(replace(tables, outcomes=outcomes), one_to_one, analysis).frame
    # Covariates are centred: the mean of the others is the mean of all.
    assert frame["baseline_logit"].iloc[0] == pytest.approx(0, abs=1e-12)
    assert len(frame) == len(sample_of(tables, one_to_one, analysis).frame)


def test_leads_lost_before_the_follow_up_are_left_out_or_moved_as_the_plan_says(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    point = f"dsl_anxiety/{WINDOW}"
    ids = [
        f"{point}/main",
        *(f"{point}/sensitivity:{name}" for name in ("complete_cases", "attrition_lower", "attrition_higher")),
    ]
    found = rows(tables, one_to_one, *ids).drop_duplicates("analysis_id").set_index("analysis_id")
    answers = tables.survey_scores[tables.survey_scores["measure"] == "dsl_anxiety"]
    leads = found[["denominator_intervention", "denominator_control"]].sum(axis=1)
    assert leads[ids[0]] == answers["follow_up"].notna().sum()
    assert leads[ids[1]] < leads[ids[0]], "a lead without a baseline score is imputed in the main analysis only"
    assert leads[ids[2]] == leads[ids[3]] == len(answers)
    assert found.loc[ids[2], "estimate"] < found.loc[ids[0], "estimate"] < found.loc[ids[3], "estimate"]
    lost = answers.loc[answers["arm"] == "intervention", "follow_up"].isna().mean()
    moved = found.loc[ids[3], "estimate"] - found.loc[ids[2], "estimate"]
    # One standard deviation apart, for the share lost; the intervals of 20 imputations leave a tenth of it open.
    assert moved == pytest.approx(lost * answers["follow_up"].std(), rel=0.15)


def test_received_is_half_of_the_sessions_planned_and_unknown_without_a_record(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    name = "school_year_2021_22"
    schools = pd.DataFrame(
        {
            "arm": ["intervention", "intervention", "intervention", "control", "control"],
            f"sessions_planned_{name}": [10.0, 10.0, np.nan, 0.0, 0.0],
            f"sessions_held_{name}": [5.0, 4.0, np.nan, 0.0, 2.0],
        }
    )
    dose = planned_analyses(effects.plan_of(one_to_one))[f"{SHARE}/sensitivity:dose"]
    found = with_treatment(schools, one_to_one, dose)
    assert found["received"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found["received"].iloc[2])
    assert found["received"].tolist()[3:] == [0.0, 1.0]
    assert found["treatment"].tolist()[:2] == [0.5, 0.4]


def test_windows_are_measured_in_months_and_the_january_is_before_the_trial(trials: dict[str, Trial]) -> None:
    assert months_of(trials["swis"], "23 months") == 23
    assert months_of(trials["swis"], "35 months") == 35
    assert months_of(trials["dsls_group"], WINDOW) == 11
    assert months_of(trials["dsls_greater_manchester"], "calendar year 2021") == 12
    assert {name: january_of(trial) for name, trial in trials.items()} == {
        "swis": 2020, "dsls_greater_manchester": 2020, "dsls_one_to_one": 2021, "dsls_group": 2021,
        "dsls_sexual_abuse": 2021,
    }  # fmt: skip


def test_no_estimate_is_of_several_trials_of_supervision(trials: dict[str, Trial]) -> None:
    mine, other = (invented_supervision(trials[name], 6, replace(KNOWN, authorities=4)) for name in TRIALS[2:])
    together = effects.TrialTables(
        **{name: pd.concat([frame, getattr(other, name)], ignore_index=True) for name, frame in mine.by_name().items()}
    )
    for name in TRIALS:
        with pytest.raises(ValueError, match="hold schools of dsls_"):
            effects.estimate(together, trials[name], role="primary")
    assert {trial.name for trial in trials.values() if trial.programme == "DSLS"} == set(TRIALS)


def test_tables_are_read_of_one_trial_where_an_authority_has_several(trials: dict[str, Trial], tmp_path: Path) -> None:
    held = [invented_supervision(trials[name], 7, replace(KNOWN, authorities=4)) for name in TRIALS[2:]]
    stacked = {name: pd.concat([getattr(one, name) for one in held], ignore_index=True) for name in held[0].by_name()}
    outcomes = stacked.pop("outcomes").assign(level="school")
    # Effects read these; costs and what else a stage keeps beside them play no part.
    others = {name: pd.DataFrame({"trial": []}) for name in set(AnalysisTables.names()) - set(stacked)}
    AnalysisTables(**stacked, **others).save(tmp_path)
    for name in Outcomes.names():
        write_frame(tmp_path / f"{name}.parquet", outcomes if name == "outcomes" else outcomes.head(0))
    read = effects.read_trial_tables({"authority-00": tmp_path}, "dsls_group")
    assert set(read.outcomes["trial"]) == set(read.school_covariates["trial"]) == {"dsls_group"}
    assert set(read.survey_scores["trial"]) == {"dsls_group"}


def test_early_help_is_estimated_where_workbooks_hold_less_than_half_of_the_window(
    tables: effects.TrialTables, one_to_one: Trial
) -> None:
    def observed(share: float) -> effects.TrialTables:
        return replace(tables, outcomes=tables.outcomes.assign(observed_share=share))

    help_, plans = (f"{name}/{WINDOW}/main" for name in ("early_help_assessments", "cin_plans_started"))
    found = rows(observed(0.3), one_to_one, help_, plans).drop_duplicates("analysis_id")
    some = found.set_index("analysis_id")
    assert np.isfinite(some.loc[help_, "estimate"])
    assert np.isnan(some.loc[plans, "estimate"]), "its source covers whole years: less than half is not enough"
    assert some.loc[plans, "message"] == "An arm has no school left (window observed too little)."
    little = rows(observed(0.2), one_to_one, help_).iloc[0]
    assert (little["schools_intervention"], little["schools_control"]) == (0, 0)
