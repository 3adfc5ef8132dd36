"""Where things lie, and which authorities count as finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.io import write_json
from swis.workspace import DONE, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path, "demo")
    for slug in ("gateshead", "hull", "national"):
        (made.raw / slug).mkdir(parents=True)
    for slug in ("gateshead", "hull"):
        write_json(made.derived(slug, "outcomes") / DONE, {})
    return made


def test_national_files_are_no_authority(workspace: Workspace) -> None:
    assert workspace.authorities() == ["gateshead", "hull"]


@pytest.mark.parametrize(
    ("failed", "left"), [("refused", ["hull"]), ("derive", ["hull"]), ("authority_report", ["gateshead", "hull"])]
)
def test_older_outcomes_are_pooled_no_more_when_an_earlier_step_failed_since(
    workspace: Workspace, failed: str, left: list[str]
) -> None:
    write_json(workspace.failure_file("gateshead", failed), {"exit_code": 2, "lines": []})
    assert workspace.finished("outcomes") == left


def test_a_registered_folder_of_real_returns_takes_the_place_of_data_raw(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "compendium", "mine")
    (tmp_path / "elsewhere").mkdir()
    workspace.register(tmp_path / "elsewhere")
    assert workspace.raw == (tmp_path / "elsewhere").resolve()
    assert not workspace.is_synthetic
