"""The two families of statutory rules, as decorators that fill in what all rules of a family share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from swis.validate.rule import SOCIAL_CARE_TEAM, Finder, Meaning, Rule, rule


def cin(code: str, *, tables: str | tuple[str, ...], **meaning: Unpack[Meaning]) -> Callable[[Finder], Rule]:
    """A rule of the children in need census, under the DfE's code for it."""
    return rule(f"CIN {code}", layer="statutory", tables=tables, owner=SOCIAL_CARE_TEAM, **meaning)


def ssda903(
    code: str, *, tables: str | tuple[str, ...] = "care_episodes", **meaning: Unpack[Meaning]
) -> Callable[[Finder], Rule]:
    """A rule of the SSDA903 return, under the DfE's code for it."""
    return rule(f"903 {code}", layer="statutory", tables=tables, owner=SOCIAL_CARE_TEAM, **meaning)
