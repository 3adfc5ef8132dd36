"""Go through a folder that is to be released: every file in it, whatever its name, and the names themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from swis.io import file_bytes
from swis.scan.judge import Judge
from swis.scan.parts import LINK, UNREADABLE, Found, Text
from swis.scan.reading import FileReading

WITHHELD = "[name withheld]"


@dataclass(frozen=True, order=True)
class Finding:
    """One kind of thing in one file: what a person needs to find and mend it, and no value."""

    file: str
    place: str
    kind: str
    count: int


@dataclass(frozen=True)
class Scanned:
    """What a scan came to."""

    findings: tuple[Finding, ...]
    files: int
    size: int


def scan_folder(folder: Path, judge: Judge, follow: Callable[[int], None] = lambda done: None) -> Scanned:
    """Read every file under a folder (or the one file); findings sorted by file. `follow` is told of each file done."""
    findings: list[Finding] = []
    files = size = 0
    for number, path in enumerate(_files(folder), 1):
        named = path.relative_to(folder).as_posix() if path != folder else path.name
        hits, _ = judge.text(Text("name", named))
        shown = f"{WITHHELD} file {number}" if hits else named
        findings += [Finding(shown, "name of the file", kind, 1) for kind in sorted({kind for kind, _ in hits})]
        findings += [Finding(shown, one.place, one.kind, one.count) for one in _read(path, judge)]
        files, size = files + 1, size + _size(path)
        follow(files)
    return Scanned(tuple(sorted(findings)), files, size)


def _read(path: Path, judge: Judge) -> list[Found]:
    if path.is_symlink():
        return [Found("", LINK)]
    try:
        content = file_bytes(path)
    except OSError:
        return [Found("", UNREADABLE)]
    return FileReading(judge).read(content, path.name)


def _files(folder: Path) -> Iterator[Path]:
    """Every file, hidden ones too, in the order of their names; links are named and not followed."""
    if not folder.is_dir():
        yield folder
        return
    for above, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(above) / name).is_symlink()]
        yield from (Path(above) / name for name in sorted([*names, *links]))


def _size(path: Path) -> int:
    return 0 if path.is_symlink() else path.stat().st_size


def counts_by_kind(findings: Sequence[Finding]) -> dict[str, int]:
    """In how many files each kind was found."""
    kinds = sorted({finding.kind for finding in findings})
    return {kind: len({one.file for one in findings if one.kind == kind}) for kind in kinds}
