"""What several parameter files have in common, written once: a file says `shares: shared/<name>.yml` and its own words.

The shared file holds the same keys as the file itself, and places to fill in angle brackets, `<window>`, for which the
file gives its `words`. What the file says itself comes on top: key by key, and in a list of parts that are known by a
name (`measure`, `id`) part by part, a new one at the end; any other list or value takes the place of the shared one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from swis.io import read_yaml

SHARES, WORDS = "shares", "words"
OWN_KEYS = frozenset({SHARES, WORDS})
"""Keys that say how a file is put together; they are no parameters themselves."""
NAMES = ("measure", "id")
PLACE = re.compile(r"<([a-z][a-z_0-9]*)>")
# Where, what was expected, what to do about it.
Fault = tuple[str, str, str]


def with_shared(content: Any, folder: Path) -> tuple[Any, list[Fault]]:
    """The content of a file of `folder` with what it shares, and what is wrong with that; content as it is without."""
    if not isinstance(content, Mapping) or SHARES not in content:
        return content, []
    path = folder / str(content[SHARES])
    if not path.is_file():
        return content, [(f"shares: no file {content[SHARES]}", "a file beside the one that shares it", "correct it")]
    words = {str(name): str(word) for name, word in (content.get(WORDS) or {}).items()}
    shared = read_yaml(path)
    asked = set(_places(shared))
    faults = [
        *(
            (f"words: none for <{name}>", f"a word for every place of {path.name}", "add it")
            for name in asked - {*words}
        ),
        *((f"words: {name} is asked for nowhere", f"places of {path.name}", "remove it") for name in {*words} - asked),
    ]
    own = {key: value for key, value in content.items() if key not in OWN_KEYS}
    return (content, sorted(faults)) if faults else (merged(_filled(shared, words), own), [])


def merged(shared: Any, own: Any) -> Any:
    """One content over another."""
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        return {**shared, **{key: merged(shared[key], value) if key in shared else value for key, value in own.items()}}
    if isinstance(shared, list) and isinstance(own, list) and (name := _name_of_parts(own)):
        mine = {part[name]: part for part in own}
        kept = [merged(part, mine[part[name]]) if part[name] in mine else part for part in shared]
        known = {part[name] for part in shared}
        return [*kept, *(part for key, part in mine.items() if key not in known)]
    return own


def _name_of_parts(parts: list[Any]) -> str:
    """The key that names every part of a list; empty where they have none."""
    return next(
        (name for name in NAMES if parts and all(isinstance(part, Mapping) and name in part for part in parts)), ""
    )


def _places(content: Any) -> Iterator[str]:
    if isinstance(content, Mapping):
        for value in content.values():
            yield from _places(value)
    elif isinstance(content, list):
        for value in content:
            yield from _places(value)
    elif isinstance(content, str):
        yield from PLACE.findall(content)


def _filled(content: Any, words: Mapping[str, str]) -> Any:
    if isinstance(content, Mapping):
        return {key: _filled(value, words) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, words) for value in content]
    return PLACE.sub(lambda found: words[found[1]], content) if isinstance(content, str) else content
