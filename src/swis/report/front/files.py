"""The files of a report as the front page links them: those released that are on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from swis.disclosure.label import LABEL
from swis.io import read_json

# Forms of a whole report, in the order in which they are offered.
FORMS: Mapping[str, str] = {
    ".html": "Web page",
    ".pdf": "PDF",
    ".docx": "Word",
    ".xlsx": "Excel",
    ".ods": "OpenDocument",
}
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
    forms = {PurePosixPath(path).suffix: path for path in there if _is_whole(path, report_id)}
    beside: dict[str, list[Link]] = {}
    for path in there:
        if path not in forms.values():
            folder, *_ = PurePosixPath(path).parts
            beside.setdefault(folder, []).append(Link(PurePosixPath(path).name, path))
    return ReportFiles(
        report_id,
        title,
        tuple(Link(words, forms[suffix]) for suffix, words in FORMS.items() if suffix in forms),
        tuple((FOLDERS.get(folder, folder.capitalize()), tuple(links)) for folder, links in sorted(beside.items())),
    )


def _is_whole(path: str, report_id: str) -> bool:
    given = PurePosixPath(path)
    return given.stem == report_id and given.suffix in FORMS and len(given.parts) <= len(("authorities", "name"))
