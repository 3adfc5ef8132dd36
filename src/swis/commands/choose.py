"""Turn what the user typed into a data set and a list of authorities, or into problems."""

from __future__ import annotations

import difflib
import re
from datetime import date
from pathlib import Path

from swis.errors import Problem, raise_if
from swis.params import Params, unknown_authority
from swis.workspace import Workspace

RESERVED = {"demo", "synthetic", "published"}


def choose_workspace(root: Path, dataset: str | None, data: Path | None) -> Workspace:
    """The data set of `--dataset NAME` (default synthetic) or `--data DIR`; InputError where there is none."""
    if data is None:
        workspace = Workspace(root, dataset or "synthetic")
        raise_if(_absent(workspace))
        return workspace
    raise_if(_unusable_folder(root, dataset, data))
    workspace = Workspace(root, dataset_name(data))
    workspace.register(data)
    return workspace


def dataset_name(folder: Path) -> str:
    """The name under which a folder of real returns is kept: its own name in lower case with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")


def _absent(workspace: Workspace) -> list[Problem]:
    if workspace.raw.is_dir():
        return []
    action = "run `swis simulate` to make it, or give your own with --data DIR"
    return [Problem(f"data_raw/{workspace.dataset}", "no such folder", "a folder of returns", action)]


def _unusable_folder(root: Path, dataset: str | None, data: Path) -> list[Problem]:
    problems = []
    if dataset is not None:
        problems.append(Problem("command line", "both --dataset and --data", "one of them", "leave one out"))
    if not data.is_dir():
        problems.append(
            Problem("--data", "no such folder", "a folder of returns", "correct the path; see data_raw/README.md")
        )
    if dataset_name(data) in RESERVED:
        problems.append(
            Problem("--data", "a folder name kept for simulated data", "another name", "rename your folder")
        )
    if data.resolve().is_relative_to(root / "data_derived") or data.resolve().is_relative_to(root / "reports"):
        problems.append(Problem("--data", "a folder of results", "a folder of returns", "give the returns' own folder"))
    return problems


def choose_authorities(workspace: Workspace, params: Params, named: list[str]) -> list[str]:
    """The authorities named, or all with a folder of returns; InputError for unknown names and empty data sets."""
    present = workspace.authorities()
    problems = [unknown_authority(slug, params) for slug in named if slug not in params.authorities]
    problems += [
        Problem(
            slug,
            "no folder of returns",
            f"{workspace.raw.name}/{slug}/",
            "add the folder, or leave the authority out",
        )
        for slug in named
        if slug in params.authorities and slug not in present
    ]
    if not present:
        problems.append(
            Problem(
                workspace.raw.name,
                "no folder of an authority",
                "one folder per authority",
                "see data_raw/README.md",
            )
        )
    raise_if(problems)
    return sorted(set(named)) if named else [slug for slug in present if slug in params.authorities]


def choose_data_cut(params: Params, given: str | None) -> str:
    """The data cut as an ISO date: the one given, or that of params/definitions.yml."""
    if given is None:
        return params.definitions.data_cut.isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise_if([Problem("--data-cut", "not a date", "an ISO date such as 2023-08-31", "correct it")])
        raise


def check_folders(workspace: Workspace, params: Params) -> list[Problem]:
    """Folders of a data set that belong to no authority in `params/`, each with the nearest name."""
    if not workspace.raw.is_dir():
        return [Problem(workspace.dataset, "no such data set", "a folder of returns", "check the name or the path")]
    problems = []
    for slug in workspace.authorities():
        if slug not in params.authorities and not slug.startswith((".", "_")):
            near = difflib.get_close_matches(slug, list(params.authorities), n=1, cutoff=0.6)
            action = f"did you mean {near[0]}?" if near else "add it to params/authorities or move the folder away"
            problems.append(Problem(slug, "an authority unknown to params", "a slug of params/authorities", action))
    return problems
