"""Writing simulated files: plain and fast into the private folder of a run, which is renamed when all is well."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from swis.workspace import MARKER

CSV_OPTIONS = csv.WriteOptions(include_header=False, quoting_style="none")


def write_table(path: Path, table: pa.Table) -> int:
    """Write a table of plain texts and whole numbers as CSV (no text holds a comma or quote); returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write((",".join(table.column_names) + "\n").encode("utf-8"))
        if table.num_rows:
            # pyarrow 26 writes stray memory where a piece of a column is empty, so the pieces are joined first.
            csv.write_csv(table.combine_chunks(), stream, CSV_OPTIONS)
    return path.stat().st_size


def write_frame_csv(path: Path, frame: pd.DataFrame, *, encoding: str = "utf-8", quote_all: bool = False) -> int:
    """Write a small frame as CSV; returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = frame.to_csv(index=False, lineterminator="\n", quoting=1 if quote_all else 0)
    path.write_bytes(text.encode(encoding))
    return path.stat().st_size


def write_parts(path: Path, parts: list[str]) -> int:
    """Write texts one after the other as UTF-8; returns the bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(parts)
    return path.stat().st_size


def write_marker(folder: Path, seed: int, size: str, population_share: float) -> None:
    """The marker that tells simulated returns from real ones."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "synthetic": True,
        "made_by": "swis simulate",
        "seed": seed,
        "size": size,
        "population_share": population_share,
    }
    (folder / MARKER).write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", encoding="utf-8")
