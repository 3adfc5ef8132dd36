"""The verdict on each output, in the words output checkers know: pass, review, fail.

pass: every rule was applied and proven, and nothing is asked. review: a human has to decide. fail: it must not go out.
The words are those of the ACRO and SACRO tools (github.com/AI-SDC); what leads to each is this compendium's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swis.disclosure.bundle.exceptions import AskedException
from swis.disclosure.bundle.model import AuditWords
from swis.io import read_json, sha256_of_file
from swis.unlabelled import LISTS, unlabelled

PASS, REVIEW, FAIL = "pass", "review", "fail"
ORDER = (PASS, REVIEW, FAIL)


@dataclass(frozen=True)
class Evidence:
    """What outputs are judged by: the audit, the requests, what a scanner found by path, and the files themselves.

    released: path to hash as the lists of the release say; there: path to hash of what lies in the folder.
    """

    audit: AuditWords
    exceptions: tuple[AskedException, ...]
    scanned: Mapping[str, Sequence[str]] | None
    released: Mapping[str, str]
    there: Mapping[str, str]


def released_hashes(reports: Path) -> dict[str, dict[str, str]]:
    """Report to path to hash, from the lists that the releases of a data set have left."""
    return {path.stem: dict(read_json(path)["outputs"]) for path in sorted((reports / LISTS).glob("*.json"))}


def present_hashes(reports: Path, paths: Collection[str]) -> dict[str, str]:
    """Path to hash of those of the files that are there."""
    return {path: sha256_of_file(reports / path) for path in sorted(paths) if (reports / path).is_file()}


def unlabelled_files(reports: Path) -> list[str]:
    """Files of a data set that no list names with the bytes they have, below its folder."""
    found = (path for path in unlabelled(reports.parent) if path.parts[0] == reports.name)
    return [path.relative_to(reports.name).as_posix() for path in found]


def judged(output: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    """The output with its `status`, the reasons (`why`) and the requests made for it."""
    asked = [one.model_dump(exclude={"output"}) for one in evidence.exceptions if one.output == output["path"]]
    failing = _failing(output, evidence)
    open_ = _open(output, evidence, asked)
    status = FAIL if failing else REVIEW if open_ else PASS
    return {**output, "status": status, "why": [*failing, *open_], "exceptions": asked}


def worst(statuses: Collection[str]) -> str:
    """The worst of several verdicts; 'review' where there is nothing to judge."""
    return max(statuses, key=ORDER.index, default=REVIEW)


def _failing(output: Mapping[str, Any], evidence: Evidence) -> list[str]:
    path = output["path"]
    found = (evidence.scanned or {}).get(path, ())
    faults = {
        "no list of the release names this file": path not in evidence.released,
        "the file is not there": path not in evidence.there,
        "its bytes are not those that were released": evidence.there.get(path, "") != evidence.released.get(path, "")
        or (bool(output["sha256"]) and output["sha256"] != evidence.released.get(path)),
        "the audit of the release failed": evidence.audit.is_safe is False and not output["is_about_nobody"],
        f"the scanner found: {', '.join(sorted(set(found)))}": bool(found),
    }
    said = [words for words, is_so in faults.items() if is_so]
    # Absent bytes differ from all others: one reason is enough.
    return said[:1] if path not in evidence.there else said


def _open(output: Mapping[str, Any], evidence: Evidence, asked: Sequence[Mapping[str, str]]) -> list[str]:
    counts = not output["is_about_nobody"]
    has_numbers = output["kind"] in {"table", "figure"} and counts
    questions = {
        "no description came with it": output["kind"] == "unknown",
        "no counts behind it are in this bundle": has_numbers and output["behind"] is None,
        "no audit of the release was made": evidence.audit.is_safe is None and counts,
        "the folder was not scanned for identifiers": evidence.scanned is None,
        "an exception is asked for": bool(asked),
    }
    return [words for words, is_so in questions.items() if is_so]
