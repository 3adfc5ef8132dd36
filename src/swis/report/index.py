"""The front page of a run: the evaluation report and every authority with its status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from swis.disclosure.bundle import write_part
from swis.disclosure.label import LABEL, releasable_page, release, withdraw
from swis.disclosure.policy import load_policy
from swis.io import read_json
from swis.notebook.provenance import provenance_text
from swis.params import Params
from swis.report.inputs import ALL, EVALUATION_ID
from swis.report.journal import still_holds
from swis.report.publish import page_path
from swis.report.render import render_index
from swis.report.to_checker import index_part
from swis.workspace import POOLED, Workspace

INDEX = "index"
STATUSES: Mapping[str, str] = {
    "done": "report made",
    "fail": "no report: checks found what must be mended first",
    "failed": "no report: the run stopped for this authority",
    "waiting": "not run yet",
}


@dataclass(frozen=True)
class Line:
    """One authority on the front page."""

    name: str
    trials: str
    verdict: str
    status: str
    page: str | None


def index_lines(
    reports: Path,
    names: Mapping[str, str],
    trials: Mapping[str, str],
    verdicts: Mapping[str, str],
    failed: Collection[str] = (),
) -> list[Line]:
    """A line an authority (`names`: slug to name), in order of name; a link only where its page is there and whole.

    `failed` names the authorities of which a stage of the latest run stopped: an older page of theirs is not linked.
    """
    lines = []
    for slug, name in sorted(names.items(), key=lambda item: item[1]):
        verdict = verdicts.get(slug, "not run")
        is_made = (reports / page_path(slug)).exists() and slug not in failed
        status = "done" if is_made else "fail" if verdict == "fail" else "failed" if slug in failed else "waiting"
        lines.append(Line(name, trials.get(slug, ""), verdict, STATUSES[status], page_path(slug) if is_made else None))
    return lines


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
    """Write the front page of a data set from what is on disk (verdicts, failures, pages), when a run has ended."""
    slugs = [slug for slug in workspace.authorities() if slug in params.authorities]
    names = {slug: params.authorities[slug].name for slug in slugs}
    titles = {slug: _trial_titles(slug, params) for slug in slugs}
    verdicts = {slug: _verdict(workspace, slug) for slug in slugs}
    failed = {slug for slug in slugs if any(workspace.derived(slug, "x").parent.glob("*.failure.json"))}
    definitions = params.definitions.model_copy(update={"data_cut": data_cut})
    return write_index(
        workspace.reports,
        index_lines(workspace.reports, names, titles, verdicts, failed),
        dataset=workspace.dataset,
        is_synthetic=workspace.is_synthetic,
        provenance=provenance_text(workspace, "index", POOLED, definitions),
        policy=load_policy(workspace.params / "disclosure", params.release.policy).title,
        bundle=workspace.bundle,
    )


def _trial_titles(slug: str, params: Params) -> str:
    return "; ".join(params.trials[name].title for name in params.authorities[slug].trials)


def _verdict(workspace: Workspace, slug: str) -> str:
    path = workspace.derived(slug, "validate") / "verdict.json"
    return str(read_json(path)["status"]) if path.exists() else "not run"


def write_index(
    reports: Path,
    lines: list[Line],
    *,
    dataset: str,
    is_synthetic: bool,
    provenance: str,
    policy: str,
    bundle: Path | None = None,
) -> Path:
    """Write `index.html` of a run, and with `bundle` what it says of itself to the output checker; gives its path."""
    evaluation = page_path(EVALUATION_ID)
    has_evaluation = (reports / evaluation).exists()
    page = render_index(
        lines,
        evaluation=evaluation if has_evaluation else None,
        dataset=dataset,
        is_synthetic=is_synthetic,
        provenance=provenance,
        policy=policy,
    )
    # The front page counts nobody.
    outputs = [releasable_page("index.html", page, frozenset())]
    (written,) = release(reports, INDEX, outputs, policy)
    if bundle is not None:
        write_part(bundle, index_part(INDEX, "Front page", outputs))
    return written
