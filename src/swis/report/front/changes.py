"""What changed since the front page was written last: statuses, and files by their hash. The record holds no values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swis.io import read_json, write_json
from swis.report.front.lines import POOLED_TITLES, STAGE_TITLES
from swis.report.front.status import BY_KEY, DONE, NOT_REACHED, Status

# Of the record; one of another form is none.
FORM = 1
ORDER = [*STAGE_TITLES, "effects", *POOLED_TITLES]
Outputs = Mapping[str, Mapping[str, str]]
Statuses = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class FileChanges:
    """The files of one report that were added, changed or removed."""

    title: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def sorted_out(self) -> list[tuple[str, tuple[str, ...]]]:
        """What happened to which files, where something did."""
        told = (("added", self.added), ("changed", self.changed), ("removed", self.removed))
        return [(what, paths) for what, paths in told if paths]

    @property
    def words(self) -> str:
        """'Hull: 1 file added, 3 changed'."""
        numbers = [f"{len(paths)} {what}" for what, paths in self.sorted_out]
        first, *others = numbers
        number, what = first.split()
        return ", ".join([f"{number} {'file' if number == '1' else 'files'} {what}", *others])


@dataclass(frozen=True)
class Changes:
    """Sentences about authorities and stages, and the files of each report."""

    statuses: tuple[str, ...]
    files: tuple[FileChanges, ...]

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.statuses or self.files)


def record_of(statuses: Statuses, outputs: Outputs) -> dict[str, Any]:
    """What is kept for the next time: statuses by authority and stage, hashes by report and path."""
    return {"form": FORM, "statuses": statuses, "outputs": outputs}


def read_record(path: Path) -> dict[str, Any] | None:
    """The record of the last time; None where there is none of this form."""
    held = read_json(path) if path.exists() else None
    return held if isinstance(held, dict) and held.get("form") == FORM else None


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Keep the record for the next time, on the restricted side."""
    write_json(path, record)


def changes_between(before: Mapping[str, Any], now: Mapping[str, Any], titles: Mapping[str, str]) -> Changes:
    """What differs between two records; `titles` gives the names of authorities, stages and reports."""
    return Changes(
        tuple(_status_changes(before["statuses"], now["statuses"], titles)),
        tuple(_file_changes(before["outputs"], now["outputs"], titles)),
    )


def _status_changes(before: Statuses, now: Statuses, titles: Mapping[str, str]) -> list[str]:
    said = []
    for name in sorted({*before, *now}, key=lambda one: titles.get(one, one)):
        then, today = _in_all(before.get(name)), _in_all(now.get(name))
        if then != today:
            said.append(f"{titles.get(name, name)}: {today} (before: {then})")
    return said


def _in_all(stages: Mapping[str, str] | None) -> str:
    """How far one got in a few words: 'done', 'refused at ‘Tables’', 'not in this data set'."""
    if stages is None:
        return "not in this data set"
    # In the order of a run, which a record that was read back has lost.
    for stage in sorted(stages, key=ORDER.index):
        status: Status = BY_KEY[stages[stage]]
        if status not in (DONE, NOT_REACHED):
            return f"{status.word} at ‘{STAGE_TITLES[stage]}’" if len(stages) > 1 else status.word
    return DONE.word


def _file_changes(before: Outputs, now: Outputs, titles: Mapping[str, str]) -> list[FileChanges]:
    found = []
    for name in sorted({*before, *now}, key=lambda one: titles.get(one, one)):
        then, today = before.get(name, {}), now.get(name, {})
        added, removed = sorted(set(today) - set(then)), sorted(set(then) - set(today))
        changed = sorted(path for path in set(then) & set(today) if then[path] != today[path])
        if added or changed or removed:
            found.append(FileChanges(titles.get(name, name), tuple(added), tuple(changed), tuple(removed)))
    return found
