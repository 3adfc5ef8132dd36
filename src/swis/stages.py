"""How one stage of a run is carried out: what it needs, what it leaves."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, InputError
from swis.execution.use import note_job
from swis.execution.words import has_ended, say_begun, say_ended
from swis.io import read_json, write_json
from swis.notebook.execute import Outcome, execute_notebook
from swis.notebook.private import private_streams
from swis.offline.hook import refuse_connections
from swis.stage_list import AUTHORITY_STAGES, STAGES, TRIAL_STAGES, Stage
from swis.staleness.record import beginning, keep
from swis.unlabelled import look, move_out, unlabelled
from swis.workspace import DONE, POOLED, Workspace, trial_slug


def run_stage(workspace: Workspace, stage: Stage, slug: str, data_cut: str) -> Outcome:
    """Carry out one stage of one authority (or of all, pooled) and leave either its folder or its failure file."""
    failure = workspace.failure_file(slug, stage.name)
    failure.unlink(missing_ok=True)
    before = look(workspace.all_reports)
    begun = beginning(workspace, slug, stage.name)
    outcome = _refusal(workspace, stage, slug) or _execute(workspace, stage, slug, data_cut)
    outcome = _past_the_door(workspace, stage, slug, before, outcome)
    if outcome.exit_code == EXIT_OK and not (workspace.derived(slug, stage.name) / DONE).exists():
        outcome = Outcome(1, [f"{stage.notebook} ended without calling run.finish()"])
    if outcome.exit_code != EXIT_OK:
        write_json(failure, {"exit_code": outcome.exit_code, "lines": outcome.lines})
    else:
        keep(workspace, slug, stage.name, begun)
    return outcome


def _past_the_door(
    workspace: Workspace, stage: Stage, slug: str, before: Mapping[Path, int], outcome: Outcome
) -> Outcome:
    """The failure of a stage that has written under `reports/` what carries no label; it is taken away from there."""
    found = unlabelled(workspace.all_reports, before)
    if not found:
        return outcome
    restricted = workspace.derived("_unlabelled", stage.name)
    move_out(workspace.all_reports, found, restricted)
    (workspace.derived(slug, stage.name) / DONE).unlink(missing_ok=True)
    # How many, for a name may be that of a child.
    files, place = "1 file" if len(found) == 1 else f"{len(found)} files", restricted.relative_to(workspace.root)
    line = f"{files} written under reports/ without the label: moved to {place}"
    return Outcome(EXIT_FAILED, [*outcome.lines, line])


def _refusal(workspace: Workspace, stage: Stage, slug: str) -> Outcome | None:
    """Why a stage may not start: returns that failed validation are never counted."""
    verdict = workspace.derived(slug, "validate") / "verdict.json"
    if stage.name == "derive" and verdict.exists() and read_json(verdict)["status"] == "fail":
        page = verdict.with_name("validation.html").relative_to(workspace.root)
        return Outcome(
            EXIT_BAD_INPUT,
            [f"{slug}: validation found what must stop the run; mend it at source; see {page}"],
        )
    return None


def parameters_of(workspace: Workspace, stage: Stage, slug: str, data_cut: str) -> dict[str, object]:
    """What the notebook of a stage is given: the data set, the data cut, and whose stage it is."""
    parameters: dict[str, object] = {"dataset": workspace.dataset, "data_cut": data_cut}
    if stage in AUTHORITY_STAGES:
        parameters["authority"] = slug
    elif stage in TRIAL_STAGES:
        parameters["trial"] = slug.removeprefix(trial_slug(""))
    return parameters


def _execute(workspace: Workspace, stage: Stage, slug: str, data_cut: str) -> Outcome:
    parameters = parameters_of(workspace, stage, slug, data_cut)
    executed = executed_notebook(workspace, stage, slug)
    try:
        return execute_notebook(workspace.root / "notebooks" / stage.notebook, executed, parameters, workspace.root)
    except InputError as error:
        return Outcome(EXIT_BAD_INPUT, [problem.line() for problem in error.problems])
    except Exception as error:  # its text may quote a value, so it goes to the private log and its class to all others
        traceback.print_exc()
        return Outcome(EXIT_FAILED, [f"{stage.notebook} could not be run ({type(error).__name__})"])


def executed_notebook(workspace: Workspace, stage: Stage, slug: str) -> Path:
    """Where the executed notebook of a stage is kept, which may hold values of children."""
    return workspace.derived(slug, stage.name).parent / "notebooks" / stage.notebook


def main(arguments: list[str] | None = None) -> int:
    """`python -m swis.stages`: what the workflow calls for every job; it says when it begins and how it ends."""
    parser = argparse.ArgumentParser(prog="python -m swis.stages", description=main.__doc__)
    parser.add_argument("stage", choices=sorted(STAGES))
    parser.add_argument("authority", help=f"slug of params/authorities, {trial_slug('TRIAL')}, or {POOLED}")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--data-cut", required=True)
    given = parser.parse_args(arguments)
    started = time.monotonic()
    # What cannot be used does not become so by trying again.
    if has_ended(given.authority, given.stage, EXIT_BAD_INPUT):
        return EXIT_BAD_INPUT
    say_begun(given.authority, given.stage)
    workspace, stage = Workspace(given.root, given.dataset), STAGES[given.stage]
    with private_streams(executed_notebook(workspace, stage, given.authority).with_suffix(".log")):
        outcome = run_stage(workspace, stage, given.authority, given.data_cut)
    seconds = time.monotonic() - started
    note_job(workspace, given.authority, given.stage, seconds)
    say_ended(given.authority, given.stage, outcome.exit_code, seconds)
    return outcome.exit_code


if __name__ == "__main__":
    # The filter is for the kernel to take on: one that inherited it could not set up all of its own channels.
    refuse_connections()
    sys.exit(main())
