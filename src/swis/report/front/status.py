"""How far a stage got, in a word, a symbol and a sentence, read from what the run left on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swis.disclosure.label import LABEL
from swis.errors import EXIT_BAD_INPUT
from swis.io import read_json
from swis.report.forms import page_path
from swis.report.inputs import EVALUATION_ID
from swis.sources.return_files import find_returns
from swis.workspace import DONE as DONE_FILE
from swis.workspace import POOLED, STEPS, Workspace

REFUSED_STEP, *AUTHORITY_STEPS = STEPS


@dataclass(frozen=True)
class Status:
    """A word and a symbol that stand beside each other, so that neither colour nor shape alone tells; what it means."""

    key: str
    word: str
    symbol: str
    meaning: str


# In the order in which a column of them is sorted. The symbols are in every common font.
DONE = Status("done", "done", "●", "the stage got through")
EARLIER = Status("earlier", "of an earlier run", "◘", "the report stands, but the latest run did not pass the door")
WITHDRAWN = Status("withdrawn", "withdrawn", "◊", "the latest release does not hold it, so its files were taken back")
WAITING = Status("waiting", "waiting", "○", "not run yet")
NOT_REACHED = Status("not_reached", "not reached", "–", "a stage before it did not get through")
NO_RETURN = Status("no_return", "no return", "□", "no return has been received")
REFUSED = Status("refused", "refused", "▲", "checks found what must be mended at source first")
FAILED = Status("failed", "failed", "■", "the stage stopped before its end")
STATUSES = (DONE, EARLIER, WITHDRAWN, WAITING, NOT_REACHED, NO_RETURN, REFUSED, FAILED)
BY_KEY: Mapping[str, Status] = {status.key: status for status in STATUSES}


def authority_statuses(workspace: Workspace, slug: str) -> dict[str, Status]:
    """The status of each stage of one authority, in order; after one that failed none is reached."""
    found: dict[str, Status] = {}
    is_stopped = workspace.failure_file(slug, REFUSED_STEP).exists()
    if is_stopped:
        found[AUTHORITY_STEPS[0]] = REFUSED if find_returns(workspace.returns(slug)) else NO_RETURN
    for stage in AUTHORITY_STEPS[len(found) :]:
        found[stage] = NOT_REACHED if is_stopped else stage_status(workspace, slug, stage)
        is_stopped |= found[stage] in (REFUSED, FAILED)
    return found


def stage_status(workspace: Workspace, slug: str, stage: str) -> Status:
    """The status of one stage by itself; `slug` is an authority, the folder of a trial, or `POOLED`."""
    failure = workspace.failure_file(slug, stage)
    if failure.exists():
        return REFUSED if read_json(failure)["exit_code"] == EXIT_BAD_INPUT else FAILED
    if not (workspace.derived(slug, stage) / DONE_FILE).exists():
        return WAITING
    return _report_status(workspace, slug) if stage.endswith("_report") else DONE


def _report_status(workspace: Workspace, slug: str) -> Status:
    """A report that was made may have been taken back since, or stand though the latest run released nothing."""
    report_id = EVALUATION_ID if slug == POOLED else slug
    is_listed = (workspace.reports / LABEL / f"{report_id}.json").exists()
    if not is_listed or not (workspace.reports / page_path(report_id)).exists():
        return WITHDRAWN
    return DONE if workspace.is_finished_pooled("disclosure") else EARLIER
