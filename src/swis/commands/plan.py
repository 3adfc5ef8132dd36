"""`swis plan`: which stages would run, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_data_cut, choose_workspace
from swis.errors import EXIT_OK
from swis.params import load_params
from swis.sources.return_checks import check_folders
from swis.workflow import planned_jobs, snakemake_command


def plan_authorities(root: Path, named: list[str], dataset: str | None, data: Path | None, data_cut: str | None) -> int:
    """Print one line per stage that would run with its reason, and a count; always exit code 0."""
    params = load_params(root / "params")
    workspace = choose_workspace(root, dataset, data)
    chosen = choose_authorities(workspace, params, named)
    for problem in check_folders(workspace, params):
        click.echo(f"swis: {problem.line()}", err=True)
    cut = choose_data_cut(params, data_cut)
    # The evaluation report comes after all of these; it is left out because it pools only what will be there by then.
    jobs = planned_jobs(snakemake_command(workspace, chosen, cut, "authorities", 1))
    for job in sorted(jobs, key=lambda job: (job.authority, job.stage)):
        click.echo(f"{job.authority:<34} {job.stage:<18} {job.reason}")
    counts = Counter(job.stage for job in jobs)
    said = ", ".join(f"{count} × {stage}" for stage, count in sorted(counts.items()))
    click.echo(f"{len(jobs)} notebooks would run: {said}, then the evaluation report" if jobs else "Nothing would run.")
    return EXIT_OK
