"""Records of earlier releases: which cells were shown, with what number, and which were hidden; all of it is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem
from swis.io import read_csv

COLUMNS = ["cell", "value"]


def earlier_releases(root: Path, files: Sequence[str]) -> list[pd.DataFrame]:
    """Records of earlier releases, in the order given; InputError: every file that is missing or is no record."""
    problems, found = [], []
    for name in files:
        path = root / name
        if not path.is_file():
            problems.append(
                Problem("params/release.yml", f"no file {name}", "the cells.csv of a release", "correct the path")
            )
            continue
        frame = read_csv(path)
        if list(frame.columns) != COLUMNS:
            problems.append(Problem(name, "other columns", "cell and value", "name the cells.csv of a release"))
            continue
        found.append(frame.astype({"value": "float64"}))
    if problems:
        raise InputError(problems)
    return found
