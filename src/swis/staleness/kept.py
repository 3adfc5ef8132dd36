"""What was worked out from files, kept until one of them changes, so that nothing is read twice."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from swis.io import read_json, write_json


def identity(path: Path) -> list[int]:
    """What changes whenever a file's bytes do: size, times of change of bytes and of entry in nanoseconds, its node."""
    held = path.stat() if path.exists() else path.lstat()
    return [held.st_size, held.st_mtime_ns, held.st_ctime_ns, held.st_ino]


class Kept:
    """Values by name, each with the identities of the files that it was made of.

    Another interpreter, or another text of one of the `makers`, the modules that make the values, forgets all of them.
    """

    def __init__(self, path: Path, makers: Iterable[Path]) -> None:
        """Read what was kept at `path`; nothing where it cannot be read."""
        self._path = path
        self._made_by = [sys.version, [identity(maker) for maker in makers]]
        self._held: dict[str, list[Any]] = {}
        self._has_changed = False
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            read = read_json(path)
            if read["made_by"] == self._made_by:
                self._held = dict(read["held"])

    def of(self, name: str, files: Iterable[Path], make: Callable[[], Any]) -> Any:
        """The value kept under a name, if all its files are as they were, else made now. JSON values only."""
        now = [identity(file) for file in files]
        held = self._held.get(name)
        if held is None or held[0] != now:
            held = self._held[name] = [now, make()]
            self._has_changed = True
        return held[1]

    def save(self) -> None:
        """Write what has come since it was read."""
        if self._has_changed:
            write_json(self._path, {"made_by": self._made_by, "held": self._held})
            self._has_changed = False
