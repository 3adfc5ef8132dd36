"""What each report says of its own files, kept until the whole release is handed to a checker.

Reports are made one by one, and again one by one when something changes, so each leaves a part of its own:
`outputs/<report>.json`, and under `behind/<report>/` the frame behind each table and figure as CSV.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from swis.disclosure.bundle.model import MeasureDefinition, ReleasedOutput
from swis.io import read_json, write_csv, write_json

OUTPUTS, BEHIND = "outputs", "behind"
NOT_KEPT = frozenset({"behind", "hidden"})


@dataclass(frozen=True, eq=False)
class ReportPart:
    """One report: its id (the name of its list under `releasable/`), title, outputs, and measures by name."""

    report: str
    title: str
    outputs: tuple[ReleasedOutput, ...]
    measures: Mapping[str, MeasureDefinition]


def write_part(bundle: Path, part: ReportPart) -> None:
    """Keep what a report says of its files, in place of what it said before."""
    shutil.rmtree(bundle / BEHIND / part.report, ignore_errors=True)
    for output in part.outputs:
        if output.behind is not None:
            write_csv(bundle / behind_path(part.report, output), output.behind)
    kept = {
        "report": part.report,
        "title": part.title,
        "outputs": [_told(part.report, output) for output in part.outputs],
        "measures": {name: asdict(definition) for name, definition in part.measures.items()},
    }
    write_json(bundle / OUTPUTS / f"{part.report}.json", kept)


def behind_path(report: str, output: ReleasedOutput) -> str:
    """Where the frame behind an output is, relative to the bundle."""
    return f"{BEHIND}/{report}/{output.kind}-{output.id}.csv"


def _told(report: str, output: ReleasedOutput) -> dict[str, Any]:
    fields = {name: value for name, value in vars(output).items() if name not in NOT_KEPT}
    return {
        **fields,
        "measures": list(output.measures),
        "cells": asdict(output.hidden) if output.hidden else None,
        "behind": behind_path(report, output) if output.behind is not None else None,
    }


def read_parts(bundle: Path) -> list[dict[str, Any]]:
    """Every part as it was kept, by report."""
    return [read_json(path) for path in sorted((bundle / OUTPUTS).glob("*.json"))]


def drop_part(bundle: Path, report: str) -> None:
    """Forget a report that is no longer released."""
    (bundle / OUTPUTS / f"{report}.json").unlink(missing_ok=True)
    shutil.rmtree(bundle / BEHIND / report, ignore_errors=True)
