"""An analysis nobody planned is refused, and so is a run that left a planned one out, or ran another."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.effects.ledger import LEDGER_COLUMNS, check_complete, planned, require
from swis.errors import InputError
from swis.params import load_params
from swis.plan import AnalysisPlan, Deviation

PRIMARY = "section47_enquiries/23 months/main"
LATER = "section47_enquiries/35 months/main"


@pytest.fixture(scope="module")
def plan(project_root: Path) -> AnalysisPlan:
    found = load_params(project_root / "params").trials["swis"].plan
    assert found is not None
    return found


@pytest.fixture(scope="module")
def deviations(project_root: Path) -> list[Deviation]:
    return load_params(project_root / "params").trials["swis"].deviations


@pytest.fixture
def results(plan: AnalysisPlan, deviations: list[Deviation]) -> pd.DataFrame:
    """What a complete run leaves: every analysis, those of a subgroup with a row a level."""
    ids = planned(plan, deviations)["analysis_id"]
    return pd.DataFrame({"analysis_id": [*ids, *ids[ids.str.contains("subgroup:")]]})


def lines(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.line() for problem in caught.value.problems]


def without(plan: AnalysisPlan, sensitivity: str) -> AnalysisPlan:
    """The plan with one sensitivity analysis taken out of the primary outcome."""
    first, *others = plan.outcomes
    (point,) = first.time_points
    kept = [name for name in point.sensitivities if name != sensitivity]
    less = first.model_copy(update={"time_points": [point.model_copy(update={"sensitivities": kept})]})
    return plan.model_copy(update={"outcomes": [less, *others]})


def test_the_ledger_holds_every_analysis_once_with_its_settings(plan, deviations) -> None:
    ledger = planned(plan, deviations)
    assert list(ledger.columns) == LEDGER_COLUMNS
    assert ledger["analysis_id"].is_unique
    row = ledger.set_index("analysis_id").loc[PRIMARY]
    assert (row["role"], row["model"], row["offset"], row["fixed_effects"]) == (
        "primary", "nb2_glm", "log denominator", "authority",
    )  # fmt: skip
    assert row["covariates"] == "log_baseline_rate, school_size, fsm_percent"
    assert (ledger["source"] != "").all()
    assert ledger["plan_clause"].str.match(r"(plan|deviations)\.").all()


def test_what_the_log_adds_follows_as_exploratory_under_its_id(plan, deviations) -> None:
    ledger = planned(plan, deviations).set_index("analysis_id")
    assert ledger.loc[LATER, ["role", "deviation"]].tolist() == ["exploratory", "D-01"]
    assert (ledger.loc[ledger["deviation"] != "", "role"] == "exploratory").all()
    assert LATER not in set(planned(plan)["analysis_id"])


def test_a_planned_analysis_is_given_out(plan, deviations) -> None:
    found = require(plan, deviations, PRIMARY)
    assert (found.id, found.kind, found.specification.model) == (PRIMARY, "main", "nb2_glm")
    later = require(plan, deviations, "section47_enquiries/23 months/sensitivity:dose")
    assert (later.kind, later.name) == ("sensitivity", "dose")


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("section47_enquiries/23 months/mian", PRIMARY),
        ("section47_enquiries/24 months/main", PRIMARY),
        ("referrals/23 months/sensitivity:model_basd", "referrals/23 months/sensitivity:model_based"),
        ("protection_plans_started/23 months/main", ""),
    ],
)
def test_an_analysis_in_neither_plan_nor_log_is_refused_naming_the_nearest(plan, deviations, asked, nearest) -> None:
    with pytest.raises(InputError) as caught:
        require(plan, deviations, asked)
    (line,) = lines(caught)
    assert f"analysis {asked} stands in neither the plan nor the deviations log" in line
    assert f"did you mean {nearest}" in line


def test_an_analysis_without_a_name_is_refused_too(plan, deviations) -> None:
    with pytest.raises(InputError, match="log it as added"):
        require(plan, deviations, "")


def test_an_analysis_is_refused_once_it_is_taken_out_of_the_plan(plan, deviations) -> None:
    one = "section47_enquiries/23 months/sensitivity:dose"
    require(plan, deviations, one)
    with pytest.raises(InputError, match="neither the plan nor the deviations log"):
        require(without(plan, "dose"), deviations, one)


def test_an_analysis_of_the_log_is_refused_once_the_log_is_empty(plan) -> None:
    with pytest.raises(InputError, match="neither the plan nor the deviations log"):
        require(plan, [], LATER)


def test_a_complete_run_passes(plan, deviations, results) -> None:
    check_complete(plan, deviations, results)


def test_a_run_fails_when_an_analysis_is_added_to_the_plan(plan, deviations) -> None:
    before = planned(without(plan, "dose"), deviations)
    with pytest.raises(InputError) as caught:
        check_complete(plan, deviations, before)
    assert len(lines(caught)) == 1
    assert "planned analysis section47_enquiries/23 months/sensitivity:dose did not run" in lines(caught)[0]


def test_a_run_fails_when_an_analysis_is_removed_from_the_plan(plan, deviations, results) -> None:
    with pytest.raises(InputError) as caught:
        check_complete(without(plan, "dose"), deviations, results)
    assert len(lines(caught)) == 1
    assert "section47_enquiries/23 months/sensitivity:dose stands in neither" in lines(caught)[0]


def test_everything_left_out_and_everything_unplanned_is_listed_at_once(plan, deviations, results) -> None:
    kept = results[~results["analysis_id"].isin([PRIMARY, LATER])]
    extra = pd.DataFrame({"analysis_id": ["referrals/35 months/sensitivity:dose", None]})
    with pytest.raises(InputError) as caught:
        check_complete(plan, deviations, pd.concat([kept, extra], ignore_index=True))
    said = "\n".join(lines(caught))
    assert len(lines(caught)) == 4
    for part in (f"{PRIMARY} did not run", f"{LATER} did not run", "1 rows without an analysis_id"):
        assert part in said
    assert "referrals/35 months/sensitivity:dose stands in neither" in said


def test_a_planned_analysis_logged_as_not_run_is_neither_missed_nor_allowed(plan, deviations, results) -> None:
    entry = deviations[0].model_copy(update={"id": "D-09", "kind": "not run", "analyses": [PRIMARY]})
    log = [*deviations, entry]
    check_complete(plan, log, results[results["analysis_id"] != PRIMARY])
    with pytest.raises(InputError, match="neither the plan nor the deviations log"):
        check_complete(plan, log, results)
    with pytest.raises(InputError):
        require(plan, log, PRIMARY)


def test_results_without_ids_are_refused(plan, deviations) -> None:
    with pytest.raises(InputError, match="no column analysis_id"):
        check_complete(plan, deviations, pd.DataFrame({"estimate": [1.0]}))


@pytest.mark.parametrize(
    "name", ["swis", "dsls_greater_manchester", "dsls_one_to_one", "dsls_group", "dsls_sexual_abuse"]
)
def test_every_plan_refuses_the_unplanned_and_misses_what_did_not_run(project_root: Path, name: str) -> None:
    trial = load_params(project_root / "params").trials[name]
    assert trial.plan is not None
    ids = list(planned(trial.plan, trial.deviations)["analysis_id"])
    complete = pd.DataFrame({"analysis_id": ids})
    check_complete(trial.plan, trial.deviations, complete)
    for one in ids:
        with pytest.raises(InputError, match="did not run"):
            check_complete(trial.plan, trial.deviations, complete[complete["analysis_id"] != one])
    window = next(iter(trial.windows))
    unplanned = f"overall_absence/{window}/main"
    with pytest.raises(InputError, match="neither the plan nor the deviations log"):
        require(trial.plan, trial.deviations, unplanned)
    with pytest.raises(InputError, match="neither the plan nor the deviations log"):
        extra = pd.concat([complete, pd.DataFrame({"analysis_id": [unplanned]})])
        check_complete(trial.plan, trial.deviations, extra)
