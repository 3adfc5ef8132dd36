"""The runs side by side: every data set of this checkout with its authorities and how far each got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swis.params import Params
from swis.report.front.changes import read_record
from swis.report.front.status import BY_KEY, DONE, EARLIER, Status
from swis.workspace import Workspace

REPORT = "authority_report"
EVALUATION = "evaluation_report"


@dataclass(frozen=True)
class RunLine:
    """One data set: where its front page is, the status of each authority's report and of the evaluation report."""

    dataset: str
    is_synthetic: bool
    page: str
    authorities: tuple[tuple[str, Status], ...]
    evaluation: Status

    @property
    def reported(self) -> int:
        """Of how many authorities a report stands."""
        return sum(status in (DONE, EARLIER) for _, status in self.authorities)


def run_lines(root: Path, params: Params) -> list[RunLine]:
    """A line for each data set that has a front page and its record, by name."""
    pages = sorted((root / "reports").glob("*/index.html"))
    workspaces = [Workspace(root, page.parent.name) for page in pages]
    held = [(workspace, read_record(workspace.front_record)) for workspace in workspaces]
    return [_line(workspace, record["statuses"], params) for workspace, record in held if record is not None]


def _line(workspace: Workspace, statuses: Mapping[str, Mapping[str, str]], params: Params) -> RunLine:
    named = {slug: params.authorities[slug].name for slug in statuses if slug in params.authorities}
    of = {name: BY_KEY[statuses[slug][REPORT]] for slug, name in named.items()}
    return RunLine(
        workspace.dataset,
        workspace.is_synthetic,
        f"{workspace.dataset}/index.html",
        tuple(sorted(of.items())),
        BY_KEY[statuses[EVALUATION][EVALUATION]],
    )
