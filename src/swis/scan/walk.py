"""Go through a folder that is to be released: every file in it, whatever its name, and the names themselves."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from swis.garbage import uncollected
from swis.io import file_bytes
from swis.scan.judge import Judge
from swis.scan.parts import LINK, UNREADABLE, Found, Text
from swis.scan.reading import WITHHELD, FileReading

FEWEST_FILES_TO_SHARE = 16
FILES_AT_ONCE = 4


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


def scan_folder(folder: Path, judge: Judge, *, jobs: int = 1, clean: Collection[str] = ()) -> Scanned:
    """Read every file under a folder (or the one file), `jobs` at a time; findings sorted by file.

    `clean` are names of files in which the same judge has found nothing, and which are as they were: not read again.
    """
    named = [(path, path.relative_to(folder).as_posix() if path != folder else path.name) for path in _files(folder)]
    numbered = [(path, name, number) for number, (path, name) in enumerate(named, 1) if name not in clean]
    if jobs == 1 or len(numbered) < FEWEST_FILES_TO_SHARE:
        found = [_findings(one, judge) for one in numbered]
    else:
        # A fork inherits the judge: its key and hashes pass through no pipe and no file.
        with ProcessPoolExecutor(jobs, get_context("fork"), _take, (judge,)) as pool:
            found = list(pool.map(_findings_of_share, numbered, chunksize=FILES_AT_ONCE))
    findings = sorted(finding for share in found for finding in share)
    return Scanned(tuple(findings), len(named), sum(_size(path) for path, _ in named))


def _findings(numbered: tuple[Path, str, int], judge: Judge) -> list[Finding]:
    """What is found in one file and in its name; a name that tells of a child is not repeated."""
    path, name, number = numbered
    hits, _ = judge.text(Text("name", name))
    shown = f"{WITHHELD} file {number}" if hits else name
    findings = [Finding(shown, "name of the file", kind, 1) for kind in sorted({kind for kind, _ in hits})]
    return findings + [Finding(shown, one.place, one.kind, one.count) for one in _read(path, judge)]


_taken: list[Judge] = []


def _take(judge: Judge) -> None:
    _taken[:] = [judge]


def _findings_of_share(numbered: tuple[Path, str, int]) -> list[Finding]:
    return _findings(numbered, _taken[0])


def _read(path: Path, judge: Judge) -> list[Found]:
    if path.is_symlink():
        return [Found("", LINK)]
    try:
        content = file_bytes(path)
    except OSError:
        return [Found("", UNREADABLE)]
    # A PDF is a million objects, all of them needed until it is read.
    with uncollected():
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
