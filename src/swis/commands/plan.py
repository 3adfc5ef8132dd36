"""`swis plan`: which stages would run, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_data_cut, choose_workspace
from swis.commands.refuse import refused_authorities, say_refused
from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.execution.executor import LOCAL
from swis.params import Params, load_params
from swis.workflow import TARGETS, PlannedJob, planned_jobs, target_command
from swis.workspace import Workspace

AFTERWARDS = ", then what rests on them: effects, disclosure control, reports"


def plan_authorities(root: Path, named: list[str], dataset: str | None, data: Path | None, data_cut: str | None) -> int:
    """Print what would be refused, then one line per stage that would run with its reason, and a count.

    Returns 2 where something would be refused, else 0.
    """
    params = load_params(root / "params")
    workspace = choose_workspace(root, dataset, data)
    chosen = choose_authorities(workspace, params, named)
    cut = choose_data_cut(params, data_cut)
    refused = refused_authorities(workspace, params, chosen, is_whole=not named)
    say_refused(refused)
    sound = [slug for slug in chosen if slug not in refused]
    jobs = _first_planned(workspace, params, sound, cut)
    for job in sorted(jobs, key=lambda job: (job.authority, job.stage)):
        click.echo(f"{job.authority:<34} {job.stage:<18} {job.reason}")
    counts = Counter(job.stage for job in jobs)
    said = ", ".join(f"{count} × {stage}" for stage, count in sorted(counts.items()))
    click.echo(f"{len(jobs)} notebooks would run: {said}{AFTERWARDS}" if jobs else "Nothing would run.")
    return EXIT_BAD_INPUT if refused else EXIT_OK


def _first_planned(workspace: Workspace, params: Params, sound: list[str], data_cut: str) -> list[PlannedJob]:
    """The jobs of the first target that has any: what comes after depends on what these leave."""
    for target in TARGETS:
        command = target_command(workspace, params, sound, data_cut, LOCAL, target)
        if command is not None and (jobs := planned_jobs(command)):
            return jobs
    return []
