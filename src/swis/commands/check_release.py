"""`swis check-release`: read a folder that is to be released as an attacker would, and say what must not leave."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from swis.errors import EXIT_FAILED, EXIT_OK, Problem, raise_if
from swis.scan.judge import Judge
from swis.scan.known import Known
from swis.scan.returns import collect
from swis.scan.walk import Finding, Scanned, counts_by_kind, scan_folder

LEAST_STEPS_OF_A_PATH = 3
DATA_RAW = "data_raw"
PUBLIC = "published"


def check_release(folder: Path, data: Sequence[Path], *, without_returns: bool, root: Path | None, jobs: int) -> int:
    """Scan `folder` against the identifiers in `data` and print one line a finding; 1 where there is one, else 0.

    With no `data` the returns of the checkout at `root` are taken. InputError (exit code 2) for folders that are not
    there or hold no return.
    """
    returns = [] if without_returns else list(data) or _returns_of(root)
    raise_if(_problems_of_use(folder, data, without_returns))
    known = _known(returns, jobs)
    started = time.perf_counter()
    scanned = scan_folder(folder, Judge(known, own_paths(folder, [*returns, *([root] if root else [])])), jobs=jobs)
    _say(scanned, time.perf_counter() - started)
    return EXIT_FAILED if scanned.findings else EXIT_OK


def own_paths(folder: Path, others: Sequence[Path]) -> list[str]:
    """The folders of this machine as they would stand in a file: the user's, the working one, the returns'."""
    paths = {path.resolve() for path in [Path.home(), Path.cwd(), folder, *others]}
    return sorted(str(path) for path in paths if len(path.parts) >= LEAST_STEPS_OF_A_PATH)


def _returns_of(root: Path | None) -> list[Path]:
    """Every data set of returns in the checkout; none outside one."""
    if root is None or not (root / DATA_RAW).is_dir():
        return []
    return sorted(path for path in (root / DATA_RAW).iterdir() if path.is_dir() and path.name != PUBLIC)


def _problems_of_use(folder: Path, data: Sequence[Path], without_returns: bool) -> list[Problem]:
    problems = []
    if not folder.exists():
        problems.append(Problem(folder.name, "no such folder", "the folder to be released", "correct the path"))
    for one in data:
        if not one.is_dir():
            problems.append(Problem("--data", "no such folder", "a folder of returns", "correct the path"))
        elif folder.resolve().is_relative_to(one.resolve()):
            action = "give the folder that is to be released, not the returns"
            problems.append(Problem(folder.name, "lies in the returns themselves", "a folder of results", action))
    if data and without_returns:
        problems.append(Problem("command line", "both --data and --without-returns", "one of them", "leave one out"))
    return problems


def _known(returns: Sequence[Path], jobs: int) -> Known:
    """The identifiers in the returns, with a line to say how many; InputError where folders of returns hold none."""
    if not returns:
        click.echo("No returns given: only what tells itself is looked for (check letters, labels, forms of files).")
        return Known()
    started = time.perf_counter()
    known, problems = collect(returns, jobs=jobs)
    for problem in problems:
        click.echo(f"swis: not read: {problem.line()}", err=True)
    if known.is_empty:
        raise_if([Problem("--data", "no identifier in any file", "returns with children", "correct the path")])
    counted = ", ".join(f"{count:,} × {kind}" for kind, count in known.counts.items())
    click.echo(f"Identifiers in the returns: {counted} ({time.perf_counter() - started:.1f} s)")
    return known


def _say(scanned: Scanned, seconds: float) -> None:
    for one in scanned.findings:
        click.echo(_line(one))
    megabytes = scanned.size / 1e6
    click.echo(f"{_files(scanned.files)}, {megabytes:.1f} MB read in {seconds:.1f} s")
    if not scanned.findings:
        click.echo("Clean: nothing found that could tell of a child. What pictures show is for a person to check.")
        return
    for kind, files in counts_by_kind(scanned.findings).items():
        click.echo(f"  {_files(files)}: {kind}")
    click.echo("NOT CLEAN: release nothing of this folder before each line above is mended or understood.")


def _line(one: Finding) -> str:
    often = f" ({one.count})" if one.count > 1 else ""
    place = f", in {one.place}" if one.place else ""
    return f"{one.file}: {one.kind}{often}{place}"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
