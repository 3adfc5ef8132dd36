"""The bundle of a data set from what lies on disk: the last thing done with a release before a person looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from swis.disclosure.bundle.exceptions import load_exceptions
from swis.disclosure.bundle.model import AuditWords
from swis.disclosure.bundle.rules import rules_of
from swis.disclosure.bundle.write import Release, write_bundle
from swis.disclosure.policy import Policy
from swis.io import read_json, write_json
from swis.workspace import Workspace

AUDIT = "audit.json"


class Found(Protocol):
    """What a scanner says of one file, as `swis.scan.walk.Finding` does."""

    @property
    def file(self) -> str:
        """Path below the folder that was scanned."""

    @property
    def kind(self) -> str:
        """What was found, never its value."""


def write_audit(bundle: Path, audit: AuditWords) -> None:
    """Keep what the audit of the release found, for the bundle that is written when all reports are there."""
    write_json(bundle / AUDIT, asdict(audit))


def read_audit(bundle: Path) -> AuditWords:
    """What the audit of the release found; that none was made where nothing was kept."""
    return AuditWords(**read_json(bundle / AUDIT)) if (bundle / AUDIT).exists() else AuditWords()


def hand_over(
    workspace: Workspace, policy: Policy, *, findings: Iterable[Found] | None = None, provenance: str = ""
) -> str:
    """Write the bundle of a data set and give the verdict on its release: pass, review or fail.

    `findings` are those of a scan of the folder of reports, None where there was none. InputError: an exception that
    is asked for and is not whole.
    """
    release = Release(
        data_set=workspace.dataset,
        is_synthetic=workspace.is_synthetic,
        policy=policy,
        audit=read_audit(workspace.bundle),
        exceptions=load_exceptions(
            workspace.params / "release" / "exceptions.yml", [rule.name for rule in rules_of(policy)]
        ),
        scanned=None if findings is None else by_file(findings),
        provenance=provenance,
    )
    return write_bundle(workspace.bundle, workspace.reports, release)


def by_file(findings: Iterable[Found]) -> dict[str, Sequence[str]]:
    """Kinds of what was found, by file."""
    found: dict[str, list[str]] = {}
    for one in findings:
        found.setdefault(one.file, []).append(one.kind)
    return {**found}
