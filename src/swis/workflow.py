"""Start Snakemake on the graph in workflow/Snakefile, follow its jobs, and say how they ended."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import swis
from swis.errors import EXIT_FAILED
from swis.io import read_json, read_yaml, sha256_of_file, write_text
from swis.notebook.provenance import tree_hash
from swis.params import Params
from swis.shared_parameters import OWN_KEYS
from swis.stages import FURTHER_STAGES, SIGNAL, STAGES
from swis.workspace import POOLED, Workspace

# The stage of a job that ended without a word, killed as a rule; its log says more.
WORKFLOW = "workflow"
TOTAL = re.compile(r"^total +(\d+)")
TOLD = re.compile(rf"{SIGNAL} *(\S+) (\S+) (\d+) (\d+\.\d+)")
FEWEST_AUTHORITIES = 2
JOB_BLOCK = re.compile(r"^(?:localrule|rule) (\w+):\n((?: {4}.*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """One stage of one authority as it ended: exit code and wall seconds."""

    authority: str
    stage: str
    exit_code: int
    seconds: float


@dataclass(frozen=True)
class PlannedJob:
    """One stage of one authority that would run, and why."""

    authority: str
    stage: str
    reason: str


def write_code_stamps(workspace: Workspace) -> None:
    """Write what each stage's code hashes to, where that has changed: the workflow watches these files.

    A stage is stale when the content of its notebook or of its part of the package changed, not when a file was
    touched or checked out again.
    """
    package = Path(swis.__file__).parent
    for stage in STAGES.values():
        parts = [f"{part} {tree_hash(package / part, '*')}" for part in stage.code]
        notebook = sha256_of_file(workspace.root / "notebooks" / stage.notebook)
        text = "\n".join([f"{stage.notebook} {notebook}", *parts]) + "\n"
        _stamp(workspace.code_stamp(stage.name), text)
    _stamp(workspace.code_stamp("trial_designs"), _trial_designs(workspace))


def write_released_stamps(workspace: Workspace, authorities: Sequence[str]) -> None:
    """Write what the protected tables of each area hash to, where that has changed: reports are made from these."""
    for area in [*authorities, "all"]:
        folder = workspace.released(area)
        _stamp(workspace.released_stamp(area), f"{tree_hash(folder, '*') if folder.is_dir() else 'none'}\n")


def _stamp(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def _trial_designs(workspace: Workspace) -> str:
    """The trials without plan and deviations: a word changed in a plan must not count 42 authorities' returns anew."""
    read = {path.name: read_yaml(path) for path in sorted((workspace.params / "trials").glob("*.yml"))}
    designs = {
        name: {key: value for key, value in held.items() if key not in {"plan", "deviations", *OWN_KEYS}}
        for name, held in read.items()
    }
    return json.dumps(designs, indent=1, sort_keys=True, default=str) + "\n"


# What a target may run: each takes what the targets before it left as it is.
FURTHER = [stage.name for stage in FURTHER_STAGES]
ONLY = {
    "effects_of_trials": ["effects_of_trials", "effects"],
    "further": ["further", *FURTHER],
    "release": ["release", "disclosure"],
    "reports": ["reports", "authority_report", "evaluation_report"],
}
TARGETS = ("authorities", *ONLY)


def snakemake_command(
    workspace: Workspace,
    authorities: list[str],
    data_cut: str,
    target: str,
    jobs: int,
    trials: Mapping[str, Sequence[str]] | None = None,
    further: Sequence[str] = (),
) -> list[str]:
    """The command line that carries out `target`, one of TARGETS.

    `trials` are the trials whose effects are estimated (or were), with their authorities; `further` are the further
    pooled stages that are run (or were).
    """
    only = ["--allowed-rules", *ONLY[target]] if target in ONLY else []
    members = ";".join(f"{name}:{','.join(slugs)}" for name, slugs in (trials or {}).items())
    write_code_stamps(workspace)
    if target == "reports":
        write_released_stamps(workspace, authorities)
    return [
        sys.executable, "-m", "snakemake", target,
        "--snakefile", str(workspace.root / "workflow" / "Snakefile"),
        # Snakemake keeps its lock and its records in its working folder: one per data set.
        "--directory", str(workspace.root / "data_derived" / workspace.dataset),
        # Greedy takes the jobs with most input first, so that none of the long ones is left for the end.
        "--cores", str(jobs), "--scheduler", "greedy", "--keep-going", "--nocolor", *only,
        "--rerun-triggers", "mtime", "params", "input",
        "--config", f"root={workspace.root}", f"dataset={workspace.dataset}", f"data_cut={data_cut}",
        f"authorities={' '.join(authorities)}", f"trials={members or 'none'}",
        f"further={' '.join(further) or 'none'}",
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


def planned_jobs(command: list[str]) -> list[PlannedJob]:
    """What would run and why, from a dry run; RuntimeError with Snakemake's last lines where it cannot say."""
    done = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, env=job_environment())
    if done.returncode != 0:
        raise RuntimeError("\n".join((done.stdout + done.stderr).splitlines()[-5:]))
    return [_planned(rule, body) for rule, body in JOB_BLOCK.findall(done.stdout + done.stderr) if "output:" in body]


def _planned(rule: str, body: str) -> PlannedJob:
    authority = re.search(r"wildcards: authority=([a-z0-9-]+)", body)
    reason = re.search(r"reason: (.*)", body)
    said = reason.group(1) if reason else "not known"
    return PlannedJob(authority.group(1) if authority else "all", rule, _without_folders(said))


def _without_folders(text: str) -> str:
    """Shorten each absolute path to its last two parts: a reader wants the file, not the machine."""
    return re.sub(r"/[^\s,;]*/([^\s,;/]+/[^\s,;/]+)", r"\1", text)


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


def estimable_trials(workspace: Workspace, params: Params) -> dict[str, list[str]]:
    """The trials that have a plan and outcomes of at least two authorities, with these authorities.

    One authority's schools are too few to carry an effect.
    """
    finished = [slug for slug in workspace.finished("outcomes") if slug in params.authorities]
    planned = [name for name, trial in params.trials.items() if trial.plan is not None]
    members = {name: [slug for slug in finished if name in params.authorities[slug].trials] for name in planned}
    return {name: slugs for name, slugs in members.items() if len(slugs) >= FEWEST_AUTHORITIES}


def carry_out(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, jobs: int, follow: Follow
) -> list[Job]:
    """Run all stages of the authorities, then over all of the data set that have outcomes: effects, further stages,
    door and reports.

    `follow` is called with each job, how many have ended and how many there are.
    """
    ended: list[Job] = []
    for target in TARGETS:
        command = target_command(workspace, params, authorities, data_cut, jobs, target)
        if command is None:
            if target == "reports":
                _forget_reports(workspace)
            continue
        before, total = len(ended), len(ended)
        for job in run_jobs(command, workspace.root / "data_derived" / workspace.dataset / f"{target}.log"):
            if isinstance(job, int):
                total = before + job
                continue
            ended.append(job)
            follow(job, len(ended), total)
    return ended


def _forget_reports(workspace: Workspace) -> None:
    """No report may be made: what an earlier run said of making them is not what went wrong in this one."""
    for slug in workspace.authorities():
        workspace.failure_file(slug, "authority_report").unlink(missing_ok=True)
    workspace.failure_file(POOLED, "evaluation_report").unlink(missing_ok=True)


def target_command(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, jobs: int, target: str
) -> list[str] | None:
    """The command of one target as things stand; None where there is nothing to do it with, or it may not be done."""
    if target == "authorities":
        return snakemake_command(workspace, authorities, data_cut, target, jobs) if authorities else None
    finished = [slug for slug in workspace.finished("outcomes") if slug in params.authorities]
    trials = estimable_trials(workspace, params)
    if target != "effects_of_trials":
        trials = {name: trials[name] for name in workspace.finished_trials("effects", trials)}
    further = FURTHER if target in {"effects_of_trials", "further"} else workspace.finished_pooled(FURTHER)
    is_barred = target == "reports" and not workspace.is_finished_pooled("disclosure")
    has_none = (target == "effects_of_trials" and not trials) or (target == "further" and not further)
    if not finished or is_barred or has_none:
        return None
    return snakemake_command(workspace, finished, data_cut, target, jobs, trials, further)
