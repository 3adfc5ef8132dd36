"""The files of a figure: its picture in pixels and in lines, and the protected numbers it was drawn from."""

from __future__ import annotations

from collections.abc import Collection

from swis.disclosure.label import Releasable, releasable_figure, releasable_table, releasable_vector
from swis.disclosure.protected import Protected
from swis.report.model import Figure

FIGURE_FORMS = ("png", "svg", "csv")


def figure_path(figure: Figure, report_id: str, form: str) -> str:
    """Where a form of a figure is kept, relative to the run's folder of reports."""
    return f"figures/{report_id}/{figure.id}.{form}"


def figure_files(figure: Figure, report_id: str, tidied: Protected, numbers: Collection[int]) -> list[Releasable]:
    """Picture, drawing and data of one figure; `tidied` is what it was drawn from as files show it.

    `numbers` are the counts that passed the door for the report; DisclosureError where the drawing shows others.
    """
    return [
        releasable_figure(figure_path(figure, report_id, "png"), figure.png),
        releasable_vector(figure_path(figure, report_id, "svg"), figure.svg, tidied, numbers),
        releasable_table(figure_path(figure, report_id, "csv"), tidied),
    ]
