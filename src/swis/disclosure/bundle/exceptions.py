"""Exceptions that the evaluators ask the checker for: from `params/release/exceptions.yml`, none by default.

Asking changes nothing in what is released: it tells the checker that a rule would be bent, where, and why.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from swis.errors import Problem, raise_if
from swis.io import read_yaml
from swis.strict import Strict

KEY = "exceptions"


class AskedException(Strict):
    """One request: the output (its path below the folder of reports), the rule of the policy, the reason, who asks."""

    output: str = Field(min_length=1)
    rule: str = Field(min_length=1)
    reason: str = Field(min_length=20)
    asked_by: str = Field(min_length=2)


def load_exceptions(path: Path, rules: Collection[str]) -> tuple[AskedException, ...]:
    """The requests of a file; none where there is no file. `rules` are the names that a request may use.

    InputError: every ill-formed or repeated request and every unknown rule, all at once.
    """
    if not path.exists():
        return ()
    problems: list[Problem] = []
    entries = _entries(path, problems)
    asked = [made for number, entry in enumerate(entries, 1) if (made := _one(path, number, entry, problems))]
    for number, one in enumerate(asked, 1):
        if one.rule not in rules:
            problems.append(_problem(path, number, "unknown rule", f"one of {', '.join(sorted(rules))}"))
        if any((one.output, one.rule) == (other.output, other.rule) for other in asked[: number - 1]):
            problems.append(_problem(path, number, "output and rule met before", "each once"))
    raise_if(problems)
    return tuple(asked)


def _entries(path: Path, problems: list[Problem]) -> list[Any]:
    try:
        content = read_yaml(path)
    except yaml.YAMLError:
        content = None
    entries = content.get(KEY) if isinstance(content, dict) and set(content) == {KEY} else None
    if not isinstance(entries, list):
        problems.append(Problem(path.name, f"no list under '{KEY}' alone", f"{KEY}: [] or a list", "restore the file"))
        return []
    return entries


def _one(path: Path, number: int, entry: Any, problems: list[Problem]) -> AskedException | None:
    try:
        return AskedException.model_validate(entry)
    except ValidationError as error:
        keys = ", ".join(AskedException.model_fields)
        for fault in error.errors():
            place = ".".join(str(part) for part in fault["loc"]) or "entry"
            problems.append(_problem(path, number, f"{place}: {fault['msg'].lower()}", f"the keys {keys}"))
        return None


def _problem(path: Path, number: int, found: str, expected: str) -> Problem:
    return Problem(path.name, f"entry {number}: {found}", expected, "correct the entry")
