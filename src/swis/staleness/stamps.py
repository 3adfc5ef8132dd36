"""The stamps that the workflow watches: later than a step's results where the step is stale, else not."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from swis.stage_list import STAGES
from swis.staleness.present import Present
from swis.staleness.record import keep_values, write_stamp
from swis.staleness.targets import Step
from swis.staleness.verdict import Steps
from swis.workspace import DONE, Workspace


def write_stamps(workspace: Workspace, present: Present, steps: Steps, stale: Collection[Step]) -> None:
    """Say of each stale step what it would be made from now, and let no other stamp be later than its results."""
    for step, upstream in steps.items():
        stamp = workspace.stamp(*step)
        if step in stale:
            write_stamp(stamp, present.ingredients(step, upstream), _watched(workspace, present, step))
            continue
        made = (workspace.derived(*step) / DONE).stat().st_mtime_ns
        if not stamp.is_file():
            write_stamp(stamp, present.ingredients(step, upstream), ())
        if stamp.stat().st_mtime_ns > made:
            os.utime(stamp, ns=(made, made))
    keep_values(workspace, present.values)


def _watched(workspace: Workspace, present: Present, step: Step) -> Iterator[Path]:
    """The files that a change of is to be noticed in while the step runs."""
    yield from present.reached.files(step.stage)
    yield from sorted(workspace.params.rglob("*.yml"))
    if "returns" in STAGES[step.stage].inputs:
        folders = (workspace.returns(step.slug), workspace.national, workspace.published)
        yield from (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
