"""The last step of a run: the release is scanned, and the bundle for the output checker is written beside it."""

from __future__ import annotations

import click

from swis.commands.check_release import own_paths
from swis.disclosure.bundle import AuditWords, hand_over, write_audit
from swis.disclosure.door import AUDIT
from swis.disclosure.policy import load_policy
from swis.io import read_json
from swis.params import Params
from swis.scan.judge import Judge
from swis.scan.known import Known
from swis.scan.walk import Finding, scan_folder
from swis.workspace import POOLED, Workspace

SHOWN = 5
SAFE = "every sensitive number could be anything that the policy wants, given all that is shown in this release"


def hand_over_release(workspace: Workspace, params: Params, jobs: int = 1) -> tuple[Finding, ...]:
    """Scan the reports, `jobs` files at a time, write the bundle and say both; gives what the scan found.

    Whether identifiers of the returns stand in a file is asked by `swis check-release`, which reads all returns.
    """
    if not workspace.is_finished_pooled("disclosure"):
        return ()
    write_audit(workspace.bundle, _audit_words(workspace))
    judge = Judge(Known(), own_paths(workspace.reports, [workspace.root]))
    found = scan_folder(workspace.reports, judge, jobs=jobs).findings
    policy = load_policy(workspace.params / "disclosure", params.release.policy)
    verdict = hand_over(workspace, policy, findings=found)
    place = workspace.bundle.relative_to(workspace.root)
    click.echo(f"For the output checker: {place}/index.html ({verdict}); before release: swis check-release")
    for one in found[:SHOWN]:
        click.echo(f"NOT CLEAN: {one.file}: {one.kind}", err=True)
    return found


def _audit_words(workspace: Workspace) -> AuditWords:
    held = read_json(workspace.derived(POOLED, "disclosure") / AUDIT)
    return AuditWords(
        is_safe=held["is_safe"],
        words=SAFE if held["is_safe"] else "the audit did not hold",
        cells=held["cells"],
        hidden_primary=held["hidden_for_their_own_sake"],
        hidden_secondary=held["hidden_for_others"],
    )
