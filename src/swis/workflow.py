"""Start Snakemake on the graph in workflow/Snakefile, follow its jobs, and say how they ended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from swis.execution.executor import GROUPED, Executor
from swis.execution.follow import run_jobs
from swis.execution.words import Event, Job
from swis.io import read_json, write_json
from swis.one_run import one_run
from swis.params import Params
from swis.stage_list import FURTHER
from swis.staleness.present import Present
from swis.staleness.stamps import write_stamps
from swis.staleness.targets import EVERYWHERE, TARGETS, Target, standing, steps_of, target_named
from swis.staleness.verdict import stale_steps
from swis.workspace import DONE, POOLED, Workspace

# What a target may run: each takes what the targets before it left as it is.
ONLY = {
    "effects_of_trials": ["effects_of_trials", "effects"],
    "further": ["further", *FURTHER],
    "release": ["release", "disclosure"],
    "reports": ["reports", "authority_report", "evaluation_report"],
}


# The stages of each target, in the order in which they are run.
TARGET_STAGES = {"authorities": GROUPED, **{target: tuple(rules[1:]) for target, rules in ONLY.items()}}


def snakemake_command(
    workspace: Workspace, target: Target, data_cut: str, executor: Executor, border: str
) -> list[str]:
    """The command line that carries out what is stale of a target, by its stamps."""
    # Under the other border an authority's outcomes wait for all others, so they are no job of its own.
    grouped = GROUPED[:2] if border == EVERYWHERE else GROUPED
    only = ["--allowed-rules", *ONLY[target.name]] if target.name in ONLY else []
    members = ";".join(f"{name}:{','.join(slugs)}" for name, slugs in target.trials.items())
    return [
        sys.executable, "-m", "snakemake", target.name,
        "--snakefile", str(workspace.root / "workflow" / "Snakefile"),
        # Snakemake keeps its records in its working folder: one per data set.
        "--directory", str(workspace.root / "data_derived" / workspace.dataset),
        # Greedy takes the jobs with most input first, so that none of the long ones is left for the end.
        *executor.arguments(grouped), "--scheduler", "greedy", "--keep-going", "--nocolor", *only,
        # What is stale, and whether a job came to its end, stands in stamps and records (swis.staleness).
        "--rerun-triggers", "mtime", "--ignore-incomplete",
        "--config", f"root={workspace.root}", f"dataset={workspace.dataset}", f"data_cut={data_cut}",
        f"authorities={' '.join(target.authorities)}", f"trials={members or 'none'}",
        f"further={' '.join(target.further) or 'none'}",
    ]  # fmt: skip


def failures(workspace: Workspace, slugs: list[str]) -> dict[tuple[str, str], list[str]]:
    """What each failed stage said, by authority and stage."""
    found: dict[tuple[str, str], list[str]] = {}
    for slug in slugs:
        folder = workspace.root / "data_derived" / workspace.dataset / slug
        for path in sorted(folder.glob("*.failure.json")):
            found[slug, path.name.removesuffix(".failure.json")] = read_json(path)["lines"]
    return found


Follow = Callable[[Event], None]
LOST = "ended without a word: killed, or never begun; run again, or see"


def carry_out(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, executor: Executor, follow: Follow
) -> list[Job]:
    """Run all stages of the authorities, then over all of the data set that have outcomes: effects, further stages,
    door and reports.

    `follow` is called with how many notebooks of a target there are, with each as it begins and as it ends. A job that
    was tried again is in what is returned once, as it ended last.
    """
    ended: dict[tuple[str, str], Job] = {}
    folder = workspace.root / "data_derived" / workspace.dataset
    with one_run(folder) as lock:
        for name in TARGETS:
            target = target_named(name, params, authorities, standing(workspace, params))
            if target is None:
                if name == "reports":
                    _forget_reports(workspace)
                continue
            if not _stamp_what_is_stale(workspace, params, data_cut, target):
                continue
            command = snakemake_command(workspace, target, data_cut, executor, params.definitions.border)
            log = folder / f"{name}.log"
            for event in run_jobs(command, log, executor, lock):
                if isinstance(event, Job):
                    ended[event.authority, event.stage] = event
                    if event.is_lost:
                        _mark_lost(workspace, event, log)
                follow(event)
    return list(ended.values())


def _mark_lost(workspace: Workspace, job: Job, log: Path) -> None:
    """A stage that never said how it ended has failed, and what an earlier run left of it is no result of this one."""
    (workspace.derived(job.authority, job.stage) / DONE).unlink(missing_ok=True)
    failure = workspace.failure_file(job.authority, job.stage)
    # Whoever has said what went wrong knows it better.
    if not failure.exists():
        lines = [f"{LOST} {log.relative_to(workspace.root)}"]
        write_json(failure, {"exit_code": job.exit_code, "lines": lines})


def _stamp_what_is_stale(workspace: Workspace, params: Params, data_cut: str, target: Target) -> bool:
    """Write the stamps of a target, which the workflow goes by; whether any step of it is stale."""
    present = Present(workspace, params, data_cut)
    steps = steps_of(target, params.definitions.border)
    stale = stale_steps(workspace, present, steps)
    if stale:
        write_stamps(workspace, present, steps, stale)
    present.reached.save()
    return bool(stale)


def _forget_reports(workspace: Workspace) -> None:
    """No report may be made: what an earlier run said of making them is not what went wrong in this one."""
    for slug in workspace.authorities():
        workspace.failure_file(slug, "authority_report").unlink(missing_ok=True)
    workspace.failure_file(POOLED, "evaluation_report").unlink(missing_ok=True)
