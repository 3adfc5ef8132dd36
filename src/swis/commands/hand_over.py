"""The last step of a run: the release is scanned, and the bundle for the output checker is written beside it."""

from __future__ import annotations

from swis.commands.check_release import own_paths
from swis.commands.handed_over import HandedOver
from swis.disclosure.bundle import AuditWords, hand_over, write_audit
from swis.disclosure.door import AUDIT
from swis.disclosure.policy import load_policy
from swis.io import read_json
from swis.params import Params
from swis.scan.judge import Judge
from swis.scan.known import Known
from swis.scan.walk import Finding, scan_folder
from swis.staleness.inputs import files_below
from swis.staleness.kept import identity
from swis.staleness.reached import reached_by_run
from swis.staleness.remembered import hash_of, recall, remember
from swis.workspace import POOLED, Workspace

SCANNER = "swis.scan.walk"
SAFE = "every sensitive number could be anything that the policy wants, given all that is shown in this release"


def hand_over_release(workspace: Workspace, params: Params, jobs: int) -> HandedOver | None:
    """Scan the reports for what tells itself and write the bundle; None where the door has let nothing through.

    Whether identifiers of the returns stand in a file is asked by `swis check-release`, which reads all returns.
    """
    if not workspace.is_finished_pooled("disclosure"):
        return None
    write_audit(workspace.bundle, _audit_words(workspace))
    found = _scanned(workspace, jobs)
    policy = load_policy(workspace.params / "disclosure", params.release.policy)
    verdict = hand_over(workspace, policy, findings=found)
    return HandedOver(verdict, tuple(f"{one.file}: {one.kind}" for one in found))


def _scanned(workspace: Workspace, jobs: int) -> tuple[Finding, ...]:
    """What the scan of the reports finds. Files found clean before by the same code are read again if they changed."""
    paths = own_paths(workspace.reports, [workspace.root])
    place = workspace.staleness / "found_clean.json"
    hashed = hash_of([paths, reached_by_run(workspace).modules(SCANNER)])
    before = dict(recall(place, hashed) or {})
    now = {name: identity(workspace.reports / name) for name in files_below(workspace.reports)}
    clean = {name for name, held in now.items() if before.get(name) == held}
    found = scan_folder(workspace.reports, Judge(Known(), paths), jobs=jobs, clean=clean).findings
    # A release in which something was found is read in full the next time.
    remember(place, hashed, {} if found else now)
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
