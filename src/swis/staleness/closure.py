"""Which modules of a package, which of its files and which libraries a notebook reaches through its imports.

Static: whatever a reached module imports anywhere, in a function too, counts. What is only found while running stands
in AT_RUN_TIME, and a test looks for calls that would need a line there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from swis.staleness.code import Content

# Modules that import others by a name made while running, with the packages in which these lie.
AT_RUN_TIME: Mapping[str, tuple[str, ...]] = {
    "swis.outcomes.registry": ("swis.outcomes.measures",),
    "swis.validate.plausibility.check": ("swis.validate.plausibility.totals",),
    "swis.validate.rule": (
        "swis.validate.plausibility.rows", "swis.validate.statutory.cin", "swis.validate.statutory.ssda903",
    ),
}  # fmt: skip
# What is only there for a reader, and what the interpreter keeps.
NO_INGREDIENT = {"README.md"}
CACHED = "__pycache__"
OWN_MODULE = "__init__.py"


@dataclass(frozen=True)
class Package:
    """The files of a package: modules by name, and all others by the package that they lie in or below."""

    name: str
    folder: Path
    modules: Mapping[str, Path]
    data: Mapping[str, tuple[Path, ...]]


@dataclass(frozen=True)
class Reach:
    """Names of modules, files that are none, and first names of libraries that code reaches; all sorted."""

    modules: tuple[str, ...]
    data: tuple[Path, ...]
    libraries: tuple[str, ...]


def package_in(folder: Path) -> Package:
    """The package whose own folder this is, with all below it."""
    modules: dict[str, Path] = {}
    data: dict[str, list[Path]] = {}
    owners = {str(folder.parent): ""}
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != CACHED)
        name = ".".join(Path(above).relative_to(folder.parent).parts)
        # Files below a folder that is no package belong to the package around it.
        owner = owners[above] = name if OWN_MODULE in names else owners[str(Path(above).parent)]
        for file in sorted(names):
            if file == OWN_MODULE:
                modules[name] = Path(above, file)
            elif file.endswith(".py"):
                modules[f"{name}.{file.removesuffix('.py')}"] = Path(above, file)
            elif file not in NO_INGREDIENT:
                data.setdefault(owner, []).append(Path(above, file))
    return Package(folder.name, folder, modules, {owner: tuple(paths) for owner, paths in data.items()})


def reach(package: Package, starts: Iterable[str], content_of: Callable[[str], Content]) -> Reach:
    """What the imports `starts` reach; `content_of` gives the content of a module of the package."""
    found: set[str] = set()
    libraries: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name.partition(".")[0] != package.name:
            libraries.add(name.partition(".")[0])
            continue
        for module in _with_packages(name):
            if module in package.modules and module not in found:
                found.add(module)
                waiting += [*content_of(module).imports, *_at_run_time(package, module)]
    # A module's files are read by their path beside it.
    owners = {module if module in package.data else module.rpartition(".")[0] for module in found}
    data = sorted({path for owner in owners for path in package.data.get(owner, ())})
    return Reach(tuple(sorted(found)), tuple(data), tuple(sorted(libraries - sys.stdlib_module_names - {""})))


def _with_packages(name: str) -> list[str]:
    """a.b.c after a and a.b, which are imported before it."""
    parts = name.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]


def _at_run_time(package: Package, module: str) -> list[str]:
    folders = AT_RUN_TIME.get(module, ())
    return [name for name in package.modules for folder in folders if name == folder or name.startswith(f"{folder}.")]
