"""The label 'releasable': what carries it has passed the door, and nothing else is written under `reports/`.

What was released stands in lists beside it, by path and hash; `swis.unlabelled` finds what is in none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from swis.disclosure.proof import prove_page
from swis.disclosure.protected import IDENTIFYING, DisclosureError, Protected
from swis.disclosure.vector import prove_setting, prove_vector
from swis.io import file_bytes, read_json, write_bytes, write_json
from swis.offline.hook import raise_if_tried

LABEL = "releasable"
# How the forms of a report begin that are made beside its page: packed files, and PDF.
BEGINNINGS: Mapping[str, bytes] = {
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".ods": b"PK\x03\x04",
    ".pdf": b"%PDF-",
}


@dataclass(frozen=True)
class Releasable:
    """The bytes of one file and where it goes, relative to the run's folder of reports. Made only by this module."""

    path: PurePosixPath
    content: bytes
    label: str = LABEL


def releasable_page(path: str, page: str, numbers: Collection[int], scripts: Collection[str] = ()) -> Releasable:
    """An HTML page, proven first to hold no count but `numbers` and no script but the texts in `scripts`.

    DisclosureError where the proof fails.
    """
    prove_page(page, numbers, scripts)
    return Releasable(_inside(path), page.encode("utf-8"))


def releasable_table(path: str, table: Protected) -> Releasable:
    """A protected frame as CSV."""
    text = table.frame.to_csv(index=False, lineterminator="\n")
    return Releasable(_inside(path), text.encode("utf-8"))


def releasable_cells(
    path: str, cells: pd.DataFrame, counts: Collection[str], let_through: Collection[int]
) -> Releasable:
    """A table of final texts as CSV; DisclosureError where a column of `counts` holds a number not among `let_through`.

    For files whose cells are texts, symbols among the numbers, so that no protected frame can hold them.
    """
    if identifying := sorted(IDENTIFYING.intersection(cells.columns)):
        raise DisclosureError(f"columns that name a school or a child may not be released: {', '.join(identifying)}")
    for column in counts:
        numbers = [text for text in cells[column].unique() if text[:1].isdigit() or text[:1] == "-"]
        if unknown := sum(not (text.isdigit() and int(text) in let_through) for text in numbers):
            raise DisclosureError(f"{unknown} counts of {column} in {path} did not pass the door")
    return Releasable(_inside(path), cells.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def releasable_figure(path: str, png: bytes) -> Releasable:
    """A picture in pixels that was drawn from protected numbers."""
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise DisclosureError(f"{path} is not a PNG picture")
    return Releasable(_inside(path), png)


def releasable_vector(path: str, svg: bytes, behind: Protected, numbers: Collection[int]) -> Releasable:
    """A picture in lines, which hold the exact place of every point: proven to draw `behind` alone, let through before.

    `numbers` are those that passed the door; DisclosureError where the proof fails.
    """
    prove_vector(svg, behind, numbers)
    return Releasable(_inside(path), svg)


def releasable_setting(path: str, svg: bytes, drawing: Releasable) -> Releasable:
    """A released drawing with words set around it: it holds every line of the drawing, and no point more.

    DisclosureError where `drawing` carries no label or anything has been added to it.
    """
    if drawing.label != LABEL or drawing.path.suffix != ".svg":
        raise DisclosureError(f"{path} is set from no released drawing")
    prove_setting(svg, drawing.content)
    return Releasable(_inside(path), svg)


def releasable_form(path: str, content: bytes, page: Releasable) -> Releasable:
    """Another form (PDF, DOCX, XLSX, ODS) of the report whose page has been proven: both are made of one model.

    DisclosureError where `page` is no proven page or the content is not what the path's ending says.
    """
    if page.label != LABEL or page.path.suffix != ".html":
        raise DisclosureError(f"{path} has no proven page beside it")
    beginning = BEGINNINGS.get(PurePosixPath(path).suffix)
    if beginning is None or not content.startswith(beginning):
        raise DisclosureError(f"{path} is not of the form its name says")
    return Releasable(_inside(path), content)


def release(folder: Path, name: str, outputs: Iterable[object], policy: str) -> list[Path]:
    """Write labelled outputs below `folder`, each atomically, and the list `releasable/<name>.json` with their hashes.

    What an earlier list of that name has and this one has not is removed: two releases side by side can be subtracted.
    DisclosureError, before anything is written, where an output carries no label; NetworkError where something has
    tried to reach the network.
    """
    raise_if_tried()
    given = list(outputs)
    labelled = [output for output in given if isinstance(output, Releasable) and output.label == LABEL]
    if len(labelled) < len(given):
        raise DisclosureError(f"{len(given) - len(labelled)} outputs of {name} carry no label '{LABEL}'")
    hashes = {str(output.path): hashlib.sha256(output.content).hexdigest() for output in labelled}
    kept = folder / LABEL / f"{name}.json"
    for stale in set(read_json(kept)["outputs"]) - set(hashes) if kept.exists() else ():
        (folder / _inside(stale)).unlink(missing_ok=True)
    # Before the outputs, so that none is ever there without its label.
    write_json(kept, {"label": LABEL, "policy": policy, "outputs": hashes})
    for output in labelled:
        write_bytes(folder / output.path, output.content)
    return [folder / output.path for output in labelled]


def released_again(folder: Path, name: str, path: str) -> Releasable:
    """A file that was released under a name; DisclosureError where it is not as it was when it passed the door."""
    listed = read_json(folder / LABEL / f"{name}.json")["outputs"]
    inside = _inside(path)
    content = file_bytes(folder / inside)
    if listed.get(path) != hashlib.sha256(content).hexdigest():
        raise DisclosureError(f"{path} is not what was released")
    return Releasable(inside, content)


def withdraw(folder: Path, name: str) -> None:
    """Take back what was released under a name: it was proven beside other numbers than those that are there now."""
    kept = folder / LABEL / f"{name}.json"
    for stale in read_json(kept)["outputs"] if kept.exists() else ():
        (folder / _inside(stale)).unlink(missing_ok=True)
    kept.unlink(missing_ok=True)


def _inside(path: str) -> PurePosixPath:
    """A path that stays below the folder of reports."""
    given = PurePosixPath(path)
    if given.is_absolute() or ".." in given.parts:
        raise DisclosureError("an output must lie inside the folder of reports")
    return given
