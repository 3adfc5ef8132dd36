"""The decorator of plausibility rules about rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from swis.validate.rule import SCHOOLS_TEAM, Finder, Meaning, Rule, rule


def plausible(
    code: str, *, tables: str | tuple[str, ...], owner: str = SCHOOLS_TEAM, **meaning: Unpack[Meaning]
) -> Callable[[Finder], Rule]:
    """A plausibility rule about rows, under a name of our own."""
    return rule(f"trial {code}", layer="plausibility", tables=tables, owner=owner, **meaning)
