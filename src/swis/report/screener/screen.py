"""All checks, and a file put through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

from swis.report.screener import (
    checks_of_columns,
    checks_of_descriptions,
    checks_of_files,
    checks_of_filters,
    checks_of_indicators,
    checks_of_places,
    checks_of_time,
)
from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, PASS, REVIEW, Finding, Said

__all__ = ["CHECKS", "FAIL", "PASS", "REVIEW", "Finding", "failures", "name_of", "screen"]
Check = Callable[[DataFile], Said]


def _checks(modules: Sequence[ModuleType]) -> Iterator[Check]:
    """The public functions of the modules that are their own, in the order they stand there."""
    for module in modules:
        for name, one in vars(module).items():
            if callable(one) and not name.startswith("_") and getattr(one, "__module__", "") == module.__name__:
                yield one


CHECKS: tuple[Check, ...] = tuple(
    _checks(
        [
            checks_of_files,
            checks_of_columns,
            checks_of_time,
            checks_of_places,
            checks_of_filters,
            checks_of_indicators,
            checks_of_descriptions,
        ]
    )
)


def name_of(check: Check) -> str:
    """The check's name in words."""
    return str(getattr(check, "__name__", check)).replace("_", " ")


def screen(file: DataFile) -> list[Finding]:
    """Every check's findings about a file, in order; a check that finds nothing says pass."""
    found = []
    for check in CHECKS:
        said = [Finding(name_of(check), result, message) for result, message in check(file)]
        found += said or [Finding(name_of(check), PASS)]
    return found


def failures(findings: Sequence[Finding]) -> list[Finding]:
    """The findings for which a file is not released."""
    return [finding for finding in findings if finding.result == FAIL]
