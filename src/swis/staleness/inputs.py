"""The files that a stage reads and no stage has made, by size and time of change: 3.5 GB of returns are not hashed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from swis.io import file_bytes
from swis.staleness.code import short_hash
from swis.workspace import MARKER, Workspace


def told(path: str | Path) -> str:
    """Size in bytes and time of change in nanoseconds; FileNotFoundError where there is nothing."""
    try:
        held = os.stat(path)  # noqa: PTH116 (thousands of files: a path object for each would double the time)
    except FileNotFoundError:
        # A link that leads nowhere is told by itself.
        held = os.lstat(path)
    return f"{held.st_size}:{held.st_mtime_ns}"


def files_below(folder: Path) -> dict[str, str]:
    """Every file below a folder by its path from there, with what is told of it; none where there is no folder."""
    return {os.path.relpath(path, folder): told(path) for path in sorted(_walk(folder))}


def inputs_read(names: Iterable[str], workspace: Workspace, slug: str, earlier: Iterable[str]) -> dict[str, str]:
    """What is told of the files of each named kind: an authority's returns, national and published files.

    `earlier` are records of releases that went out before, by their path from the checkout.
    """
    folders = {"returns": workspace.returns(slug), "national": workspace.national, "published": workspace.published}
    found: dict[str, str] = {}
    for name in names:
        if name in folders:
            below = files_below(folders[name])
            found |= {f"{folders[name].name}/{path}": value for path, value in below.items()}
        elif name == "marker":
            # Every simulation writes it anew, and the same.
            marker = workspace.raw / MARKER
            found |= {MARKER: short_hash(file_bytes(marker))} if marker.is_file() else {}
        elif name == "earlier":
            found |= {path: told(workspace.root / path) for path in earlier if (workspace.root / path).is_file()}
    return found


def _walk(folder: Path) -> Iterator[str]:
    """Files, and links to folders, which are not followed."""
    for above, folders, names in os.walk(folder):
        for name in [*names, *(one for one in folders if os.path.islink(f"{above}/{one}"))]:  # noqa: PTH114 (as above)
            yield f"{above}/{name}"
