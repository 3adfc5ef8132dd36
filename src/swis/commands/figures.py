"""`swis figures`: the figures of reports that have been released, each alone at the size of a journal's column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_workspace
from swis.errors import EXIT_OK, Problem, raise_if
from swis.params import load_params
from swis.report.inputs import EVALUATION_ID
from swis.report.journal import publish_journal


def set_figures(root: Path, authorities: Sequence[str], dataset: str | None, data: Path | None) -> int:
    """Set the figures of the evaluation, or of the reports of the authorities named; InputError where there is none."""
    workspace = choose_workspace(root, dataset, data)
    named = choose_authorities(workspace, load_params(root / "params"), list(authorities)) if authorities else []
    for report in named or [EVALUATION_ID]:
        written = publish_journal(workspace.reports, report, workspace.bundle)
        raise_if([] if written else [_absent(report)])
        click.echo(f"{report}: {len(written) // 2} figures, {written[-1].parent.relative_to(root)}/")
    if workspace.is_synthetic:
        click.echo("These returns are SYNTHETIC: no number in the figures is a finding.")
    return EXIT_OK


def _absent(report: str) -> Problem:
    return Problem(report, "no figure of it has been released", "a finished report", "run `swis run` first")
