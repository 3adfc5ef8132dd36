"""Which authorities cannot be run, and why: found before anything starts, so that nothing is half-done.

What a check came to is remembered with everything that it went by: files by size and time of change, parameters, code
and libraries. It runs again where any of that has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from swis.commands.choose import check_folders
from swis.errors import EXIT_BAD_INPUT, Problem, raise_if
from swis.io import read_json, write_json
from swis.params import Params
from swis.side_by_side import side_by_side
from swis.staleness.ingredients import Ingredients
from swis.staleness.inputs import inputs_read
from swis.staleness.parameters import ParameterFile, ParametersRead
from swis.staleness.reached import reached_by_run
from swis.staleness.remembered import hash_of, recall, remember
from swis.workspace import NATIONAL, Workspace

REFUSED = "refused"
# Imported only where something has to be checked, for they bring pandas with them.
OF_NATIONAL, OF_RETURNS = "swis.sources.national", "swis.sources.return_checks"


def refused_authorities(
    workspace: Workspace, params: Params, slugs: list[str], *, is_whole: bool, jobs: int = 1
) -> dict[str, list[Problem]]:
    """Problems of each authority that has one; those are left out and the others are untouched.

    `jobs` authorities are looked at side by side. With `is_whole` (no authority was named) a folder that no parameter
    file describes is a problem too. InputError where the national files, which every authority needs, cannot be used.
    """
    reached = reached_by_run(workspace)
    national, returns = reached.modules(OF_NATIONAL), reached.modules(OF_RETURNS)
    reached.save()
    raise_if(_national(workspace, params, national))
    found = _returns(workspace, params, slugs, returns, jobs)
    refused = {slug: problems for slug, problems in found.items() if problems}
    if is_whole:
        refused |= {problem.file: [problem] for problem in check_folders(workspace, params)}
    return refused


def _national(workspace: Workspace, params: Params, code: Ingredients) -> list[Problem]:
    kinds = ("definitions", "economics", "authority", "designs")
    read = _hashes(ParametersRead(params, workspace.params).of(kinds, params.authorities, params.trials))
    hashed = hash_of([inputs_read(("national", "marker"), workspace, NATIONAL, ()), read, code])
    held = _recalled(workspace, NATIONAL, hashed)
    if held is not None:
        return held
    from swis.sources.national import check_national

    return _remembered(workspace, NATIONAL, hashed, check_national(workspace, params))


def _returns(
    workspace: Workspace, params: Params, slugs: list[str], code: Ingredients, jobs: int
) -> dict[str, list[Problem]]:
    """The problems of each authority's returns; only what is not remembered is looked at."""
    hashed = {slug: _hash_of_returns(workspace, params, slug, code) for slug in slugs}
    recalled = {slug: _recalled(workspace, slug, hashed[slug]) for slug in slugs}
    found = {slug: problems for slug, problems in recalled.items() if problems is not None}
    unknown = [slug for slug in slugs if slug not in found]
    checked = side_by_side(partial(_checked, workspace, params), unknown, jobs)
    for slug, problems in zip(unknown, checked, strict=True):
        found[slug] = _remembered(workspace, slug, hashed[slug], problems)
    return {slug: found[slug] for slug in slugs}


def _checked(workspace: Workspace, params: Params, slug: str) -> list[Problem]:
    from swis.sources.return_checks import check_returns

    return check_returns(workspace.returns(slug), params.authorities[slug], params.definitions)


def _hash_of_returns(workspace: Workspace, params: Params, slug: str, code: Ingredients) -> str:
    read = _hashes(ParametersRead(params, workspace.params).of(("definitions", "authority"), [slug]))
    return hash_of([inputs_read(("returns", "marker"), workspace, slug, ()), read, code])


def _hashes(files: Mapping[str, ParameterFile]) -> dict[str, str]:
    return {name: file.digest for name, file in files.items()}


def _recalled(workspace: Workspace, slug: str, hashed: str) -> list[Problem] | None:
    """What a check found in the same files of a folder; None where they are not the same."""
    held = recall(_place(workspace, slug), hashed)
    return None if held is None else [Problem(**problem) for problem in held]


def _remembered(workspace: Workspace, slug: str, hashed: str, problems: list[Problem]) -> list[Problem]:
    remember(_place(workspace, slug), hashed, [asdict(problem) for problem in problems])
    return problems


def _place(workspace: Workspace, slug: str) -> Path:
    return workspace.staleness / "checked" / f"{slug}.json"


def say_refused(refused: dict[str, list[Problem]]) -> None:
    """One line a problem, to standard error."""
    for problems in refused.values():
        for problem in sorted(problems):
            click.echo(f"swis: {problem.line()}", err=True)


def record_refused(workspace: Workspace, slugs: list[str], refused: dict[str, list[Problem]]) -> None:
    """Leave or remove each authority's mark of refusal, so that older results of a refused one are pooled no more."""
    for slug in slugs:
        mark = workspace.failure_file(slug, REFUSED)
        if slug not in refused:
            mark.unlink(missing_ok=True)
            continue
        said = {"exit_code": EXIT_BAD_INPUT, "lines": [problem.line() for problem in sorted(refused[slug])]}
        if not mark.exists() or read_json(mark) != said:
            write_json(mark, said)
