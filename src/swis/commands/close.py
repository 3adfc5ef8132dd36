"""How a run ends: front page, scan of the release and bundle, done again only where anything they go by has changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from swis.commands.handed_over import HandedOver
from swis.params import Params
from swis.staleness.inputs import files_below, inputs_read, told
from swis.staleness.reached import reached_by_run
from swis.staleness.remembered import hash_of, recall, remember
from swis.workspace import DONE, POOLED, Workspace

SHOWN = 5
# Imported only where something has to be done, for they bring all of the reports with them.
MODULES = ("swis.commands.hand_over", "swis.report.index")


def close_run(workspace: Workspace, params: Params, data_cut: str, jobs: int) -> HandedOver | None:
    """Take back reports that are in no release, write the front page, scan the release, and write the bundle."""
    place = workspace.staleness / "closed.json"
    held = recall(place, _goes_by(workspace, params, data_cut))
    if held is not None:
        return HandedOver(held["verdict"], tuple(held["findings"])) if held else None
    from swis.commands.hand_over import hand_over_release
    from swis.report.index import refresh_index, withdraw_others

    withdraw_others(workspace)
    refresh_index(workspace, params, date.fromisoformat(data_cut))
    before = files_below(workspace.reports)
    handed = hand_over_release(workspace, params, jobs)
    # What came under reports/ while they were scanned may not have been.
    if files_below(workspace.reports) == before:
        remember(place, _goes_by(workspace, params, data_cut), asdict(handed) if handed else {})
    return handed


def say_handed_over(workspace: Workspace, handed: HandedOver) -> None:
    """Where the bundle is, with the verdict and the first findings."""
    place = workspace.bundle.relative_to(workspace.root)
    click.echo(f"For the output checker: {place}/index.html ({handed.verdict}); before release: swis check-release")
    for one in handed.findings[:SHOWN]:
        click.echo(f"NOT CLEAN: {one}", err=True)


def _goes_by(workspace: Workspace, params: Params, data_cut: str) -> str:
    """Hash of all that the end of a run reads: reports, bundle, statuses, parameters, code and folders of the machine.

    The front page goes on naming the commit at which it was made.
    """
    reached = reached_by_run(workspace)
    code = reached.modules(*MODULES)
    reached.save()
    derived = workspace.staleness.parent
    statuses = sorted([*derived.glob("*/*.failure.json"), *derived.glob(f"*/*/{DONE}"), workspace.front_record])
    folders = (workspace.all_reports, workspace.bundle, workspace.params)
    return hash_of(
        [
            code,
            data_cut,
            [files_below(folder) for folder in folders],
            {str(path.relative_to(derived)): told(path) for path in statuses if path.exists()},
            inputs_read(("marker",), workspace, POOLED, ()),
            [slug for slug in workspace.authorities() if slug in params.authorities],
            [str(Path.home()), str(Path.cwd()), str(workspace.root)],
        ]
    )
