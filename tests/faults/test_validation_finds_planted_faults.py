"""Of the planted faults at least 95 % are found, and all that must stop a run; clean rows raise few alarms."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
import validate_fault_score as fault_score

from swis.params import load_params
from swis.workspace import Workspace

DATASET = os.environ.get("SWIS_SCORE_DATASET", "demo")
FEWEST_KINDS = 30


@pytest.fixture(scope="module")
def workspace(project_root: Path) -> Workspace:
    return Workspace(project_root, DATASET)


@pytest.fixture(scope="module")
def alarms(workspace: Workspace, project_root: Path) -> dict[str, fault_score.Alarms]:
    params = load_params(project_root / "params")
    return fault_score.alarms_of_dataset(workspace, params, workspace.authorities())


@pytest.fixture(scope="module")
def scored(workspace: Workspace, alarms: dict[str, fault_score.Alarms]) -> pd.DataFrame:
    faults = fault_score.planted(workspace)
    to_find = faults[faults["detectable"] == "yes"]
    return to_find.assign(found=fault_score.found_of(to_find, alarms))


def by_kind(scored: pd.DataFrame) -> str:
    missed = scored[~scored["found"]]
    lines = [f"{kind}: {len(rows)} missed ({rows['rules'].iloc[0]})" for kind, rows in missed.groupby("kind")]
    return "\n".join(lines)


def test_there_are_at_least_thirty_kinds_of_planted_fault(scored: pd.DataFrame) -> None:
    assert scored["kind"].nunique() >= FEWEST_KINDS


def test_at_least_95_percent_of_the_planted_faults_are_found(scored: pd.DataFrame) -> None:
    assert scored["found"].mean() >= 0.95, by_kind(scored)


def test_every_planted_fault_that_must_stop_a_run_is_found(scored: pd.DataFrame) -> None:
    stops = scored[scored["severity"] == "stop"]
    assert stops["found"].all(), by_kind(stops)


def test_what_cannot_be_found_says_why(workspace: Workspace) -> None:
    faults = fault_score.planted(workspace)
    assert (faults.loc[faults["detectable"] != "yes", "why"] != "").all()


def test_at_least_99_percent_of_clean_rows_raise_no_alarm(
    workspace: Workspace, alarms: dict[str, fault_score.Alarms]
) -> None:
    faults = fault_score.planted(workspace)
    assert fault_score.share_of_quiet_clean_rows(faults, alarms, ["set aside", "stop"]) >= 0.999
    assert fault_score.share_of_quiet_clean_rows(faults, alarms, ["set aside", "stop", "note"]) >= 0.99
