"""What a job says to the run that follows it: that it has begun, and how it ended.

On one machine a job says it on its standard output, which the run reads through Snakemake. On a cluster that output
goes to a log on some node, so the job says it in a file of a folder that all nodes share; the run reads them as they
grow. Neither carries more than names, an exit code and seconds.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# What a job says begins with this, one line each.
SIGNAL = "::swis::"
# Names the folder of words where there is one.
FOLDER = "SWIS_WORDS"
BEGUN = re.compile(rf"{SIGNAL} *(\S+) (\S+) begun\b")
ENDED = re.compile(rf"{SIGNAL} *(\S+) (\S+) (\d+) (\d+\.\d+)")
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Job:
    """One stage of one authority as it ended: exit code and wall seconds.

    A job that was lost was begun, or handed to a cluster, and never said how it ended: it was killed, as a rule.
    """

    authority: str
    stage: str
    exit_code: int
    seconds: float
    is_lost: bool = False


@dataclass(frozen=True)
class Begun:
    """One stage of one authority that has begun."""

    authority: str
    stage: str


@dataclass(frozen=True)
class Planned:
    """How many notebooks of each stage Snakemake is about to run for one target."""

    counts: Mapping[str, int]


Event = Planned | Begun | Job


def say_begun(authority: str, stage: str) -> None:
    """Say that a job has begun."""
    _say(authority, stage, "begun")


def say_ended(authority: str, stage: str, exit_code: int, seconds: float) -> None:
    """Say how a job has ended."""
    _say(authority, stage, f"{exit_code} {seconds:.1f}")


def _say(authority: str, stage: str, what: str) -> None:
    line = f"{SIGNAL} {authority} {stage} {what}\n"
    if folder := os.environ.get(FOLDER):
        with (Path(folder) / f"{authority}.{stage}").open("a", encoding="utf-8") as words:
            words.write(line)
        return
    # In one piece: `print` writes the end of the line by itself, and two jobs that end at once would share a line.
    sys.stdout.write(line)
    sys.stdout.flush()


def words_in(line: str) -> list[Begun | Job]:
    """What jobs have said in a line; Snakemake's own words may stand before and behind it."""
    begun = [Begun(authority, stage) for authority, stage in BEGUN.findall(line)]
    return [*begun, *(Job(one, stage, int(code), float(spent)) for one, stage, code, spent in ENDED.findall(line))]


def without_words(line: str) -> str:
    """The line without what jobs have said in it."""
    return ENDED.sub("", BEGUN.sub("", line))


def empty_folder(folder: Path) -> None:
    """Make the folder of words anew: what an earlier run said is no news."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def with_words(
    lines: Iterable[str], folder: Path | None, has_all: Callable[[], bool], patience_seconds: float
) -> Iterator[str]:
    """The lines as they come and, where there is a folder of words, those that jobs write into it meanwhile.

    What another machine has written may be seen late: after the last line, words are waited for until `has_all`.
    """
    if folder is None:
        yield from lines
        return
    arrived: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_pass_on, args=(lines, arrived), daemon=True).start()
    read_to: dict[Path, int] = {}
    is_over = False
    while not is_over:
        try:
            line = arrived.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            pass
        else:
            is_over = line is None
            if line is not None:
                yield line
                continue
        yield from new_words(folder, read_to)
    until = time.monotonic() + patience_seconds
    while not has_all() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        yield from new_words(folder, read_to)


def _pass_on(lines: Iterable[str], arrived: queue.SimpleQueue[str | None]) -> None:
    try:
        for line in lines:
            arrived.put(line)
    finally:
        arrived.put(None)


def new_words(folder: Path, read_to: dict[Path, int]) -> list[str]:
    """The whole lines that have been added to the folder's files; `read_to` keeps how far each has been read."""
    found: list[str] = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as words:
            words.seek(read_to.get(path, 0))
            whole, end, _ = words.read().rpartition(b"\n")
        read_to[path] = read_to.get(path, 0) + len(whole) + len(end)
        found += [f"{line}\n" for line in whole.decode("utf-8").splitlines()]
    return found


def has_ended(authority: str, stage: str, exit_code: int) -> bool:
    """Whether this job has ended with this code before in the same run; only a folder of words can tell."""
    folder = os.environ.get(FOLDER)
    path = Path(folder or "") / f"{authority}.{stage}"
    words = path.read_text(encoding="utf-8") if folder and path.exists() else ""
    return any(code == str(exit_code) for _, _, code, _ in ENDED.findall(words))
