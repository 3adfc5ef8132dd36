"""A job that is killed, or under which something changes, never leaves results that look fresh."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from finished_steps import AUTHORITIES, CUT, make_finished, plan_now

from swis.params import load_params
from swis.staleness.present import Present
from swis.staleness.stamps import write_stamps
from swis.staleness.targets import Step, standing, steps_of, target_named
from swis.staleness.verdict import UNKNOWN, Reason
from swis.workspace import DONE, MADE_FROM, POOLED, Workspace

SPEED = Step(POOLED, "speed")
KILL_THE_STAGE = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
WRITE = "(run.output / 'table.parquet').write_text('new')"
TOUCH_A_PARAMETER = "(run.workspace.params / 'definitions.yml').touch()"
RUN_ANOTHER = "(run.workspace.derived('gateshead', 'outcomes') / 'done.json').write_text('{}')"


def write_notebook(workspace: Workspace, *cells: str) -> None:
    """Put a small notebook in the place of the stage's own."""
    parameters = f'dataset = "demo"  # name\ndata_cut = "{CUT}"  # date'
    opening = 'from swis.notebook import open_run\nrun = open_run("speed", dataset=dataset, data_cut=data_cut)'
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    rest = [nbformat.v4.new_code_cell(source) for source in (opening, *cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=[tagged, *rest]), workspace.root / "notebooks" / "4_speed.ipynb")


def run_stage(workspace: Workspace, *cells: str) -> int:
    """Give the stage other cells, stamp what is stale, and carry it out as the workflow does; its exit code."""
    write_notebook(workspace, *cells)
    params = load_params(workspace.params)
    target = target_named("further", params, AUTHORITIES, standing(workspace, params))
    assert target is not None
    write_stamps(workspace, Present(workspace, params, CUT), steps_of(target, params.definitions.border), {SPEED})
    words = [*reversed(SPEED), "--root", str(workspace.root), "--dataset", "demo", "--data-cut", CUT]
    return subprocess.run([sys.executable, "-m", "swis.stages", *words], capture_output=True).returncode


def reasons(workspace: Workspace) -> list[Reason]:
    return list(plan_now(workspace).stale.get(SPEED, ()))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Path:
    return make_finished(tmp_path_factory.mktemp("finished") / "compendium", project_root).root


@pytest.fixture
def workspace(finished: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(finished, tmp_path / "compendium"), "demo")


def test_a_job_that_ends_well_is_fresh_and_says_what_it_was_made_from(workspace: Workspace) -> None:
    assert run_stage(workspace, WRITE, "run.finish()") == 0
    assert reasons(workspace) == []
    assert (workspace.derived(*SPEED) / "table.parquet").read_text(encoding="utf-8") == "new"


def test_one_killed_before_its_results_are_in_place_leaves_those_before_which_are_stale(workspace: Workspace) -> None:
    assert run_stage(workspace, WRITE, KILL_THE_STAGE, "run.finish()") == -signal.SIGKILL
    assert (workspace.derived(*SPEED) / "table.parquet").read_text(encoding="utf-8") != "new"
    assert "4_speed.ipynb" in {reason.changed.name for reason in reasons(workspace) if reason.changed}


def test_one_killed_between_its_results_and_its_record_is_stale_until_it_has_run_again(workspace: Workspace) -> None:
    assert run_stage(workspace, WRITE, "run.finish()", KILL_THE_STAGE) == -signal.SIGKILL
    assert (workspace.derived(*SPEED) / DONE).is_file()
    assert not (workspace.derived(*SPEED) / MADE_FROM).exists()
    assert reasons(workspace) == [UNKNOWN]
    assert run_stage(workspace, WRITE, "run.finish()") == 0
    assert reasons(workspace) == []


@pytest.mark.parametrize("change", [TOUCH_A_PARAMETER, RUN_ANOTHER], ids=["a parameter", "a result it rests on"])
def test_one_that_something_changed_under_is_stale_even_if_it_was_put_back(workspace: Workspace, change: str) -> None:
    assert run_stage(workspace, WRITE, change, "run.finish()") == 0
    assert UNKNOWN in reasons(workspace)


def test_a_failed_one_is_stale(workspace: Workspace) -> None:
    assert run_stage(workspace, "raise ValueError('a value')") == 1
    assert [reason.words for reason in reasons(workspace)] == ["it did not get through the last time"]
