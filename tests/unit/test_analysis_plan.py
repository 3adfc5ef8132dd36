"""A plan whose parts do not fit together is refused with one clear line for each fault."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from swis.errors import InputError
from swis.io import read_yaml
from swis.outcomes.registry import measures
from swis.params import Trial, load_params
from swis.plan import MODELS, AnalysisPlan, planned_analyses
from swis.plan.analysis_plan import Conduct
from swis.plan.checks import measure_names
from swis.plan.conduct import TITLES, conduct_rows
from swis.plan.models import model_names
from swis.strict import known_keys

Change = Callable[[dict[str, Any]], None]
PRIMARY = "section47_enquiries/23 months/main"


@pytest.fixture(scope="module")
def plan(project_root: Path) -> AnalysisPlan:
    found = load_params(project_root / "params").trials["swis"].plan
    assert found is not None
    return found


@pytest.fixture
def lines_after(tmp_path: Path, project_root: Path) -> Callable[[Change], list[str]]:
    """What is said of the trial's file after a change to it; nothing where it is accepted."""
    params, path = project_root / "params", tmp_path / "trials" / "swis.yml"
    path.parent.mkdir()
    for name in ("definitions.yml", "economics.yml", "release.yml"):
        shutil.copy(params / name, tmp_path)
    shutil.copytree(params / "disclosure", tmp_path / "disclosure")

    def said(change: Change) -> list[str]:
        # Through JSON, which is YAML too, so that parts the file shares become copies and a change touches only one.
        content = json.loads(json.dumps(read_yaml(params / "trials" / "swis.yml"), default=str))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")
        try:
            load_params(tmp_path)
        except InputError as error:
            return [problem.line() for problem in error.problems]
        return []

    return said


def outcome(content: dict[str, Any], measure: str) -> dict[str, Any]:
    return next(one for one in content["plan"]["outcomes"] if one["measure"] == measure)


def point(content: dict[str, Any], measure: str, place: int = 0) -> dict[str, Any]:
    return outcome(content, measure)["time_points"][place]


def test_the_plan_as_it_stands_is_accepted(lines_after) -> None:
    assert lines_after(lambda content: None) == []


FAULTS: list[tuple[str, Change, str]] = [
    (
        "unknown measure",
        lambda c: outcome(c, "referrals").update(measure="refferals"),
        "plan.outcomes.refferals: unknown measure refferals; expected one that is defined; "
        "did you mean referrals?",
    ),
    (
        "unknown measure of a covariate",
        lambda c: c["plan"]["covariates"]["log_baseline_entry_rate"].update(measure="children_entring_care"),
        "unknown measure children_entring_care",
    ),
    (
        "unknown window",
        lambda c: point(c, "referrals").update(window="24 months"),
        "plan.outcomes.referrals, 24 months: unknown window 24 months; expected one that is defined; "
        "did you mean 23 months?",
    ),
    (
        "unknown sensitivity",
        lambda c: point(c, "referrals")["sensitivities"].append("model_basd"),
        "unknown sensitivity model_basd; expected one that is defined; did you mean model_based?",
    ),
    (
        "unknown subgroup",
        lambda c: point(c, "section47_enquiries")["subgroups"].append("londn"),
        "unknown subgroup londn; expected one that is defined; did you mean london?",
    ),
    (
        "unknown covariate",
        lambda c: outcome(c, "referrals")["main"]["covariates"].append("fsm_percnt"),
        "plan.outcomes.referrals.main: unknown covariate fsm_percnt; expected one that is defined; "
        "did you mean fsm_percent?",
    ),
    (
        "unknown intercurrent event",
        lambda c: outcome(c, "referrals")["estimand"]["intercurrent_events"].append("post_vacnt"),
        "unknown intercurrent event post_vacnt",
    ),
    (
        "two primaries",
        lambda c: point(c, "referrals").update(role="primary"),
        "plan.outcomes: 2 primary (section47_enquiries at 23 months, referrals at 23 months); expected one primary",
    ),
    (
        "no primary",
        lambda c: point(c, "section47_enquiries").update(role="secondary"),
        "plan.outcomes: 0 primary (none); expected one primary",
    ),
    (
        "neither source nor assumed",
        lambda c: c["plan"]["subgroups"]["london"].pop("assumed"),
        "plan.subgroups.london: neither source nor assumed; expected the public document it comes from, or `assumed:`",
    ),
    (
        "an empty reason",
        lambda c: c["plan"]["multiplicity"].update(assumed=" "),
        "plan.multiplicity: neither source nor assumed",
    ),
    (
        "a time point without either",
        lambda c: point(c, "days_in_care", 1).pop("source"),
        "plan.outcomes.days_in_care.time_points.1: neither source nor assumed",
    ),
    (
        "outcome twice",
        lambda c: c["plan"]["outcomes"].append(outcome(c, "referrals")),
        "outcome referrals stands 2 times; expected each once",
    ),
    (
        "window twice",
        lambda c: point(c, "days_in_care", 1).update(window="23 months"),
        "plan.outcomes.days_in_care: window 23 months stands 2 times",
    ),
    (
        "sensitivity twice",
        lambda c: point(c, "referrals")["sensitivities"].append("model_based"),
        "sensitivity model_based stands 2 times",
    ),
    (
        "sensitivity never run",
        lambda c: point(c, "overall_absence")["sensitivities"].remove("sessions_ratio"),
        "plan: sensitivity sessions_ratio is run nowhere; expected an outcome that names it",
    ),
    (
        "another population than the estimand's",
        lambda c: outcome(c, "referrals")["main"].update(population="per_protocol"),
        "plan.outcomes.referrals.main: population per_protocol; expected the estimand's population, intention_to_treat",
    ),
    (
        "random without a seed",
        lambda c: c["plan"]["sensitivities"]["randomisation_score"]["changes"].pop("seed"),
        "plan.outcomes.referrals, randomisation_score: randomisation_score without draws and seed; expected both",
    ),
    (
        "no prior",
        lambda c: c["plan"]["sensitivities"]["bayes_vague"]["changes"].pop("prior"),
        "plan.outcomes.section47_enquiries, bayes_vague: no prior",
    ),
    (
        "model without its link",
        lambda c: outcome(c, "overall_absence")["main"].update(link="log"),
        "plan.outcomes.overall_absence.main: link log with least_squares; expected identity",
    ),
    (
        "counts without a denominator",
        lambda c: outcome(c, "referrals")["main"].pop("offset"),
        "plan.outcomes.referrals.main: no offset with a log link",
    ),
    (
        "unknown model",
        lambda c: outcome(c, "referrals")["main"].update(model="nb2"),
        "plan.outcomes.1.main.model; expected input should be 'nb2_glm'",
    ),
    (
        "misspelt key deep in the plan",
        lambda c: outcome(c, "referrals")["main"].update(covariate=[]),
        "unknown key plan.outcomes.1.main.covariate; expected a known parameter; did you mean covariates?",
    ),
    (
        "misspelt key among changes",
        lambda c: c["plan"]["sensitivities"]["dose"]["changes"].update(treatmnt="arm"),
        "unknown key plan.sensitivities.dose.changes.treatmnt; expected a known parameter; did you mean treatment?",
    ),
    (
        "harm nobody analyses",
        lambda c: c["plan"]["harms"][2].update(analysis="suspension/23 months/main"),
        "plan.harms: unknown analysis suspension/23 months/main; expected one that is defined; "
        "did you mean suspensions/23 months/main?",
    ),
    (
        "published result of nothing",
        lambda c: c["plan"]["published_results"][0].update(analysis="section47_enquiries/23 months/mian"),
        f"did you mean {PRIMARY}?",
    ),
    (
        "variant that no parameter has",
        lambda c: c["plan"]["definition_variants"][0].update(value="families"),
        "plan.definition_variants.count_basis: unknown value families",
    ),
    (
        "deviation naming an unknown id",
        lambda c: c["deviations"][0]["analyses"].append("referals/35 months/main"),
        "deviations.D-01: unknown analysis referals/35 months/main; "
        "expected <outcome>/<window>/<analysis> of names that the plan defines; did you mean referrals/35 months/main?",
    ),
    (
        "deviation adding what is planned",
        lambda c: c["deviations"][0]["analyses"].append(PRIMARY),
        f"deviations.D-01: {PRIMARY} is planned already",
    ),
    (
        "deviation not running what is not planned",
        lambda c: c["deviations"][0].update(kind="not run"),
        "deviations.D-01: unknown analysis referrals/35 months/main",
    ),
    (
        "deviation id twice",
        lambda c: c["deviations"][1].update(id="D-01"),
        "deviations: id D-01 stands 2 times; expected each once",
    ),
    (
        "analysis added twice",
        lambda c: c["deviations"][1]["analyses"].append("referrals/35 months/main"),
        "deviations: added analysis referrals/35 months/main stands 2 times",
    ),
    (
        "a log without a plan",
        lambda c: c.pop("plan"),
        "deviations without a plan; expected a plan to deviate from",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "expected"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_fault_is_said_in_one_clear_line(lines_after, name: str, change: Change, expected: str) -> None:
    lines = lines_after(change)
    assert any(expected in line for line in lines), lines
    assert all(line.startswith("params/trials/swis.yml: ") and "\n" not in line for line in lines)


def test_faults_of_several_parts_come_at_once(lines_after) -> None:
    def change(content: dict[str, Any]) -> None:
        point(content, "referrals").update(window="24 months", role="primary")
        content["plan"]["subgroups"]["london"].pop("assumed")

    assert len(lines_after(change)) == 3


def test_measure_names_are_those_of_the_registry() -> None:
    assert set(measure_names()) == set(measures())


def test_every_model_has_its_text() -> None:
    assert set(MODELS) == set(model_names())
    assert all(text.formula and text.reference for text in MODELS.values())


def test_known_keys_are_those_of_the_model_at_the_place() -> None:
    assert "covariates" in known_keys(Trial, ("plan", "outcomes", 3, "main"))
    assert "question" in known_keys(Trial, ("plan", "sensitivities", "dose"))
    assert "phases" in known_keys(Trial, ())


def test_one_primary_and_seven_secondary_time_points_by_protocol(plan: AnalysisPlan) -> None:
    roles = [(one.measure, at.window) for one in plan.outcomes for at in one.time_points if at.role == "secondary"]
    assert roles == [
        ("referrals", "23 months"),
        ("section17_assessments_started", "23 months"),
        ("children_entering_care", "23 months"),
        ("days_in_care", "23 months"),
        ("days_in_care", "35 months"),
        ("overall_absence", "35 months"),
        ("attainment8", "35 months"),
    ]
    assert planned_analyses(plan)[PRIMARY].role == "primary"


def test_every_estimand_treats_every_intercurrent_event_by_treatment_policy(plan: AnalysisPlan) -> None:
    assert {event.strategy for event in plan.intercurrent_events.values()} == {"treatment policy"}
    for one in plan.outcomes:
        assert one.estimand.intercurrent_events == list(plan.intercurrent_events)


def test_teacher_assessed_grades_stay_out_of_effects(plan: AnalysisPlan) -> None:
    for measure in ("attainment8", "english_maths_grade5", "progress8"):
        one = plan.outcome(measure)
        assert one is not None
        assert one.main.academic_years == ["2021/22", "2022/23"]
        assert "2020/21" in one.excluded_years


def test_a_sensitivity_analysis_changes_what_it_names_and_nothing_else(plan: AnalysisPlan) -> None:
    found = planned_analyses(plan)
    main = found[PRIMARY].specification
    changed = found["section47_enquiries/23 months/sensitivity:cr2_authority"].specification
    assert changed.standard_errors == "CR2 by authority"
    assert changed.model_copy(update={
        "standard_errors": main.standard_errors, "degrees_of_freedom": main.degrees_of_freedom,
    }) == main  # fmt: skip
    assert found["section47_enquiries/23 months/sensitivity:complier_average"].specification.offset is None


def test_a_subgroup_of_pupils_changes_school_totals_and_leaves_a_table_of_pupils(plan: AnalysisPlan) -> None:
    found = planned_analyses(plan)
    totals = found["section47_enquiries/23 months/subgroup:sex"].specification
    assert (totals.table, totals.model) == ("school totals by trait", "quasi_poisson")
    pupils = found["attainment8/35 months/subgroup:sex"].specification
    assert pupils == found["attainment8/35 months/main"].specification


def test_the_published_result_agrees_with_its_own_arithmetic(plan: AnalysisPlan) -> None:
    (result,) = plan.published_results
    implied = (math.log(result.upper) - math.log(result.lower)) / (2 * 1.959964)
    assert implied == pytest.approx(result.implied_standard_error, abs=5e-5)
    sceptical = plan.sensitivities["bayes_sceptical"].changes.model_dump(exclude_unset=True)["prior"]
    assert sceptical["standard_deviation"] == pytest.approx(math.log(0.8) / -1.644854, abs=5e-6)


def test_the_main_model_of_every_outcome_suits_the_kind_of_its_measure(plan: AnalysisPlan) -> None:
    suited = {
        "rate": {"nb2_glm"},
        "amount": {"quasi_poisson"},
        "ratio": {"least_squares"},
        "proportion": {"logistic_mixed"},
        "mean": {"linear_mixed", "imputed_linear_mixed"},
    }
    for one in plan.outcomes:
        assert one.main.model in suited[measures()[one.measure].kind], one.measure


def test_every_trial_says_how_it_was_set_up_and_where_that_comes_from(project_root: Path) -> None:
    assert list(TITLES) == list(Conduct.model_fields)
    for trial in load_params(project_root / "params").trials.values():
        assert trial.plan is not None
        rows = conduct_rows(trial.plan)
        assert [title for title, *_ in rows] == list(TITLES.values())
        assert all(text and origin for _, text, origin in rows), trial.name
