"""What a job keeps of what it was made from: written when all else of it is done, or not at all.

Before a job starts, its stamp says what it would be made from. Where nothing of that has changed until its end, that is
what it was made from. Killed before, it leaves no record beside its results, and they count as stale.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swis.io import read_json, sha256_of_file, write_json
from swis.stage_list import STAGES
from swis.staleness.ingredients import UPSTREAM, Ingredients
from swis.staleness.inputs import told
from swis.unlabelled import LISTS
from swis.workspace import DONE, POOLED, Workspace

# The name of the evaluation report in the lists of what was released; an authority's is its slug.
EVALUATION = "evaluation"


@dataclass(frozen=True)
class Record:
    """What a finished step was made from: ingredients, and the results it rests on by what is told of their `DONE`.

    `outputs` are its own files and those it released, by their path from the checkout.
    """

    ingredients: Ingredients
    upstream: Mapping[str, str]
    outputs: Mapping[str, str]


def write_stamp(path: Path, ingredients: Ingredients, watched: Iterable[Path]) -> None:
    """Say what a step would be made from, and what is told of the files that this was read from."""
    write_json(path, {"ingredients": ingredients, "watched": {str(file): _told(file) for file in watched}})


def keep_values(workspace: Workspace, values: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the values of parameter files by their hash, to say later what has changed in them."""
    for digest, held in values.items():
        path = _values_path(workspace, digest)
        if not path.is_file():
            write_json(path, held)


def kept_values(workspace: Workspace, digest: str) -> dict[str, str] | None:
    """The values of a parameter file that has the hash; None where they were not kept."""
    path = _values_path(workspace, digest)
    return dict(read_json(path)) if path.is_file() else None


def beginning(workspace: Workspace, slug: str, stage: str) -> Record | None:
    """What a job that begins now is made from; None without a stamp, or where what it says holds no more."""
    path = workspace.stamp(slug, stage)
    if not path.is_file():
        return None
    stamp = read_json(path)
    if _have_changed(stamp["watched"]):
        return None
    return Record(stamp["ingredients"], results_below(workspace, stamp["ingredients"]), {})


def keep(workspace: Workspace, slug: str, stage: str, begun: Record | None) -> None:
    """Leave the record of a job that has ended well, if what it began with is still as it was."""
    path = workspace.stamp(slug, stage)
    if begun is None or not path.is_file():
        return
    stamp = read_json(path)
    if stamp["ingredients"] != begun.ingredients or _have_changed(stamp["watched"]):
        return
    if results_below(workspace, begun.ingredients) != begun.upstream:
        return
    outputs = {name: _told(workspace.root / name) for name in _outputs(workspace, slug, stage)}
    made = {"ingredients": begun.ingredients, "upstream": begun.upstream, "outputs": outputs}
    write_json(workspace.made_from(slug, stage), made)


def read_record(workspace: Workspace, slug: str, stage: str) -> Record | None:
    """The record beside a step's results; None where there is none that can be read."""
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        return Record(**read_json(workspace.made_from(slug, stage)))
    return None


def results_below(workspace: Workspace, ingredients: Ingredients) -> dict[str, str]:
    """The results that a step rests on, by `slug/stage`, with a hash of what they list; empty where they are not."""
    return {name: done_hash(workspace, *name.split("/")) for name in ingredients[UPSTREAM]}


def done_hash(workspace: Workspace, slug: str, stage: str) -> str:
    """Hash of what a finished step lists as its results; empty where it is not finished."""
    done = workspace.derived(slug, stage) / DONE
    return sha256_of_file(done) if done.is_file() else ""


def changed_outputs(workspace: Workspace, record: Record) -> list[str]:
    """Files of a record that are not as the job left them, by their path from the checkout."""
    root = str(workspace.root)
    return [name for name, value in record.outputs.items() if _told(f"{root}/{name}") != value]


def _values_path(workspace: Workspace, digest: str) -> Path:
    return workspace.staleness / "parameters" / f"{digest}.json"


def _outputs(workspace: Workspace, slug: str, stage: str) -> list[str]:
    folder = workspace.derived(slug, stage)
    found = [folder / name for name in read_json(folder / DONE)["outputs"]]
    if "released" in STAGES[stage].inputs:
        listed = workspace.reports / LISTS / f"{EVALUATION if slug == POOLED else slug}.json"
        if listed.is_file():
            found += [listed, *(workspace.reports / name for name in read_json(listed)["outputs"])]
    return sorted(os.path.relpath(path, workspace.root) for path in found)


def _told(path: str | Path) -> str:
    """Size and time of change; empty where there is no file."""
    try:
        return told(path)
    except FileNotFoundError:
        return ""


def _have_changed(watched: Mapping[str, Any]) -> bool:
    return any(_told(path) != value for path, value in watched.items())
