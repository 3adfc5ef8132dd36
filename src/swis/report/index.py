"""The front page of a run, written from what is on disk when the run has ended, and the page of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from swis.disclosure.bundle import write_part
from swis.disclosure.label import LABEL, releasable_page, release, withdraw
from swis.disclosure.policy import load_policy
from swis.notebook.provenance import provenance_text
from swis.params import Params
from swis.report.front.changes import changes_between, read_record, record_of, write_record
from swis.report.front.files import ReportFiles, released_outputs, report_files
from swis.report.front.lines import AuthorityLine, PooledLine, absent_authorities, authority_lines, pooled_lines
from swis.report.front.model import Front
from swis.report.front.page import front_script, render_index, render_runs
from swis.report.front.runs import run_lines
from swis.report.front.status import DONE, EARLIER, stage_status
from swis.report.inputs import ALL, EVALUATION_ID
from swis.report.journal import still_holds
from swis.report.to_checker import index_part
from swis.workspace import POOLED, Workspace

INDEX = "index"
EVALUATION_TITLE = "Evaluation report"


def withdraw_others(workspace: Workspace) -> list[str]:
    """Take back the reports of areas that the latest passing of the door did not hold; gives their names.

    Their numbers were proven beside others than those that are released now, and the two could be subtracted.
    """
    if not workspace.is_finished_pooled("disclosure"):
        return []
    kept = {EVALUATION_ID, INDEX, *(folder.name for folder in workspace.released(ALL).parent.iterdir())}
    names = [path.stem for path in sorted((workspace.reports / LABEL).glob("*.json"))]
    others = [name for name in names if name not in kept and not still_holds(workspace.reports, name)]
    for name in others:
        withdraw(workspace.reports, name)
    return others


def refresh_index(workspace: Workspace, params: Params, data_cut: date) -> Path:
    """Write the front page of a data set from what is on disk, and the page of all runs; gives the path of the first.

    What has changed is told against the record that was kept when the page was last written.
    """
    authorities, pooled = authority_lines(workspace, params), pooled_lines(workspace, params)
    now = _record(workspace, authorities, pooled)
    before = read_record(workspace.front_record)
    titles = {**{line.slug: line.name for line in authorities}, **{line.key: line.title for line in pooled}}
    policy = load_policy(workspace.params / "disclosure", params.release.policy).title
    front = Front(
        dataset=workspace.dataset,
        is_synthetic=workspace.is_synthetic,
        evaluation=_evaluation(workspace),
        authorities=authorities,
        absent=absent_authorities(workspace, params),
        pooled=pooled,
        changes=None if before is None else changes_between(before, now, titles | {EVALUATION_ID: EVALUATION_TITLE}),
        policy=policy,
        provenance=provenance_text(
            workspace, "index", POOLED, params.definitions.model_copy(update={"data_cut": data_cut})
        ),
    )
    written = write_index(workspace.reports, front, workspace.bundle)
    write_record(workspace.front_record, now)
    write_runs(workspace.root, params, policy)
    return written


def _evaluation(workspace: Workspace) -> ReportFiles | None:
    stands = stage_status(workspace, POOLED, "evaluation_report") in (DONE, EARLIER)
    return report_files(workspace.reports, EVALUATION_ID, EVALUATION_TITLE) if stands else None


def _record(workspace: Workspace, authorities: Sequence[AuthorityLine], pooled: Sequence[PooledLine]) -> dict[str, Any]:
    statuses: dict[str, Mapping[str, str]] = {
        line.slug: {stage: status.key for stage, status in line.statuses.items()} for line in authorities
    }
    statuses |= {line.key: {line.stage: line.status.key} for line in pooled}
    lists = [path.stem for path in (workspace.reports / LABEL).glob("*.json") if path.stem != INDEX]
    return record_of(statuses, {name: released_outputs(workspace.reports, name) for name in lists})


def write_index(reports: Path, front: Front, bundle: Path | None = None) -> Path:
    """Write `index.html` of a run, and with `bundle` what it says of itself to the output checker; gives its path."""
    # The front page counts nobody; its one script is ours, word for word.
    outputs = [releasable_page("index.html", render_index(front), frozenset(), scripts=[front_script()])]
    (written,) = release(reports, INDEX, outputs, front.policy)
    if bundle is not None:
        write_part(bundle, index_part(INDEX, "Front page", outputs))
    return written


def write_runs(root: Path, params: Params, policy: str) -> Path:
    """Write `reports/index.html`, which lists the runs of this checkout; gives its path."""
    (written,) = release(
        root / "reports",
        INDEX,
        [releasable_page("index.html", render_runs(run_lines(root, params)), frozenset())],
        policy,
    )
    return written
