"""`swis screen`: check files of open data against the DfE's standard, and say every finding in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from swis.errors import EXIT_BAD_INPUT, EXIT_OK, Problem, raise_if
from swis.io import file_bytes
from swis.report.screener import FAIL, PASS, REVIEW, Finding, data_file, screen

META = ".meta.csv"


def screen_files(paths: Sequence[Path]) -> int:
    """Print the findings about each data file among `paths`; 2 where one fails, else 0.

    A description among the paths is read with its data file. InputError (exit code 2) for what is not there or no CSV.
    """
    raise_if(_problems_of_use(paths))
    files = [path for path in paths if not path.name.endswith(META)]
    failed = [path for path in files if _say(path, screen_file(path))]
    if failed:
        click.echo(f"NOT SOUND: {len(failed)} of {len(files)} files fail; mend each line that says fail.")
    return EXIT_BAD_INPUT if failed else EXIT_OK


def screen_file(path: Path) -> list[Finding]:
    """Every check's findings about a file and the description beside it."""
    meta = path.with_name(path.name.removesuffix(".csv") + META)
    described = (meta.name, file_bytes(meta)) if meta.is_file() else ("", None)
    return screen(data_file(path.name, file_bytes(path), *described))


def _problems_of_use(paths: Sequence[Path]) -> list[Problem]:
    problems = []
    for path in paths:
        if not path.is_file():
            problems.append(Problem(path.name, "no such file", "a file of open data", "correct the path"))
        elif path.suffix != ".csv":
            problems.append(Problem(path.name, "not a CSV file", "a name that ends with .csv", "give the data file"))
        elif path.name.endswith(META) and not path.with_name(path.name.removesuffix(META) + ".csv").is_file():
            problems.append(Problem(path.name, "describes no file beside it", "its data file", "give the data file"))
    return problems


def _say(path: Path, findings: Sequence[Finding]) -> bool:
    """Print the findings about a file; whether it fails."""
    for finding in findings:
        if finding.result != PASS:
            click.echo(f"{path.name}: {finding.result}: {finding.check}: {finding.message}")
    checks = len({finding.check for finding in findings})
    counts = Counter(finding.result for finding in findings)
    click.echo(f"{path.name}: {checks} checks, {counts[FAIL]} findings fail it, {counts[REVIEW]} to review")
    return counts[FAIL] > 0
