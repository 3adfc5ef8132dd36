"""From the parts of all reports to the bundle: `disclosure.json`, a page for the checker and the checksums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from swis.disclosure.bundle.checked import (
    FAIL,
    ORDER,
    Evidence,
    judged,
    present_hashes,
    released_hashes,
    unlabelled_files,
    worst,
)
from swis.disclosure.bundle.exceptions import AskedException
from swis.disclosure.bundle.model import AuditWords
from swis.disclosure.bundle.page import render_page
from swis.disclosure.bundle.parts import OUTPUTS, drop_part, read_parts
from swis.disclosure.bundle.rules import rules_of
from swis.disclosure.policy import Policy
from swis.io import write_json, write_text

JSON, PAGE, CHECKSUMS = "disclosure.json", "index.html", "checksums.txt"
RESTRICTED = "For the output checker only: not part of the release"


@dataclass(frozen=True)
class Release:
    """A release as a whole: its data set, the policy, what the audit found, the requests, and what a scanner found.

    scanned: path below the folder of reports to the kinds of what was found there, never values; None: not scanned.
    """

    data_set: str
    is_synthetic: bool
    policy: Policy
    audit: AuditWords = field(default_factory=AuditWords)
    exceptions: tuple[AskedException, ...] = ()
    scanned: Mapping[str, Sequence[str]] | None = None
    provenance: str = ""


def write_bundle(bundle: Path, reports: Path, release: Release) -> str:
    """Write the bundle of what is in `reports` (the folder of one data set) and give the verdict on the whole.

    Parts of reports that are no longer released are dropped. The same release gives the same bytes.
    """
    lists = released_hashes(reports)
    parts = [part for part in read_parts(bundle) if part["report"] in lists]
    for stale in {path.stem for path in (bundle / OUTPUTS).glob("*.json")} - set(lists):
        drop_part(bundle, stale)
    told = _told(release, reports, lists, parts)
    write_json(bundle / JSON, told)
    write_text(bundle / CHECKSUMS, _checksums(lists))
    write_text(bundle / PAGE, render_page(told))
    return str(told["status"])


def _told(
    release: Release, reports: Path, lists: Mapping[str, Mapping[str, str]], parts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    released = {path: digest for one in lists.values() for path, digest in one.items()}
    there = present_hashes(reports, released)
    evidence = Evidence(release.audit, release.exceptions, release.scanned, released, there)
    outputs = [judged(output, evidence) for output in (*_described(parts), *_undescribed(lists, parts))]
    named = {output["path"] for output in outputs}
    foreign = unlabelled_files(reports)
    # Its lists, or files whose names themselves may not be said.
    elsewhere = {path: sorted(set(kinds)) for path, kinds in (release.scanned or {}).items() if path not in named}
    missed = [one.model_dump() for one in release.exceptions if one.output not in named]
    return {
        "about": RESTRICTED,
        "data_set": release.data_set,
        "is_synthetic": release.is_synthetic,
        "status": worst(
            [*(output["status"] for output in outputs), release.audit.status, *(FAIL for _ in (*foreign, *elsewhere))]
        ),
        "counts": {word: Counter(output["status"] for output in outputs)[word] for word in ORDER},
        "policy": release.policy.model_dump(include={"name", "title", "source", "assumed"}),
        "rules": [asdict(rule) for rule in rules_of(release.policy)],
        "audit": {**asdict(release.audit), "status": release.audit.status},
        "exceptions": [one.model_dump() for one in release.exceptions],
        "exceptions_that_name_no_output": missed,
        "unlabelled_files": foreign,
        "found_elsewhere": elsewhere,
        "measures": {name: words for part in parts for name, words in part["measures"].items()},
        "reports": {part["report"]: part["title"] for part in parts},
        "outputs": outputs,
        "provenance": release.provenance,
    }


def _described(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**output, "report": part["report"]} for part in parts for output in part["outputs"]]


def _undescribed(lists: Mapping[str, Mapping[str, str]], parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Released files that no report has said anything of: a checker must see them too."""
    described = {output["path"] for part in parts for output in part["outputs"]}
    blank = {"kind": "unknown", "id": "", "title": "", "population": "", "unit": "", "measures": [], "note": ""}
    more = {"size_bytes": 0, "is_about_nobody": False, "cells": None, "behind": None}
    return [
        {**blank, **more, "path": path, "sha256": digest, "report": report}
        for report, one in lists.items()
        for path, digest in sorted(one.items())
        if path not in described
    ]


def _checksums(lists: Mapping[str, Mapping[str, str]]) -> str:
    """As `sha256sum --check` reads them in the folder of reports."""
    hashes = {path: digest for one in lists.values() for path, digest in one.items()}
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
