"""The code and the libraries behind a stage: those its notebook reaches, each with what changes when it does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import swis
from swis.io import file_bytes, read_text
from swis.stage_list import STAGES
from swis.staleness import closure, code, libraries, notebooks
from swis.staleness.closure import OWN_MODULE, Package, Reach, package_in, reach
from swis.staleness.code import Content, module_content, short_hash
from swis.staleness.ingredients import CODE, LIBRARY, NOTEBOOK, Ingredients
from swis.staleness.kept import Kept
from swis.staleness.notebooks import notebook_content
from swis.workspace import Workspace

# What is kept was made by these; the interpreter's own parser is known by its version.
MAKERS = tuple(Path(str(module.__file__)) for module in (closure, code, libraries, notebooks))


class Reached:
    """What stages reach in a package; nothing is read that was read before and is as it was."""

    def __init__(self, package: Path, notebooks: Path, kept: Path) -> None:
        """`package` and `notebooks` are their folders; `kept` is the file in which what was read is kept."""
        self._folder, self._notebooks = package, notebooks
        self._kept = Kept(kept, MAKERS)
        self._contents: dict[str, Content] = {}
        self._of_stages: dict[str, Ingredients] = {}

    def stage(self, name: str) -> Ingredients:
        """Notebook, code and libraries of a stage."""
        if name not in self._of_stages:
            notebook = {STAGES[name].notebook: self._notebook(name).digest}
            self._of_stages[name] = {NOTEBOOK: notebook, **self._ingredients(self.reach_of_stage(name))}
        return self._of_stages[name]

    def modules(self, *names: str) -> Ingredients:
        """Code and libraries of what these modules reach."""
        return self._ingredients(self._reach(names))

    def reach_of_stage(self, name: str) -> Reach:
        """What the notebook of a stage reaches."""
        return self._reach(self._notebook(name).imports)

    def files(self, stage: str) -> list[Path]:
        """The files that a stage's notebook, code and libraries were read from."""
        found = self.reach_of_stage(stage)
        modules = [self._package.modules[name] for name in found.modules]
        return [self._path_of_notebook(stage), *modules, *found.data, *libraries.library_folders()]

    def save(self) -> None:
        """Keep what was read for the next time."""
        self._kept.save()

    def _reach(self, starts: Iterable[str]) -> Reach:
        return reach(self._package, starts, self._content)

    def _ingredients(self, found: Reach) -> Ingredients:
        data = {path.relative_to(self._folder.parent).as_posix(): self._hash(path) for path in found.data}
        return {
            CODE: {**{name: self._content(name).digest for name in found.modules}, **data},
            LIBRARY: libraries.versions_behind(found.libraries, self._installed),
        }

    def _content(self, name: str) -> Content:
        """The content of a module of the package."""
        if name not in self._contents:
            path = self._package.modules[name]
            self._contents[name] = self._read(
                name, path, lambda: module_content(read_text(path), name, is_package=path.name == OWN_MODULE)
            )
        return self._contents[name]

    def _notebook(self, stage: str) -> Content:
        path = self._path_of_notebook(stage)
        return self._read(path.name, path, lambda: notebook_content(path))

    def _read(self, name: str, path: Path, make: Any) -> Content:
        def plain() -> list[Any]:
            made: Content = make()
            return [list(made.imports), made.digest]

        imports, digest = self._kept.of(name, [path], plain)
        return Content(tuple(imports), digest)

    def _hash(self, path: Path) -> str:
        return str(self._kept.of(str(path.relative_to(self._folder)), [path], lambda: short_hash(file_bytes(path))))

    def _path_of_notebook(self, stage: str) -> Path:
        return self._notebooks / STAGES[stage].notebook

    @cached_property
    def _package(self) -> Package:
        return package_in(self._folder)

    @cached_property
    def _installed(self) -> dict[str, Any]:
        return dict(self._kept.of("libraries", libraries.library_folders(), libraries.installed))


def reached_by_run(workspace: Workspace, package: Path | None = None) -> Reached:
    """What stages of a data set reach in the package that runs, or in the one of the folder `package`."""
    folder = package or Path(swis.__file__).parent
    return Reached(folder, workspace.root / "notebooks", workspace.staleness / "read_before.json")
