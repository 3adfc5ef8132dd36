"""Start Snakemake on the graph in workflow/Snakefile, follow its jobs, and say how they ended."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import swis
from swis.execution.executor import GROUPED, LOCAL, Executor, job_environment
from swis.execution.follow import run_jobs
from swis.execution.words import Event, Job
from swis.io import read_json, read_yaml, sha256_of_file, write_json, write_text
from swis.notebook.provenance import tree_hash
from swis.params import Params, load_params
from swis.shared_parameters import OWN_KEYS
from swis.stages import FURTHER_STAGES, STAGES
from swis.workspace import DONE, POOLED, Workspace

FEWEST_AUTHORITIES = 2
JOB_BLOCK = re.compile(r"^(?:localrule|rule) (\w+):\n((?: {4}.*\n)+)", re.MULTILINE)


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
# The stages of each target, in the order in which they are run.
TARGET_STAGES = {"authorities": GROUPED, **{target: tuple(rules[1:]) for target, rules in ONLY.items()}}


def snakemake_command(
    workspace: Workspace,
    authorities: list[str],
    data_cut: str,
    target: str,
    executor: Executor = LOCAL,
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
        *executor.arguments(_grouped(workspace, executor)), "--scheduler", "greedy", "--keep-going", "--nocolor", *only,
        "--rerun-triggers", "mtime", "params", "input",
        "--config", f"root={workspace.root}", f"dataset={workspace.dataset}", f"data_cut={data_cut}",
        f"authorities={' '.join(authorities)}", f"trials={members or 'none'}",
        f"further={' '.join(further) or 'none'}",
    ]  # fmt: skip


def _grouped(workspace: Workspace, executor: Executor) -> tuple[str, ...]:
    """The stages that make one job of a cluster: those of one authority that wait for no other's."""
    if executor.is_cluster and load_params(workspace.params).definitions.border == "all authorities":
        return GROUPED[:2]
    return GROUPED


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


def failures(workspace: Workspace, slugs: list[str]) -> dict[tuple[str, str], list[str]]:
    """What each failed stage said, by authority and stage."""
    found: dict[tuple[str, str], list[str]] = {}
    for slug in slugs:
        folder = workspace.root / "data_derived" / workspace.dataset / slug
        for path in sorted(folder.glob("*.failure.json")):
            found[slug, path.name.removesuffix(".failure.json")] = read_json(path)["lines"]
    return found


Follow = Callable[[Event], None]
LOST = "ended without a word, killed as a rule; run again"


def estimable_trials(workspace: Workspace, params: Params) -> dict[str, list[str]]:
    """The trials that have a plan and outcomes of at least two authorities, with these authorities.

    One authority's schools are too few to carry an effect.
    """
    finished = [slug for slug in workspace.finished("outcomes") if slug in params.authorities]
    planned = [name for name, trial in params.trials.items() if trial.plan is not None]
    members = {name: [slug for slug in finished if name in params.authorities[slug].trials] for name in planned}
    return {name: slugs for name, slugs in members.items() if len(slugs) >= FEWEST_AUTHORITIES}


def carry_out(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, executor: Executor, follow: Follow
) -> list[Job]:
    """Run all stages of the authorities, then over all of the data set that have outcomes: effects, further stages,
    door and reports.

    `follow` is called with how many notebooks of a target there are, with each as it begins and as it ends. A job that
    was tried again is in what is returned once, as it ended last.
    """
    ended: dict[tuple[str, str], Job] = {}
    for target in TARGETS:
        command = target_command(workspace, params, authorities, data_cut, executor, target)
        if command is None:
            if target == "reports":
                _forget_reports(workspace)
            continue
        for event in run_jobs(command, workspace.root / "data_derived" / workspace.dataset / f"{target}.log", executor):
            if isinstance(event, Job):
                ended[event.authority, event.stage] = event
                if event.is_lost:
                    _mark_lost(workspace, event)
            follow(event)
    return list(ended.values())


def _mark_lost(workspace: Workspace, job: Job) -> None:
    """A stage that never said how it ended has failed, and what an earlier run left of it is no result of this one."""
    (workspace.derived(job.authority, job.stage) / DONE).unlink(missing_ok=True)
    write_json(workspace.failure_file(job.authority, job.stage), {"exit_code": job.exit_code, "lines": [LOST]})


def _forget_reports(workspace: Workspace) -> None:
    """No report may be made: what an earlier run said of making them is not what went wrong in this one."""
    for slug in workspace.authorities():
        workspace.failure_file(slug, "authority_report").unlink(missing_ok=True)
    workspace.failure_file(POOLED, "evaluation_report").unlink(missing_ok=True)


def target_command(
    workspace: Workspace, params: Params, authorities: list[str], data_cut: str, executor: Executor, target: str
) -> list[str] | None:
    """The command of one target as things stand; None where there is nothing to do it with, or it may not be done."""
    if target == "authorities":
        return snakemake_command(workspace, authorities, data_cut, target, executor) if authorities else None
    finished = [slug for slug in workspace.finished("outcomes") if slug in params.authorities]
    trials = estimable_trials(workspace, params)
    if target != "effects_of_trials":
        trials = {name: trials[name] for name in workspace.finished_trials("effects", trials)}
    further = FURTHER if target in {"effects_of_trials", "further"} else workspace.finished_pooled(FURTHER)
    is_barred = target == "reports" and not workspace.is_finished_pooled("disclosure")
    has_none = (target == "effects_of_trials" and not trials) or (target == "further" and not further)
    if not finished or is_barred or has_none:
        return None
    return snakemake_command(workspace, finished, data_cut, target, executor, trials, further)
