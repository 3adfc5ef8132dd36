"""The allocation: which school is in which arm of which trial. One file for all authorities, in our own form."""

from __future__ import annotations

from pathlib import Path

from swis.sources.own_csv import read_own_csv
from swis.sources.result import ReadResult
from swis.workspace import NATIONAL


def read_allocation(path: Path, *, folder: Path | None = None) -> ReadResult:
    """Table allocation, one row a school and trial, from `allocation.csv`; InputError where it cannot be used.

    An unknown trial or arm is kept as it stands, for the checks of the national files to name.
    """
    return read_own_csv(path, "allocation", authority=NATIONAL, folder=folder)
