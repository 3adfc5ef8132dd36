"""A run goes on, or fails as it would on one machine, whatever happens to the cluster's node and jobs."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import nbformat
import pytest
from cluster.one_node_slurm import OneNode, ask, wait_until
from cluster.small_runs import ended, small_notebooks, small_run, wait_for

from swis.execution.executor import GROUPED
from swis.workflow import failures
from swis.workspace import Workspace

HELD = "hull"
# Where a number belongs: the message of the exception quotes it.
VALUE = "A123456789012"
# Derive says that it has begun, each time anew, and waits until it may go on.
WAIT = """
import time
from pathlib import Path
begun = Path({folder!r})
if run.slug == {held!r}:
    (begun / f"begun-{{len(list(begun.glob('begun-*')))}}").touch()
    while not (begun / "go").exists():
        time.sleep(0.1)
"""
INTERRUPTED_WITHIN_SECONDS = 120
LONGER_THAN_A_NODE_MAY_BE_SILENT_SECONDS = 60


@pytest.fixture
def workspace(tmp_path: Path, project_root: Path) -> Workspace:
    return small_notebooks().make_workspace(tmp_path / "checkout", project_root)


@pytest.fixture
def gate(workspace: Workspace) -> Path:
    """The folder in which the held authority's derive says that it has begun; it goes on when `go` is there."""
    folder = workspace.root / "gate"
    folder.mkdir()
    path = workspace.root / "notebooks" / "2_derive.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = WAIT.format(folder=str(folder), held=HELD) + notebook.cells[2].source
    nbformat.write(notebook, path)
    return folder


def all_done(found: dict[tuple[str, str], int]) -> bool:
    return found == {(slug, stage): 0 for slug in small_notebooks().AUTHORITIES for stage in GROUPED}


def test_a_job_that_is_killed_is_tried_again(slurm: OneNode, workspace: Workspace, gate: Path) -> None:
    with small_run(workspace, "slurm") as process:
        wait_for(gate / "begun-0", process)
        killed = slurm.running_jobs()
        assert killed
        ask("scancel", *killed)
        wait_until(lambda: not set(slurm.running_jobs()) & set(killed), "the job was never killed")
        (gate / "go").touch()
        assert all_done(ended(process))
    assert (gate / "begun-1").exists(), "the job was carried out a second time"


def test_a_node_that_goes_away_and_comes_back_is_recovered(slurm: OneNode, workspace: Workspace, gate: Path) -> None:
    with small_run(workspace, "slurm") as process:
        wait_for(gate / "begun-0", process)
        slurm.stop_node(signal.SIGKILL)
        wait_until(
            lambda: ask("sinfo", "-h", "-o", "%T").startswith("down"),
            "the node was never given up",
            LONGER_THAN_A_NODE_MAY_BE_SILENT_SECONDS,
        )
        slurm.start_node()
        (gate / "go").touch()
        assert all_done(ended(process))


def test_a_node_that_is_silent_for_a_moment_loses_no_job(slurm: OneNode, workspace: Workspace, gate: Path) -> None:
    with small_run(workspace, "slurm") as process:
        wait_for(gate / "begun-0", process)
        slurm.stop_node(signal.SIGTERM)
        time.sleep(1)
        slurm.start_node()
        (gate / "go").touch()
        assert all_done(ended(process))
    assert not (gate / "begun-1").exists(), "the job went on while the node's daemon was away"


def test_a_run_that_is_interrupted_takes_its_jobs_out_of_the_queue(
    slurm: OneNode, workspace: Workspace, gate: Path
) -> None:
    with small_run(workspace, "slurm") as process:
        wait_for(gate / "begun-0", process)
        assert slurm.running_jobs()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=INTERRUPTED_WITHIN_SECONDS) != 0
        wait_until(lambda: ask("squeue", "-h", "-t", "running,pending", "-o", "%A") == "", "jobs go on")


def test_a_bad_authority_fails_alone_as_on_one_machine_and_no_log_quotes_it(
    slurm: OneNode, workspace: Workspace, tmp_path: Path, project_root: Path
) -> None:
    here = small_notebooks().make_workspace(tmp_path / "here", project_root)
    codes = {}
    for one, executor in ((here, "local"), (workspace, "slurm")):
        (one.returns("hull") / "return.txt").write_text(VALUE, encoding="utf-8")
        with small_run(one, executor) as process:
            codes[executor] = ended(process)
    assert codes["slurm"] == codes["local"]
    assert codes["slurm"]["hull", "derive"] == 1
    assert failures(workspace, ["gateshead", "hull"]) == failures(here, ["gateshead", "hull"])
    for slug, stage in (("hull", "validate"), ("gateshead", "outcomes")):
        kept = [(place.derived(slug, stage) / "done.json").read_bytes() for place in (here, workspace)]
        assert kept[0] == kept[1], "what went well before the failure is kept"
    assert not (workspace.derived("hull", "outcomes") / "done.json").exists()
    assert VALUE in (workspace.derived("hull", "notebooks") / "2_derive.failed.ipynb").read_text(encoding="utf-8")
    data_set = workspace.root / "data_derived" / "demo"
    logs = [*data_set.glob("*.log"), *(data_set / ".snakemake").rglob("*.log"), *(data_set / "_words").iterdir()]
    assert any("slurm_logs" in str(log) for log in logs), "the log of a job that failed is kept"
    assert not [log for log in logs if VALUE in log.read_text(encoding="utf-8", errors="replace")]
