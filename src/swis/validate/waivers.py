"""Waivers: a failure accepted for one authority, by a named person, for a reason, until a day.

A waived failure is still counted and shown; it no longer stops the authority and no longer sets rows aside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swis.errors import InputError, Problem, raise_if
from swis.io import read_yaml
from swis.validate.results import Finding

ALL_TABLES = "all"


class Waiver(BaseModel):
    """One accepted failure: rule code as in the results, slug of the authority, and who accepted it until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(min_length=1)
    authority: str = Field(min_length=1)
    table: str = ALL_TABLES
    reason: str = Field(min_length=10)
    approved_by: str = Field(min_length=2)
    expires_on: date


def load_waivers(path: Path, *, on: date, authorities: Collection[str]) -> list[Waiver]:
    """The waivers of a file, checked; none where there is no file.

    InputError with every ill-formed entry, unknown authority, repeated entry and waiver that expired before `on`: a
    waiver that has run out must be renewed or removed, never silently kept or dropped.
    """
    if not path.exists():
        return []
    entries = _entries(path)
    problems: list[Problem] = []
    waivers = [made for number, entry in enumerate(entries, 1) if (made := _one(path, number, entry, problems))]
    problems += _faults_of(path, waivers, on, authorities)
    raise_if(problems)
    return waivers


def _entries(path: Path) -> list[Any]:
    try:
        content = read_yaml(path) or {}
    except yaml.YAMLError:
        raise InputError([_problem(path, "not readable as YAML", "key: value lines", "mend it")]) from None
    entries = content.get("waivers") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise InputError([_problem(path, "no list under 'waivers'", "waivers: [] or a list", "restore the file")])
    return entries


def _one(path: Path, number: int, entry: Any, problems: list[Problem]) -> Waiver | None:
    try:
        return Waiver.model_validate(entry)
    except ValidationError as error:
        for fault in error.errors():
            where = f"entry {number}, {'.'.join(str(part) for part in fault['loc']) or 'whole'}"
            problems.append(_problem(path, where, fault["msg"].lower(), f"known: {', '.join(Waiver.model_fields)}"))
    return None


def _faults_of(path: Path, waivers: Sequence[Waiver], on: date, authorities: Collection[str]) -> list[Problem]:
    problems = []
    seen = set()
    for waiver in waivers:
        name = f"waiver of '{waiver.rule}' for {waiver.authority}"
        if waiver.expires_on < on:
            expected = f"a day after {on.isoformat()}"
            action = "mend the data at source, or renew the waiver with a new reason"
            problems.append(_problem(path, f"{name} expired on {waiver.expires_on.isoformat()}", expected, action))
        if waiver.authority not in authorities:
            problems.append(_problem(path, name, "an authority of params/authorities", "correct the slug"))
        if (waiver.rule, waiver.authority, waiver.table) in seen:
            problems.append(_problem(path, f"{name} stands twice", "one entry each", "keep one of them"))
        seen.add((waiver.rule, waiver.authority, waiver.table))
    return problems


def _problem(path: Path, where: str, expected: str, action: str) -> Problem:
    return Problem(f"params/{path.name}", where, expected, action)


def apply_waivers(findings: Sequence[Finding], waivers: Sequence[Waiver], authority: str) -> list[Finding]:
    """The findings with failed ones marked 'waived' where a waiver of this authority covers rule and table.

    A crashed check cannot be waived: nobody knows what is accepted.
    """
    own = {(one.rule, one.table): one for one in waivers if one.authority == authority}
    return [_waived(one, own.get((one.rule, one.table)) or own.get((one.rule, ALL_TABLES))) for one in findings]


def _waived(one: Finding, waiver: Waiver | None) -> Finding:
    if waiver is None or one.outcome != "failed":
        return one
    said = f"waived until {waiver.expires_on.isoformat()} by {waiver.approved_by}: {waiver.reason}"
    return replace(one, outcome="waived", message="; ".join(part for part in (one.message, said) if part))
