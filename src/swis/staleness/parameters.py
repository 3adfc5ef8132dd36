"""The parameters that a stage reads, one by one: file and key, with the value as it takes effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from swis.disclosure.policy import load_policy
from swis.io import read_yaml
from swis.params import Params

NAMES = ("measure", "id", "name")
WITHOUT_PLAN = {"plan", "deviations"}
# The order in which a file names things says which of them is meant, as a trial's first window does.
ORDER = "(order)"
# For each name in a stage's list: the parameters of these authorities and trials, as (file, content).
Contents = Iterator[tuple[str, Any]]


def parameters_read(
    names: Iterable[str], params: Params, folder: Path, authorities: Iterable[str], trials: Iterable[str]
) -> dict[str, str]:
    """Each parameter of the named kinds, of these authorities and trials, as `params/FILE: KEY` with its value."""
    read: Mapping[str, Callable[[], Contents]] = {
        "definitions": lambda: iter([("definitions.yml", params.definitions)]),
        "economics": lambda: iter([("economics.yml", params.economics)]),
        "release": lambda: iter([("release.yml", params.release)]),
        "policy": lambda: _policy(params, folder),
        "waivers": lambda: _waivers(folder, authorities),
        "authority": lambda: ((f"authorities/{slug}.yml", params.authorities[slug]) for slug in authorities),
        "trials": lambda: ((f"trials/{name}.yml", params.trials[name]) for name in trials),
        "designs": lambda: (
            (f"trials/{name}.yml", params.trials[name].model_dump(mode="json", exclude=WITHOUT_PLAN)) for name in trials
        ),
    }
    return {
        f"params/{file}: {key}": value
        for name in names
        for file, content in read[name]()
        for key, value in _flat(content.model_dump(mode="json") if isinstance(content, BaseModel) else content)
    }


def _policy(params: Params, folder: Path) -> Contents:
    name = params.release.policy
    yield f"disclosure/{name}.yml", load_policy(folder / "disclosure", name)


def _waivers(folder: Path, authorities: Iterable[str]) -> Contents:
    """The waivers of these authorities, and which of all have run out, for none may."""
    path = folder / "waivers.yml"
    given = (read_yaml(path) or {}).get("waivers") if path.is_file() else []
    entries = [entry for entry in given or [] if isinstance(entry, dict)]
    known = set(authorities)
    yield path.name, [entry for entry in entries if entry.get("authority") in known]
    ends = sorted({str(entry.get("expires_on")) for entry in entries})
    yield path.name, {"run out": [end for end in ends if end < date.today().isoformat()]}


def _flat(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Each value with the keys that lead to it; parts of a list are known by their name where they have one."""
    if isinstance(content, Mapping) and content:
        if len(content) > 1 and key:
            yield f"{key} {ORDER}", ", ".join(str(name) for name in content)
        for name, value in content.items():
            yield from _flat(value, f"{key}.{name}" if key else str(name))
    elif isinstance(content, list) and content and all(isinstance(part, Mapping) for part in content):
        for number, part in enumerate(content, 1):
            name = next((str(part[name]) for name in NAMES if name in part), str(number))
            yield from _flat(part, f"{key}[{name}]")
        yield f"{key} {ORDER}", ", ".join(next((str(part[n]) for n in NAMES if n in part), "") for part in content)
    else:
        yield key, json.dumps(content, ensure_ascii=False, default=str)
