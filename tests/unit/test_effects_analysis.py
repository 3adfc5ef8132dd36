"""The planned analyses of a trial over invented tables: samples, populations, statuses, the door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_effects_tables import invented_tables

from swis.effects import analysis as effects
from swis.effects.analysis.diagnostics import residuals, rootogram
from swis.effects.analysis.populations import in_population
from swis.effects.analysis.spread import log_rate_spread
from swis.errors import InputError
from swis.params import Trial, load_params

MAIN = "section47_enquiries/23 months/main"


@pytest.fixture(scope="module")
def trial(project_root: Path) -> Trial:
    return load_params(project_root / "params").trials["swis"]


@pytest.fixture(scope="module")
def tables() -> effects.TrialTables:
    return invented_tables(1, authorities=8, rate_ratio=1.3)


def only(tables: effects.TrialTables, trial: Trial, analysis_id: str) -> pd.Series:
    """The first row of one analysis."""
    return effects.estimate_named(tables, trial, [analysis_id]).results.iloc[0]


def test_every_planned_analysis_runs_over_a_whole_trial_and_each_has_a_status(
    tables: effects.TrialTables, trial: Trial
) -> None:
    roles = [effects.estimate(tables, trial, role=role) for role in ("primary", "secondary", "exploratory")]
    others = [effects.estimate(tables, trial, kind=kind) for kind in ("sensitivity", "subgroup")]
    results = effects.together(trial, *roles, *others).results
    planned = effects.planned(effects.plan_of(trial), trial.deviations)
    assert set(results["analysis_id"]) == set(planned["analysis_id"])
    assert results["status"].isin({"ok", "zero variance"}).all(), results.loc[
        ~results["status"].isin({"ok", "zero variance"}), ["analysis_id", "status", "message"]
    ]
    secondary = results[(results["role"] == "secondary") & (results["analysis"] == "main")]
    first = secondary.drop_duplicates("analysis_id")
    assert (first["p_holm"] >= first["p_value"]).all(), "Holm never makes a p-value smaller"
    assert results.loc[results["role"] != "secondary", "p_holm"].isna().all()


def test_results_that_lack_a_planned_analysis_are_refused(tables: effects.TrialTables, trial: Trial) -> None:
    primary = effects.estimate(tables, trial, role="primary")
    with pytest.raises(InputError, match="planned"):
        effects.together(trial, primary)


def test_an_analysis_that_nobody_planned_is_refused(tables: effects.TrialTables, trial: Trial) -> None:
    with pytest.raises(InputError, match="overall_absence/23 months/main"):
        effects.estimate_named(tables, trial, ["overall_absence/23 months/main"])


def test_the_primary_interval_holds_the_ratio_put_in(tables: effects.TrialTables, trial: Trial) -> None:
    row = only(tables, trial, MAIN)
    assert row["lower"] < 1.3 < row["upper"]
    assert row["p_value"] < 0.05, "a ratio of 1.3 over 8 authorities is far from none"


def test_arms_swapped_turn_the_ratio_over(tables: effects.TrialTables, trial: Trial) -> None:
    other = {"intervention": "control", "control": "intervention"}
    swapped = effects.TrialTables(
        **{name: frame.assign(arm=frame["arm"].map(other)) for name, frame in vars(tables).items()}
    )
    straight, turned = only(tables, trial, MAIN), only(swapped, trial, MAIN)
    # The optimiser stops at a relative change of 1e-8.
    assert straight["estimate"] * turned["estimate"] == pytest.approx(1, abs=1e-6)


def test_a_school_without_a_covariate_or_a_return_is_left_out_and_counted(
    tables: effects.TrialTables, trial: Trial
) -> None:
    covariates, outcomes = tables.school_covariates.copy(), tables.outcomes.copy()
    without, unseen = covariates["urn"].iloc[0], covariates["urn"].iloc[1]
    covariates.loc[covariates["urn"] == without, "fsm_percent_january"] = np.nan
    window = (outcomes["urn"] == unseen) & (outcomes["period"] == "23 months")
    outcomes.loc[window, ["count", "denominator", "value"]] = np.nan
    outcomes.loc[window, "observed_share"] = 0.0
    changed = replace(tables, school_covariates=covariates, outcomes=outcomes)
    estimated = effects.estimate_named(changed, trial, [MAIN])
    counted = estimated.excluded.set_index("reason")[["intervention", "control"]].sum(axis=1)
    assert dict(counted) == {"no covariate": 1, "no return for the window": 1}
    row = estimated.results.iloc[0]
    assert row["schools_intervention"] + row["schools_control"] == len(covariates) - 2


def test_an_arm_with_one_school_and_outcomes_of_zero_give_a_status_and_no_number(
    tables: effects.TrialTables, trial: Trial
) -> None:
    lone = tables.school_covariates[tables.school_covariates["arm"] == "intervention"]["urn"].iloc[1:]
    reason = tables.school_covariates["reason"].mask(tables.school_covariates["urn"].isin(lone), "no return")
    one = replace(tables, school_covariates=tables.school_covariates.assign(reason=reason))
    zero = replace(tables, outcomes=tables.outcomes.assign(count=0.0, value=0.0))
    for changed, status in ((one, "single-school arm"), (zero, "all zero")):
        row = only(changed, trial, MAIN)
        assert row["status"] == status
        assert row[["estimate", "lower", "upper", "p_value"]].isna().all()
        assert row["message"]


def test_without_a_record_of_workers_dose_and_receipt_are_not_estimated_and_say_so(
    tables: effects.TrialTables, trial: Trial
) -> None:
    months = [name for name in tables.school_covariates if name.startswith("worker_months")]
    unknown = replace(tables, school_covariates=tables.school_covariates.assign(**dict.fromkeys(months, np.nan)))
    for name in ("dose", "complier_average"):
        estimated = effects.estimate_named(unknown, trial, [f"section47_enquiries/23 months/sensitivity:{name}"])
        assert estimated.results.iloc[0]["status"] == "not estimable"
        assert "no record of delivery" in set(estimated.excluded["reason"])


def test_populations_take_schools_by_what_became_of_them() -> None:
    schools = pd.DataFrame(
        {
            "arm": ["intervention", "intervention", "intervention", "control", "control", "control"],
            "reason": pd.Series([pd.NA, "post vacant", "withdrew", pd.NA, "later given a worker", "no return"]),
            "is_analysed": [True, True, False, True, True, False],
            "received": [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "dose": [20.0, 2.0, 4.0, 0.0, 6.0, 0.0],
        }
    )
    assert in_population(schools, "intention to treat").tolist() == [True, True, True, True, True, False]
    assert in_population(schools, "stayed to the end").tolist() == [True, True, False, True, True, False]
    assert in_population(schools, "per protocol").tolist() == [True, False, False, True, False, False]


def test_thirds_of_schools_hold_every_school_once(tables: effects.TrialTables, trial: Trial) -> None:
    found = effects.estimate_named(tables, trial, ["section47_enquiries/23 months/subgroup:fsm_thirds"]).results
    groups = found[found["level"] != "interaction"]
    assert groups["level"].tolist() == ["lowest third", "middle third", "highest third"]
    whole = only(tables, trial, MAIN)
    for arm in ("intervention", "control"):
        assert groups[f"schools_{arm}"].sum() == whole[f"schools_{arm}"]


def test_the_interval_of_the_spread_holds_the_spread_put_in_and_reaches_zero_without_any() -> None:
    rng = np.random.default_rng(5)
    mean = np.full(300, 40.0)
    spread = rng.poisson(mean * rng.gamma(1 / 0.09, 0.09, 300)).astype(float)
    lower, upper = log_rate_spread(spread, mean, 1 / 0.09, 0.95)
    assert 0.2 < lower < 0.3 < upper < 0.4
    assert log_rate_spread(np.round(mean), mean, None, 0.95)[0] == 0


def test_the_rootogram_counts_every_school_and_no_bin_is_small() -> None:
    rng = np.random.default_rng(6)
    count = rng.poisson(30, 120).astype(float)
    bins = rootogram(count, np.full(120, 30.0), None)
    assert bins["observed_schools"].sum() == 120
    assert bins["observed_schools"].min() >= 3
    assert bins["expected_schools"].sum() == pytest.approx(120, abs=1e-6)
    assert abs(residuals(count, np.full(120, 30.0), None).std() - 1) < 0.2, "of a right model they have unit variance"


def test_an_authority_without_any_event_leaves_the_likelihood_and_the_rate_difference_stands(
    tables: effects.TrialTables, trial: Trial
) -> None:
    silent = (tables.outcomes["authority"] == "authority-03") & (tables.outcomes["period"] == "23 months")
    outcomes = tables.outcomes.assign(count=tables.outcomes["count"].mask(silent, 0.0))
    results = effects.estimate_named(replace(tables, outcomes=outcomes), trial, [MAIN]).results
    assert results["scale"].tolist() == ["rate ratio", "rate difference per 1,000 pupil-years"]
    assert results[["estimate", "lower", "upper"]].notna().all(axis=None)
    without = replace(tables, outcomes=tables.outcomes[tables.outcomes["authority"] != "authority-03"])
    same = effects.estimate_named(without, trial, [MAIN]).results
    # Covariates are centred over all schools in the one and over those left in the other: ratios do not move.
    assert results["estimate"].iloc[0] == pytest.approx(same["estimate"].iloc[0], rel=1e-6)


def test_the_flow_adds_up(tables: effects.TrialTables, trial: Trial) -> None:
    covariates = tables.school_covariates.copy()
    covariates.loc[covariates.index[:3], "reason"] = "withdrew"
    covariates.loc[covariates.index[:3], "is_analysed"] = False
    covariates.loc[covariates.index[3:5], "reason"] = "no return"
    covariates.loc[covariates.index[3:5], "is_analysed"] = False
    flow = effects.participant_flow(replace(tables, school_covariates=covariates), trial)
    flow = flow.set_index(["step", "arm"])["schools"]
    for arm in ("intervention", "control"):
        assert flow["allocated", arm] == flow["left out", arm] + flow["analysed", arm]
        assert flow["analysed", arm] == flow["stayed to the end", arm] + flow["withdrew", arm]


def test_the_added_year_is_told_for_rates_and_for_education(tables: effects.TrialTables, trial: Trial) -> None:
    ids = [
        MAIN,
        "section47_enquiries/35 months/main",
        "attainment8/35 months/main",
        "attainment8/35 months/sensitivity:results_to_july_2022",
        "overall_absence/35 months/main",
        "overall_absence/35 months/sensitivity:absence_to_july_2022",
    ]
    results = effects.estimate_named(tables, trial, ids).results
    found = effects.added_year(trial, results).set_index("outcome")
    assert set(found.index) == {"section47_enquiries", "attainment8", "overall_absence"}
    assert found.loc["attainment8", "interval_width_ratio"] < 1, "two years of results are surer than one"
