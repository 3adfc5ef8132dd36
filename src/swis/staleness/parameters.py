"""The parameters that a stage reads, one by one: by file and key, with the value as it takes effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from swis.disclosure.policy import load_policy
from swis.io import read_yaml
from swis.params import Params
from swis.staleness.code import short_hash

NAMES = ("measure", "id", "name")
WITHOUT_PLAN = {"plan", "deviations"}
# The order in which a file names things says which of them is meant, as a trial's first window does.
ORDER = "(order)"
# How nothing is told where parts of a list or keys of a mapping would be.
EMPTY = ("[]", "{}")


@dataclass(frozen=True)
class ParameterFile:
    """What is read of one file: a hash of all of it, order included, and each value by the keys that lead to it."""

    digest: str
    values: Mapping[str, str]


class ParametersRead:
    """The parameters of a checkout as stages read them; each file is taken apart once."""

    def __init__(self, params: Params, folder: Path) -> None:
        """`folder` is the one that `params` were read from."""
        self._params, self._folder = params, folder
        self._made: dict[tuple[str, str], ParameterFile] = {}
        # For each kind that a stage may name: the file, and its content, by authority or trial where it has one.
        self._kinds: Mapping[str, Callable[[str], tuple[str, Any]]] = {
            "definitions": lambda _: ("definitions.yml", params.definitions),
            "economics": lambda _: ("economics.yml", params.economics),
            "release": lambda _: ("release.yml", params.release),
            "policy": lambda _: self._policy(params.release.policy),
            "waivers": self._waivers,
            "authority": lambda slug: (f"authorities/{slug}.yml", params.authorities[slug]),
            "trials": lambda name: (f"trials/{name}.yml", params.trials[name]),
            "designs": lambda name: (
                f"trials/{name}.yml", params.trials[name].model_dump(mode="json", exclude=WITHOUT_PLAN)
            ),
        }  # fmt: skip

    def of(
        self, kinds: Iterable[str], authorities: Iterable[str] = (), trials: Iterable[str] = ()
    ) -> dict[str, ParameterFile]:
        """Each file of the named kinds by its path from the checkout, of these authorities and trials only."""
        owners = {"authority": authorities, "waivers": authorities, "trials": trials, "designs": trials}
        return dict(self._of_owner(kind, owner) for kind in kinds for owner in owners.get(kind, [""]))

    def _of_owner(self, kind: str, owner: str) -> tuple[str, ParameterFile]:
        file, content = self._kinds[kind](owner)
        if (kind, owner) not in self._made:
            plain = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
            digest = short_hash(json.dumps(plain, default=str))
            self._made[kind, owner] = ParameterFile(digest, dict(_flat(plain)))
        return f"params/{file}", self._made[kind, owner]

    def _policy(self, name: str) -> tuple[str, Any]:
        return f"disclosure/{name}.yml", load_policy(self._folder / "disclosure", name)

    def _waivers(self, authority: str) -> tuple[str, Any]:
        """The waivers of an authority, and which of all have run out, for none may."""
        path = self._folder / "waivers.yml"
        given = (read_yaml(path) or {}).get("waivers") if path.is_file() else []
        entries = [entry for entry in given or [] if isinstance(entry, dict)]
        ends = sorted({str(entry.get("expires_on")) for entry in entries})
        content = {
            "waivers": [entry for entry in entries if entry.get("authority") == authority],
            "run out": [end for end in ends if end < datetime.now(UTC).date().isoformat()],
        }
        return path.name, content


def _flat(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Each value with the keys that lead to it; parts of a list are known by their name where they have one."""
    if isinstance(content, Mapping) and content:
        if len(content) > 1 and key:
            yield f"{key} {ORDER}", ", ".join(str(name) for name in content)
        for name, value in content.items():
            yield from _flat(value, f"{key}.{name}" if key else str(name))
    elif isinstance(content, list) and content and all(isinstance(part, Mapping) for part in content):
        names = [
            next((str(part[key]) for key in NAMES if key in part), str(number)) for number, part in enumerate(content)
        ]
        yield f"{key} {ORDER}", ", ".join(names)
        for name, part in zip(names, content, strict=True):
            yield from _flat(part, f"{key}[{name}]")
    else:
        yield key, json.dumps(content, ensure_ascii=False, default=str)
