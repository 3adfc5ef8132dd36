"""The front page of a run and the page of all runs as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from swis.report.front.lines import STAGE_TITLES
from swis.report.front.model import Front
from swis.report.front.runs import RunLine
from swis.report.front.status import STATUSES
from swis.report.render import render_other, script_text


def render_index(front: Front) -> str:
    """The front page of a run, with its one script."""
    script = Markup(front_script())
    return render_other("index.html.j2", front=front, stages=STAGE_TITLES, statuses=STATUSES, script=script)


def render_runs(runs: Sequence[RunLine]) -> str:
    """The page that lists the runs of a checkout."""
    return render_other("runs.html.j2", runs=runs)


def front_script() -> str:
    """The script of the front page: search and sorting, without which the page is whole."""
    return script_text("index.js")
