"""The rows of the front page: an authority and its stages, and the stages of trials and of all authorities together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swis.io import read_json
from swis.params import Params
from swis.report.front.files import ReportFiles, report_files
from swis.report.front.status import DONE, EARLIER, Status, authority_statuses, stage_status
from swis.workspace import POOLED, Workspace, trial_slug

# The stages of an authority, as the columns are headed.
STAGE_TITLES: Mapping[str, str] = {
    "validate": "Checks",
    "derive": "Tables",
    "outcomes": "Outcomes",
    "authority_report": "Report",
}
POOLED_TITLES: Mapping[str, str] = {
    "delivery": "How the programmes were delivered",
    "economics": "What they cost and what that bought",
    "speed": "How quickly help came",
    "disclosure": "The door: protection of all that is released",
    "evaluation_report": "Evaluation report",
}
NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class AuthorityLine:
    """One authority: its trials, the verdict of its checks, the status of each stage, its report if one stands."""

    slug: str
    name: str
    trials: str
    verdict: str
    statuses: Mapping[str, Status]
    files: ReportFiles | None


@dataclass(frozen=True)
class PooledLine:
    """One stage of a trial or over all authorities."""

    key: str
    stage: str
    title: str
    over: str
    status: Status


def authority_lines(workspace: Workspace, params: Params) -> list[AuthorityLine]:
    """A line for each authority with a folder of returns, by name; files only of a report that stands."""
    slugs = [slug for slug in workspace.authorities() if slug in params.authorities]
    lines = []
    for slug in sorted(slugs, key=lambda one: params.authorities[one].name):
        one, statuses = params.authorities[slug], authority_statuses(workspace, slug)
        stands = statuses["authority_report"] in (DONE, EARLIER)
        lines.append(
            AuthorityLine(
                slug=slug,
                name=one.name,
                trials="; ".join(params.trials[name].title for name in one.trials),
                verdict=_verdict(workspace, slug, statuses["validate"]),
                statuses=statuses,
                files=report_files(workspace.reports, slug, one.name) if stands else None,
            )
        )
    return lines


def absent_authorities(workspace: Workspace, params: Params) -> list[str]:
    """Names of the authorities of the trials that have no folder of returns in this data set."""
    there = set(workspace.authorities())
    return sorted(one.name for slug, one in params.authorities.items() if slug not in there)


def pooled_lines(workspace: Workspace, params: Params) -> list[PooledLine]:
    """The effects of each trial that has a plan, then the stages over all authorities, in the order of a run."""
    effects = [
        _effects_line(workspace, trial_slug(name), trial.title)
        for name, trial in sorted(params.trials.items())
        if trial.plan is not None
    ]
    others = [
        PooledLine(stage, stage, title, "all authorities", stage_status(workspace, POOLED, stage))
        for stage, title in POOLED_TITLES.items()
    ]
    return [*effects, *others]


def _effects_line(workspace: Workspace, slug: str, title: str) -> PooledLine:
    return PooledLine(slug, "effects", f"Effects of {title}", "one trial", stage_status(workspace, slug, "effects"))


def _verdict(workspace: Workspace, slug: str, checks: Status) -> str:
    """What the checks found, where the latest run got through them."""
    if checks is not DONE:
        return NOT_CHECKED
    path = workspace.derived(slug, "validate") / "verdict.json"
    return str(read_json(path)["status"]) if path.exists() else NOT_CHECKED
