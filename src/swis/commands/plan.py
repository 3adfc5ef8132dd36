"""`swis plan`: which stages would run, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_data_cut, choose_workspace
from swis.commands.refuse import refused_authorities, say_refused
from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.params import load_params
from swis.workflow import planned_jobs, snakemake_command


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
    # The evaluation report comes after all of these; it is left out because it pools only what will be there by then.
    jobs = planned_jobs(snakemake_command(workspace, sound, cut, "authorities", 1)) if sound else []
    for job in sorted(jobs, key=lambda job: (job.authority, job.stage)):
        click.echo(f"{job.authority:<34} {job.stage:<18} {job.reason}")
    counts = Counter(job.stage for job in jobs)
    said = ", ".join(f"{count} × {stage}" for stage, count in sorted(counts.items()))
    click.echo(f"{len(jobs)} notebooks would run: {said}, then the evaluation report" if jobs else "Nothing would run.")
    return EXIT_BAD_INPUT if refused else EXIT_OK
