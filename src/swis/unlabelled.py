"""What lies under `reports/` without the label: written past the door, or changed since it went through.

Needs nothing of the door itself, because the process that starts notebooks looks too and need not wait for pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from swis.io import read_json, sha256_of_file

# Folders of the lists that a release writes; the name is that of the label.
LISTS = "releasable"
# What the repository itself keeps there.
OWN = "README.md"


def look(reports: Path) -> dict[Path, int]:
    """Every file below `reports`, the folder of all data sets, with its time of change in nanoseconds.

    Files that are just being written under a private name (`.name.part`) are left out, and the folder's own README.
    """
    found: dict[Path, int] = {}
    for path in reports.rglob("*"):
        if not path.is_dir() and path != reports / OWN and not (path.name[0] == "." and path.suffix == ".part"):
            # Another stage may take its own files away meanwhile.
            try:
                found[path] = path.lstat().st_mtime_ns
            except FileNotFoundError:
                continue
    return found


def unlabelled(reports: Path, before: Mapping[Path, int] | None = None) -> list[Path]:
    """Files below `reports` that no list names with the bytes they have, relative to it and sorted.

    With `before`, which `look` gave, only those that have come or changed since.
    """
    new = [path for path, changed in look(reports).items() if before is None or before.get(path) != changed]
    # Read after looking, because a list is written before what it names.
    lists = sorted([*reports.glob(f"*/{LISTS}/*.json"), *reports.glob(f"{LISTS}/*.json")])
    named = {path: digest for one in lists for path, digest in _named_in(one).items()}
    foreign = (path for path in new if path not in lists and not _is_as_named(path, named))
    return sorted(path.relative_to(reports) for path in foreign if path.exists() or path.is_symlink())


def move_out(reports: Path, paths: Iterable[Path], restricted: Path) -> None:
    """Take files away from below `reports` to the same place below a restricted folder."""
    for path in paths:
        (restricted / path).parent.mkdir(parents=True, exist_ok=True)
        (reports / path).rename(restricted / path)


def _named_in(one: Path) -> dict[Path, str]:
    """Absolute path to hash; nothing where the file is not the list that a release writes."""
    try:
        return {one.parents[1] / path: str(digest) for path, digest in read_json(one)["outputs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError):
        return {}


def _is_as_named(path: Path, named: Mapping[Path, str]) -> bool:
    try:
        return not path.is_symlink() and named.get(path) == sha256_of_file(path)
    except FileNotFoundError:
        return True
