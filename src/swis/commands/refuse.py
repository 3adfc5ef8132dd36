"""Which authorities cannot be run, and why: found before anything starts, so that nothing is half-done.

What a check came to is remembered with everything that it went by: files by size and time of change, parameters, code
and libraries. It runs again where any of that has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import click

from swis.commands.choose import check_folders
from swis.errors import EXIT_BAD_INPUT, Problem, raise_if
from swis.io import read_json, write_json
from swis.params import Params
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
    workspace: Workspace, params: Params, slugs: list[str], *, is_whole: bool
) -> dict[str, list[Problem]]:
    """Problems of each authority that has one; those are left out and the others are untouched.

    With `is_whole` (no authority was named) a folder that no parameter file describes is a problem too. InputError
    where the national files, which every authority needs, cannot be used.
    """
    reached = reached_by_run(workspace)
    national, returns = reached.modules(OF_NATIONAL), reached.modules(OF_RETURNS)
    reached.save()
    raise_if(_national(workspace, params, national))
    found = {slug: _returns(workspace, params, slug, returns) for slug in slugs}
    refused = {slug: problems for slug, problems in found.items() if problems}
    if is_whole:
        refused |= {problem.file: [problem] for problem in check_folders(workspace, params)}
    return refused


def _national(workspace: Workspace, params: Params, code: Ingredients) -> list[Problem]:
    def check() -> list[Problem]:
        from swis.sources.national import check_national

        return check_national(workspace, params)

    kinds = ("definitions", "economics", "authority", "designs")
    read = _hashes(ParametersRead(params, workspace.params).of(kinds, params.authorities, params.trials))
    files = inputs_read(("national", "marker"), workspace, NATIONAL, ())
    return _remembered(workspace, NATIONAL, [files, read, code], check)


def _returns(workspace: Workspace, params: Params, slug: str, code: Ingredients) -> list[Problem]:
    def check() -> list[Problem]:
        from swis.sources.return_checks import check_returns

        return check_returns(workspace.returns(slug), params.authorities[slug], params.definitions)

    read = _hashes(ParametersRead(params, workspace.params).of(("definitions", "authority"), [slug]))
    files = inputs_read(("returns", "marker"), workspace, slug, ())
    return _remembered(workspace, slug, [files, read, code], check)


def _hashes(files: Mapping[str, ParameterFile]) -> dict[str, str]:
    return {name: file.digest for name, file in files.items()}


def _remembered(workspace: Workspace, slug: str, went_by: Any, check: Callable[[], list[Problem]]) -> list[Problem]:
    """What a check finds in the files of a folder, or what it found in the same ones."""
    place, hashed = workspace.staleness / "checked" / f"{slug}.json", hash_of(went_by)
    held = recall(place, hashed)
    if held is not None:
        return [Problem(**problem) for problem in held]
    problems = check()
    remember(place, hashed, [asdict(problem) for problem in problems])
    return problems


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
