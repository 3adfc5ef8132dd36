"""Versions of the libraries that code rests on: those it imports, and those that these ask for in turn."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

INTERPRETER = "python"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
TOP_LEVEL = re.compile(r"([A-Za-z_]\w*)(?:/.*)?\.(?:py|so|pyd)$|([A-Za-z_]\w*)\.[\w.-]+\.so$")


def library_folders() -> list[Path]:
    """The folders that installing, upgrading or removing a library changes."""
    return [folder for entry in sys.path if (folder := Path(entry or ".")).is_dir() and _holds_libraries(folder)]


def installed() -> dict[str, Any]:
    """Every installed library: `versions` and what each `needs` by its name, names of libraries `by_import`."""
    versions: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    by_import: dict[str, list[str]] = {}
    for one in distributions():
        name = _plain(one.name)
        if name in versions:
            continue
        versions[name] = one.version
        needs[name] = sorted({_plain(found[0]) for asked in one.requires or [] if (found := _needed(asked))})
        for imported in _imported(one):
            by_import.setdefault(imported, []).append(name)
    return {"versions": versions, "needs": needs, "by_import": by_import}


def versions_behind(imports: Iterable[str], held: Mapping[str, Any]) -> dict[str, str]:
    """Versions of the interpreter and of every library behind first names of imports; `held` is from `installed`.

    Names that no library carries, and what a library asks for that is not installed, are left out.
    """
    waiting = [name for imported in imports for name in held["by_import"].get(imported, [])]
    found: dict[str, str] = {INTERPRETER: platform.python_version()}
    while waiting:
        name = waiting.pop()
        if name not in found and name in held["versions"]:
            found[name] = held["versions"][name]
            waiting += held["needs"][name]
    return dict(sorted(found.items()))


def _holds_libraries(folder: Path) -> bool:
    return any(folder.glob("*.dist-info"))


def _plain(name: str) -> str:
    """The one spelling of a library's name, as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(asked: str) -> re.Match[str] | None:
    """The name at the start of a requirement, unless only an extra wants it."""
    return None if re.search(r"\bextra\b", asked.partition(";")[2]) else NAME.match(asked)


def _imported(one: Distribution) -> set[str]:
    """First names of what a library lets one import."""
    named = (one.read_text("top_level.txt") or "").split()
    found = (TOP_LEVEL.match(str(file)) for file in one.files or ())
    return {*named, *(match[1] or match[2] for match in found if match)}
