"""Start Snakemake on the graph in workflow/Snakefile, follow its jobs, and say how they ended."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from swis.errors import EXIT_FAILED
from swis.io import read_json
from swis.params import Params
from swis.stage_list import FURTHER, SIGNAL
from swis.staleness.present import Present
from swis.staleness.stamps import write_stamps
from swis.staleness.targets import TARGETS, Target, standing, steps_of, target_named
from swis.staleness.verdict import stale_steps
from swis.workspace import POOLED, Workspace

# The stage of a job that ended without a word, killed as a rule; its log says more.
WORKFLOW = "workflow"
TOTAL = re.compile(r"^total +(\d+)")
TOLD = re.compile(rf"{SIGNAL} *(\S+) (\S+) (\d+) (\d+\.\d+)")


@dataclass(frozen=True)
class Job:
    """One stage of one authority as it ended: exit code and wall seconds."""

    authority: str
    stage: str
    exit_code: int
    seconds: float


# What a target may run: each takes what the targets before it left as it is.
ONLY = {
    "effects_of_trials": ["effects_of_trials", "effects"],
    "further": ["further", *FURTHER],
    "release": ["release", "disclosure"],
    "reports": ["reports", "authority_report", "evaluation_report"],
}


def snakemake_command(workspace: Workspace, target: Target, data_cut: str, jobs: int) -> list[str]:
    """The command line that carries out what is stale of a target, by its stamps."""
    only = ["--allowed-rules", *ONLY[target.name]] if target.name in ONLY else []
    members = ";".join(f"{name}:{','.join(slugs)}" for name, slugs in target.trials.items())
    return [
        sys.executable, "-m", "snakemake", target.name,
        "--snakefile", str(workspace.root / "workflow" / "Snakefile"),
        # Snakemake keeps its lock and its records in its working folder: one per data set.
        "--directory", str(workspace.root / "data_derived" / workspace.dataset),
        # Greedy takes the jobs with most input first, so that none of the long ones is left for the end.
        "--cores", str(jobs), "--scheduler", "greedy", "--keep-going", "--nocolor", *only,
        # What is stale, and whether a job came to its end, stands in stamps and records (swis.staleness).
        "--rerun-triggers", "mtime", "--ignore-incomplete",
        "--config", f"root={workspace.root}", f"dataset={workspace.dataset}", f"data_cut={data_cut}",
        f"authorities={' '.join(target.authorities)}", f"trials={members or 'none'}",
        f"further={' '.join(target.further) or 'none'}",
    ]  # fmt: skip


def run_jobs(command: list[str], log: Path) -> Iterator[Job | int]:
    """Run Snakemake and yield how many notebooks there are to run, then each job as it ends.

    Everything Snakemake itself says goes to `log`. Where it ends with an error that no job has told of, a last job of
    stage WORKFLOW stands for what was lost: a run never looks finished that is not.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    has_told = False
    with (
        log.open("w", encoding="utf-8") as record,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=job_environment()
        ) as process,
    ):
        for line in process.stdout or ():
            # Snakemake writes a line and its end apart, so that a job's word may come between the two.
            for authority, stage, code, seconds in TOLD.findall(line):
                has_told |= int(code) != 0
                yield Job(authority, stage, int(code), float(seconds))
            if rest := TOLD.sub("", line).strip("\n"):
                record.write(f"{rest}\n")
            if total := TOTAL.match(line):
                # The total counts the rule that only names the target.
                yield int(total.group(1)) - 1
    if process.returncode != 0 and not has_told:
        yield Job(log.stem, WORKFLOW, EXIT_FAILED, 0.0)


def job_environment() -> dict[str, str]:
    """The variables every job of a run gets.

    One thread for linear algebra: the matrices are small, several jobs share the cores, and the same bytes come out of
    one core and of many.
    """
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    own = {"GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **threads, **own}


def failures(workspace: Workspace, slugs: list[str]) -> dict[tuple[str, str], list[str]]:
    """What each failed stage said, by authority and stage."""
    found: dict[tuple[str, str], list[str]] = {}
    for slug in slugs:
        folder = workspace.root / "data_derived" / workspace.dataset / slug
        for path in sorted(folder.glob("*.failure.json")):
            found[slug, path.name.removesuffix(".failure.json")] = read_json(path)["lines"]
    return found


Follow = Callable[[Job, int, int], None]


def carry_out(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, jobs: int, follow: Follow
) -> list[Job]:
    """Run all stages of the authorities, then over all of the data set that have outcomes: effects, further stages,
    door and reports.

    `follow` is called with each job, how many have ended and how many there are.
    """
    ended: list[Job] = []
    for name in TARGETS:
        target = target_named(name, params, authorities, standing(workspace, params))
        if target is None:
            if name == "reports":
                _forget_reports(workspace)
            continue
        if not _stamp_what_is_stale(workspace, params, data_cut, target):
            continue
        command = snakemake_command(workspace, target, data_cut, jobs)
        before, total = len(ended), len(ended)
        for job in run_jobs(command, workspace.root / "data_derived" / workspace.dataset / f"{name}.log"):
            if isinstance(job, int):
                total = before + job
                continue
            ended.append(job)
            follow(job, len(ended), total)
    return ended


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
