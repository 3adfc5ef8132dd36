"""What a finished stage has used: seconds by the clock, seconds of processors, and memory at its peak.

The kernel that ran the notebook and the process that started it each know their own use: both are written down, for
what comes next to be planned by. They change from run to run, so they stand apart from all that is compared or hashed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from swis.io import read_json, write_json
from swis.workspace import Workspace

# The unit of the kernel's own figure for memory at its peak: kilobytes, on macOS bytes.
UNITS_IN_A_MEGABYTE = 1e6 if sys.platform == "darwin" else 1e6 / 1024


@dataclass(frozen=True)
class Use:
    """What one stage of one authority has used: wall seconds, processor seconds, megabytes at the peak."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float


def use_file(workspace: Workspace, slug: str, stage: str) -> Path:
    """Where the use of a stage is written down."""
    return workspace.use / f"{slug}.{stage}.json"


def own_use(*, with_children: bool) -> dict[str, float] | None:
    """What this process has used so far; None where the system does not say (Windows)."""
    try:
        from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
    except ImportError:
        return None
    used = getrusage(RUSAGE_SELF)
    processors = used.ru_utime + used.ru_stime
    if with_children:
        ended = getrusage(RUSAGE_CHILDREN)
        processors += ended.ru_utime + ended.ru_stime
    return {
        "cpu_seconds": round(processors, 3),
        "peak_megabytes": round(used.ru_maxrss / UNITS_IN_A_MEGABYTE, 1),
    }


def note_kernel(workspace: Workspace, slug: str, stage: str) -> None:
    """Write down what this kernel has used; the last thing a notebook does."""
    if (used := own_use(with_children=True)) is not None:
        write_json(use_file(workspace, slug, stage), used)


def note_job(workspace: Workspace, slug: str, stage: str, wall_seconds: float) -> None:
    """Add the use of this process, which has started the kernel and waited for it, and the seconds by the clock."""
    # A kernel that was started as a child has told its own half already.
    path, own = use_file(workspace, slug, stage), own_use(with_children=False)
    if own is None or not path.exists():
        return
    both = {name: round(value + own[name], 3) for name, value in read_json(path).items() if name in own}
    write_json(path, asdict(Use(wall_seconds=round(wall_seconds, 3), **both)))


def last_use(workspace: Workspace) -> dict[tuple[str, str], Use]:
    """What each stage used when it was last run, by authority (or trial, or all) and stage."""
    return dict(_read(workspace.use))


def _read(folder: Path) -> Iterator[tuple[tuple[str, str], Use]]:
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        slug, _, stage = path.stem.rpartition(".")
        held: Mapping[str, Any] = read_json(path)
        # A stage that is running, or was killed after its kernel had ended, has only the kernel's half.
        if "wall_seconds" in held:
            yield (slug, stage), Use(**held)
