"""The parameters contract: typed, declared in the notebook, proven read by it, or refused before anything runs.

papermill only logs a warning for an unknown parameter, and a name that is injected but never read passes in silence
(nteract/papermill threads 245, 667 and 818). Here both are refused.
"""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from swis.errors import Problem

TAG = "parameters"


@dataclass(frozen=True)
class Declared:
    """One parameter as the notebook's tagged cell declares it."""

    name: str
    default: Any
    comment: str

    @property
    def type(self) -> type:
        """The type a given value must have: that of the default."""
        return type(self.default)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The notebook's code cells in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parameter_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells tagged as parameters; a sound notebook has exactly one."""
    return [cell for cell in code_cells(notebook) if TAG in cell.metadata.get("tags", [])]


def declared_parameters(notebook: nbformat.NotebookNode) -> dict[str, Declared]:
    """Parameters of the tagged cell: plain assignments of constants, each with its comment."""
    declared: dict[str, Declared] = {}
    for cell in parameter_cells(notebook):
        lines = cell.source.splitlines()
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                comment = lines[(node.end_lineno or node.lineno) - 1].partition("#")[2].strip()
                name = node.targets[0].id
                declared[name] = Declared(name, ast.literal_eval(node.value), comment)
    return declared


def names_read(notebook: nbformat.NotebookNode) -> set[str]:
    """Every name that some cell other than the parameters cell reads."""
    rest = [cell for cell in code_cells(notebook) if TAG not in cell.metadata.get("tags", [])]
    nodes = (node for cell in rest for node in ast.walk(ast.parse(cell.source)))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def check_parameters(path: Path, given: dict[str, Any]) -> list[Problem]:
    """Every reason why these parameters cannot be given to this notebook; empty when they can."""
    notebook = nbformat.read(path, as_version=4)
    declared, read = declared_parameters(notebook), names_read(notebook)
    problems = [_unknown(path, name, declared) for name in given if name not in declared]
    problems += [
        _ill_typed(path, declared[name], value) for name, value in given.items() if _is_ill_typed(declared, name, value)
    ]
    problems += [_never_read(path, name) for name in declared if name not in read]
    return problems


def _is_ill_typed(declared: dict[str, Declared], name: str, value: Any) -> bool:
    return name in declared and type(value) is not declared[name].type


def _unknown(path: Path, name: str, declared: dict[str, Declared]) -> Problem:
    near = difflib.get_close_matches(name, list(declared), n=1)
    action = f"did you mean {near[0]}?" if near else f"known: {', '.join(declared)}"
    return Problem(path.name, f"unknown parameter {name}", "a parameter the notebook declares", action)


def _ill_typed(path: Path, declared: Declared, value: Any) -> Problem:
    found, expected = type(value).__name__, declared.type.__name__
    return Problem(path.name, f"parameter {declared.name} is {found}", expected, "give it in that type")


def _never_read(path: Path, name: str) -> Problem:
    return Problem(path.name, f"parameter {name} is never read", "a parameter some cell uses", "use it or remove it")
