"""What a stage's results are made from, as names and values by kind, and how two such lists differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Kinds, in the order in which they are told.
INPUT = "input"
PARAMETER = "parameter"
RELEASED = "released"
UPSTREAM = "upstream"
NOTEBOOK = "notebook"
CODE = "code"
LIBRARY = "library"
KINDS = (INPUT, PARAMETER, RELEASED, UPSTREAM, NOTEBOOK, CODE, LIBRARY)
# By kind, then by name: something that changes when the ingredient does.
Ingredients = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Change:
    """One ingredient that is not what it was; None where it was not there, or is no more."""

    kind: str
    name: str
    was: str | None
    now: str | None


def changes_between(was: Ingredients, now: Ingredients) -> list[Change]:
    """Every ingredient that has changed, come or gone, by kind and name."""
    return [change for kind in KINDS for change in _of_kind(kind, was.get(kind, {}), now.get(kind, {}))]


def _of_kind(kind: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    if was == now:
        return
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield Change(kind, name, was.get(name), now.get(name))
