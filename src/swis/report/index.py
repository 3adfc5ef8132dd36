"""The front page of a run: the evaluation report and every authority with its status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swis.disclosure.label import releasable_page, release
from swis.report.pages import EVALUATION_ID
from swis.report.publish import page_path
from swis.report.render import render_index

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
    reports: Path, names: Mapping[str, str], trials: Mapping[str, str], verdicts: Mapping[str, str]
) -> list[Line]:
    """A line an authority (`names`: slug to name), in order of name; a link only where the page is there."""
    lines = []
    for slug, name in sorted(names.items(), key=lambda item: item[1]):
        is_made = (reports / page_path(slug)).exists()
        verdict = verdicts.get(slug, "not run")
        status = STATUSES["fail" if verdict == "fail" else "done" if is_made else "waiting"]
        lines.append(Line(name, trials.get(slug, ""), verdict, status, page_path(slug) if is_made else None))
    return lines


def write_index(reports: Path, lines: list[Line], *, dataset: str, is_synthetic: bool, provenance: str) -> Path:
    """Write `index.html` of a run; gives its path."""
    evaluation = page_path(EVALUATION_ID)
    has_evaluation = (reports / evaluation).exists()
    page = render_index(
        lines,
        evaluation=evaluation if has_evaluation else None,
        dataset=dataset,
        is_synthetic=is_synthetic,
        provenance=provenance,
    )
    return release(reports, "index", [releasable_page("index.html", page)])[0]
