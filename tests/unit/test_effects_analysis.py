"""The planned analyses of a trial over invented tables: samples, populations, statuses, the door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_effects_tables import invented_tables

from swis.effects import analysis as effects
from swis.effects.analysis.designs import layout, with_imputed
from swis.effects.analysis.diagnostics import residuals, rootogram
from swis.effects.analysis.populations import in_population
from swis.effects.analysis.samples import sample_of
from swis.effects.analysis.spread import log_rate_spread
from swis.errors import InputError
from swis.params import Trial, load_params
from swis.plan import planned_analyses

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
    usable = results["status"].isin({"ok", "zero variance"})
    # Clusters by authority tell no error of the authorities' own levels, which a rate difference needs.
    none = results[~usable]
    assert set(none["scale"]) == {"rate difference per 1,000 pupil-years"}
    assert none["analysis_id"].str.endswith("cr2_authority").all() and (none["message"] != "").all()
    with_error = results[usable & results["p_value"].notna() & results["estimate"].notna()]
    assert (with_error["standard_error"] > 0).all() and np.isfinite(with_error[["lower", "upper"]]).all(axis=None)
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
        **{name: frame.assign(arm=frame["arm"].map(other)) for name, frame in tables.by_name().items()}
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


def silent(results: pd.DataFrame) -> pd.DataFrame:
    """Rows with a number that means nothing, without one and without a reason, or with both."""
    usable = results["status"].isin({"ok", "zero variance"})
    is_test = (results["scale"] == "p-value") | results["estimate"].isna()
    numbers = results[["estimate", "lower", "upper", "standard_error"]].astype(float)
    sound = (np.isfinite(numbers).all(axis=1) & (numbers["standard_error"] > 1e-6)) | (
        is_test & results["p_value"].notna()
    )
    empty = numbers.isna().all(axis=1) & results["p_value"].isna() & (results["message"] != "")
    return results.loc[~sound.where(usable, empty), ["analysis_id", "level", "status", "message", *numbers]]


def reduced(tables: effects.TrialTables, what: str) -> effects.TrialTables:
    """The tables with something taken away that an analysis rests on."""
    schools, outcomes = tables.school_covariates, tables.outcomes
    if what == "no school varies":
        counts = tables.group_counts.assign(count=10.0, pupil_years=500.0)
        same = outcomes.assign(count=30.0, denominator=1000.0, value=30.0)
        return replace(tables, outcomes=same, group_counts=counts)
    if what == "arms are authorities":
        upper = sorted(schools["authority"].unique())[:4]
        arms = {
            name: frame.assign(arm=np.where(frame["authority"].isin(upper), "intervention", "control"))
            for name, frame in tables.by_name().items()
        }
        return replace(tables, **arms)
    if what == "two schools of an arm":
        lone = schools.loc[schools["arm"] == "intervention", "urn"].iloc[2:]
        return replace(
            tables,
            school_covariates=schools.assign(reason=schools["reason"].mask(schools["urn"].isin(lone), "no return")),
        )
    if what == "one authority":
        first = schools["authority"].iloc[0]
        return replace(tables, **{name: frame[frame["authority"] == first] for name, frame in tables.by_name().items()})
    if what == "nobody served":
        months = [name for name in schools if name.startswith("worker_months")]
        return replace(tables, school_covariates=schools.assign(**dict.fromkeys(months, 0.0)))
    if what == "no event in an arm":
        empty = (outcomes["arm"] == "intervention") & (outcomes["period"] != "baseline")
        return replace(tables, outcomes=outcomes.assign(count=outcomes["count"].mask(empty, 0.0)))
    return replace(tables, pupil_results=tables.pupil_results.assign(ks2_prior=np.nan))


@pytest.mark.parametrize(
    "what",
    [
        "no school varies",
        "arms are authorities",
        "two schools of an arm",
        "one authority",
        "nobody served",
        "no event in an arm",
        "no prior result",
    ],
)
def test_what_cannot_be_told_has_a_status_and_a_reason_in_every_planned_analysis(
    tables: effects.TrialTables, trial: Trial, what: str
) -> None:
    planned = effects.planned(effects.plan_of(trial), trial.deviations)
    # Each model and kind of standard error once, as the plan first asks for it, and the primary outcome's subgroups.
    kinds = planned.drop_duplicates(["model", "table", "treatment", "standard_errors"])["analysis_id"]
    groups = planned.loc[
        planned["analysis_id"].str.contains("section47.*subgroup.*thirds|implementation"), "analysis_id"
    ]
    chosen = sorted({*kinds, *groups} - {"section47_enquiries/23 months/sensitivity:randomisation_refit"})
    results = effects.estimate_named(reduced(tables, what), trial, chosen).results
    assert set(results["analysis_id"]) == set(chosen)
    assert silent(results).empty, silent(results).to_string()


def test_an_effect_is_never_read_from_a_contrast_of_authorities(tables: effects.TrialTables, trial: Trial) -> None:
    confounded = reduced(tables, "arms are authorities")
    for name in (
        "main",
        "sensitivity:randomisation_score",
        "sensitivity:complier_average",
        "sensitivity:heterogeneity",
    ):
        row = only(confounded, trial, f"section47_enquiries/23 months/{name}")
        assert row["status"] == "not estimable"
        assert np.isnan(row["p_value"])


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
    unknown = schools.assign(dose=np.nan, received=np.nan)
    assert not in_population(unknown, "per protocol").any(), "without a record neither arm can be told"


def test_thirds_of_schools_hold_every_school_once(tables: effects.TrialTables, trial: Trial) -> None:
    found = effects.estimate_named(tables, trial, ["section47_enquiries/23 months/subgroup:fsm_thirds"]).results
    groups = found[found["level"] != "interaction"]
    assert groups["level"].tolist() == ["lowest third", "middle third", "highest third"]
    whole = only(tables, trial, MAIN)
    for arm in ("intervention", "control"):
        assert groups[f"schools_{arm}"].sum() == whole[f"schools_{arm}"]


def test_intervention_schools_of_unknown_implementation_stand_with_no_side(
    tables: effects.TrialTables, trial: Trial
) -> None:
    covariates = tables.school_covariates
    months = [name for name in covariates if name.startswith("worker_months")]
    unknown = covariates["authority"] == covariates["authority"].iloc[0]
    changed = replace(
        tables, school_covariates=covariates.assign(**{name: covariates[name].mask(unknown) for name in months})
    )
    analysis = ["section47_enquiries/23 months/subgroup:implementation"]
    found = effects.estimate_named(changed, trial, analysis).results
    groups = found[found["level"] != "interaction"]
    known = covariates[~unknown & (covariates["arm"] == "intervention")]
    assert groups["schools_intervention"].sum() == len(known)
    assert (groups["schools_control"] == (covariates["arm"] == "control").sum()).all()
    # Events of the schools of unknown implementation are in no third and no comparison: they change nothing.
    outcomes = tables.outcomes
    lone = outcomes["urn"].isin(covariates.loc[unknown & (covariates["arm"] == "intervention"), "urn"])
    more = outcomes["count"].mask(lone & (outcomes["period"] == "23 months"), 10 * outcomes["count"])
    again = effects.estimate_named(replace(changed, outcomes=outcomes.assign(count=more)), trial, analysis).results
    assert again["estimate"].equals(found["estimate"])


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


def test_every_outcome_of_a_plan_is_read_without_and_with_the_added_year(project_root: Path) -> None:
    for name, trial in load_params(project_root / "params").trials.items():
        plan = effects.plan_of(trial)
        windows = plan.added_year
        known = planned_analyses(plan, trial.deviations).values()
        full = {one.outcome for one in known if one.analysis == "main" and one.window == windows.full}
        interim = {one.outcome for one in known if one.analysis == "main" and one.window == windows.interim}
        interim |= {one.outcome for one in known if one.analysis.endswith("_to_july_2022")}
        # A survey ends with its trial, and its leads are asked nothing afterwards.
        asked_later = {one.measure for one in plan.outcomes if not one.measure.startswith("dsl_")}
        assert asked_later <= full, name
        assert asked_later <= interim, name


def test_a_second_completed_table_gets_the_design_it_would_have_by_itself(
    tables: effects.TrialTables, trial: Trial
) -> None:
    analysis = planned_analyses(effects.plan_of(trial), trial.deviations)["attainment8/35 months/main"]
    sample, spec = sample_of(tables, trial, analysis), analysis.specification
    assert spec.imputed == ["ks2_prior"]
    frames = [
        sample.frame.assign(ks2_prior=np.random.default_rng(seed).normal(size=len(sample.frame))) for seed in (1, 2)
    ]
    first, second = (layout(replace(sample, frame=frame), spec) for frame in frames)
    made = with_imputed(first, replace(sample, frame=frames[1]), spec)
    assert not np.array_equal(first.design.matrix, second.design.matrix)
    np.testing.assert_array_equal(made.design.matrix, second.design.matrix)
    np.testing.assert_array_equal(made.design.response, second.design.response)
    assert made.frame.equals(second.frame) and made.effects == second.effects


def test_the_numbers_of_schools_stand_by_the_rows_of_their_covariates(tables: effects.TrialTables) -> None:
    turned = tables.school_covariates.iloc[::-1].reset_index(drop=True)
    outcomes = tables.outcomes[tables.outcomes["urn"] != turned["urn"].iloc[3]]
    found = pd.DataFrame(
        replace(tables, school_covariates=turned, outcomes=outcomes).of_schools("referrals", "baseline")
    )
    rows = outcomes[(outcomes["measure"] == "referrals") & (outcomes["period"] == "baseline")].set_index("urn")
    expected = rows.reindex(turned["urn"])[list(found)].reset_index(drop=True)
    assert found.iloc[3].isna().all() and found["count"].notna().sum() == len(turned) - 1
    pd.testing.assert_frame_equal(found, expected)


def test_a_school_with_two_rows_of_one_period_is_refused(tables: effects.TrialTables) -> None:
    doubled = replace(tables, outcomes=pd.concat([tables.outcomes, tables.outcomes.head(1)], ignore_index=True))
    measure, period = tables.outcomes[["measure", "period"]].iloc[0]
    with pytest.raises(ValueError, match=f"two rows of one school for {measure}"):
        doubled.of_schools(measure, period)
