"""The journal figures of a report: read from what was released, written through the door under a name of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from swis.disclosure.bundle import ReleasedOutput, ReportPart, write_part
from swis.disclosure.label import (
    LABEL,
    Releasable,
    releasable_figure,
    releasable_setting,
    releasable_table,
    release,
    released_again,
)
from swis.disclosure.protected import Protected
from swis.io import read_csv, read_json
from swis.report.journal.setting import as_pixels, read_drawing, set_alone

FOLDER, SUFFIX = "journal_figures", "-journal"
INDEX = "index.csv"
# Of the released drawing that each was set from: where it has changed since, the set one is taken back.
OF_DRAWING = "drawing_sha256"


def publish_journal(reports: Path, report: str, bundle: Path) -> list[Path]:
    """Set every released figure of a report alone; gives the paths written, none where no report was released.

    DisclosureError where a drawing is no longer what was released.
    """
    held = _released(reports, report)
    drawings = [path for path in held["outputs"] if path.startswith("figures/") and path.endswith(".svg")]
    if not drawings:
        return []
    made = [_set(released_again(reports, report, path), report) for path in drawings]
    outputs = [one for pair, _ in made for one in pair]
    rows = pd.DataFrame([row for _, row in made])
    index = releasable_table(f"{FOLDER}/{report}/{INDEX}", Protected(rows, (), held["policy"]))
    name = report + SUFFIX
    written = release(reports, name, [*outputs, index], held["policy"])
    write_part(bundle, _part(reports, name, made, index))
    return written


def still_holds(reports: Path, name: str) -> bool:
    """Whether a release is of journal figures, and every drawing they were set from is released as it was then."""
    report = name.removesuffix(SUFFIX)
    index = reports / FOLDER / report / INDEX
    if not name.endswith(SUFFIX) or not index.exists():
        return False
    outputs = _released(reports, report)["outputs"]
    then = read_csv(index)[["figure", OF_DRAWING]].itertuples(index=False)
    return all(outputs.get(f"figures/{report}/{figure}.svg") == digest for figure, digest in then)


def _released(reports: Path, report: str) -> dict[str, Any]:
    path = reports / LABEL / f"{report}.json"
    return dict(read_json(path)) if path.exists() else {"outputs": {}, "policy": ""}


def _set(drawing: Releasable, report: str) -> tuple[tuple[Releasable, Releasable], dict[str, Any]]:
    """Both forms of one figure, and its line in the index."""
    figure = drawing.path.stem
    held = read_drawing(drawing.content)
    lines, height_mm = set_alone(held, figure)
    pixels = as_pixels(lines, held.column_mm)
    place = f"{FOLDER}/{report}/{figure}"
    row = {
        "figure": figure,
        "report": report,
        "caption": held.caption,
        "source": held.source,
        "alt": held.alt,
        "long_description": held.long_description,
        "width_mm": held.column_mm,
        "height_mm": round(height_mm, 1),
        "smallest_lettering_points": round(held.smallest_at(held.column_mm), 1),
        OF_DRAWING: hashlib.sha256(drawing.content).hexdigest(),
    }
    return (releasable_setting(f"{place}.svg", lines, drawing), releasable_figure(f"{place}.png", pixels)), row


def _part(
    reports: Path, name: str, made: list[tuple[tuple[Releasable, Releasable], dict[str, Any]]], index: Releasable
) -> ReportPart:
    """What the output checker is told of them: each with the data released beside the figure it was set from."""
    told = [
        ReleasedOutput(
            str(one.path),
            "figure",
            row["figure"],
            row["caption"],
            row["source"],
            behind=_behind(reports, row),
            **_bytes(one),
        )
        for pair, row in made
        for one in pair
    ]
    words = ReleasedOutput(
        str(index.path), "table", "journal-index", "Figures at journal sizes", "nobody: words and sizes",
        is_about_nobody=True, **_bytes(index),
    )  # fmt: skip
    return ReportPart(name, f"Figures of {name.removesuffix(SUFFIX)} at journal sizes", (*told, words), {})


def _behind(reports: Path, row: Mapping[str, Any]) -> pd.DataFrame:
    return read_csv(reports / "figures" / row["report"] / f"{row['figure']}.csv")


def _bytes(output: Releasable) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(output.content).hexdigest(), "size_bytes": len(output.content)}
