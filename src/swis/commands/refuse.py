"""Which authorities cannot be run, and why: found before anything starts, so that nothing is half-done."""

from __future__ import annotations

from functools import partial

import click

from swis.errors import EXIT_BAD_INPUT, Problem, raise_if
from swis.io import write_json
from swis.params import Params
from swis.side_by_side import side_by_side
from swis.sources.national import check_national
from swis.sources.return_checks import check_folders, check_returns
from swis.workspace import Workspace

REFUSED = "refused"


def refused_authorities(
    workspace: Workspace, params: Params, slugs: list[str], *, is_whole: bool, jobs: int = 1
) -> dict[str, list[Problem]]:
    """Problems of each authority that has one; those are left out and the others are untouched.

    `jobs` authorities are looked at side by side. With `is_whole` (no authority was named) a folder that no parameter
    file describes is a problem too. InputError where the national files, which every authority needs, cannot be used.
    """
    raise_if(check_national(workspace, params))
    found = side_by_side(partial(_problems_of, workspace, params), slugs, jobs)
    refused = {slug: problems for slug, problems in zip(slugs, found, strict=True) if problems}
    if is_whole:
        refused |= {problem.file: [problem] for problem in check_folders(workspace, params)}
    return refused


def _problems_of(workspace: Workspace, params: Params, slug: str) -> list[Problem]:
    return check_returns(workspace.returns(slug), params.authorities[slug], params.definitions)


def say_refused(refused: dict[str, list[Problem]]) -> None:
    """One line a problem, to standard error."""
    for problems in refused.values():
        for problem in sorted(problems):
            click.echo(f"swis: {problem.line()}", err=True)


def record_refused(workspace: Workspace, slugs: list[str], refused: dict[str, list[Problem]]) -> None:
    """Leave or remove each authority's mark of refusal, so that older results of a refused one are pooled no more."""
    for slug in slugs:
        mark = workspace.failure_file(slug, REFUSED)
        mark.unlink(missing_ok=True)
        if slug in refused:
            lines = [problem.line() for problem in sorted(refused[slug])]
            write_json(mark, {"exit_code": EXIT_BAD_INPUT, "lines": lines})
