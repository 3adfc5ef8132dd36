"""The files of a report as the front page links them: those released that are on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from swis.disclosure.label import LABEL
from swis.io import read_json
from swis.report.forms import FORMS, form_path

# Forms of a whole report, in the order in which they are offered.
WORDS: Mapping[str, str] = {".html": "Web page", **{ending: form.title for ending, form in FORMS.items()}}
# Folders of what stands beside a report; another folder goes by its own name.
FOLDERS: Mapping[str, str] = {"tables": "Tables", "figures": "Figures", "open_data": "Open data"}


@dataclass(frozen=True)
class Link:
    """A file: the words of its link and where it is, relative to the folder of the run."""

    words: str
    path: str


@dataclass(frozen=True)
class ReportFiles:
    """One report: its whole in several forms, and what stands beside it by folder."""

    report_id: str
    title: str
    forms: tuple[Link, ...]
    folders: tuple[tuple[str, tuple[Link, ...]], ...]

    @property
    def number(self) -> int:
        """How many files there are."""
        return len(self.forms) + sum(len(links) for _, links in self.folders)


def released_outputs(reports: Path, report_id: str) -> dict[str, str]:
    """Path to hash of what was released under a name; empty where nothing is."""
    kept = reports / LABEL / f"{report_id}.json"
    return dict(read_json(kept)["outputs"]) if kept.exists() else {}


def report_files(reports: Path, report_id: str, title: str) -> ReportFiles:
    """The released files of a report that are there."""
    there = [path for path in sorted(released_outputs(reports, report_id)) if (reports / path).is_file()]
    forms = {ending: path for ending in WORDS if (path := form_path(report_id, ending)) in there}
    beside: dict[str, list[Link]] = {}
    for path in there:
        if path not in forms.values():
            folder, *_ = PurePosixPath(path).parts
            beside.setdefault(folder, []).append(Link(PurePosixPath(path).name, path))
    return ReportFiles(
        report_id,
        title,
        tuple(Link(WORDS[ending], path) for ending, path in forms.items()),
        tuple((FOLDERS.get(folder, folder.capitalize()), tuple(links)) for folder, links in sorted(beside.items())),
    )
