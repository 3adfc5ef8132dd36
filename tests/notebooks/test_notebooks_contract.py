"""Notebooks are the methods section: thin, stripped, one parameters cell, provenance at the end."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import nbformat
import pytest

from swis.notebook.parameters import check_parameters, code_cells, declared_parameters, parameter_cells
from swis.stage_list import FURTHER_STAGES

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.comprehension)
LONGEST_CELL_LINES = 20

notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_the_notebooks_of_a_run() -> None:
    further = [Path(stage.notebook).stem for stage in FURTHER_STAGES]
    stages = ["1_validate", "2_derive", "3_outcomes", *sorted(["4_effects", *further]), "5_disclosure"]
    assert [path.stem for path in NOTEBOOKS] == [*stages, "authority_report", "evaluation_report"]


@notebooks
def test_one_cell_of_parameters_each_with_its_meaning(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert len(parameter_cells(notebook)) == 1
    declared = declared_parameters(notebook)
    assert declared
    assert all(parameter.comment for parameter in declared.values())
    assignments = ast.parse(parameter_cells(notebook)[0].source).body
    assert len(assignments) == len(declared), "only plain assignments of constants, no annotations"


@notebooks
def test_every_parameter_is_read(path: Path) -> None:
    assert check_parameters(path, {}) == []


@notebooks
def test_no_functions_loops_or_paths(path: Path) -> None:
    for cell in code_cells(nbformat.read(path, as_version=4)):
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, FORBIDDEN)], cell.source
        assert not re.search(r"Path\(|['\"][^'\"\n]*/[^'\"\n]*\.(csv|parquet|html|png)", cell.source), cell.source
        assert len(cell.source.splitlines()) <= LONGEST_CELL_LINES, cell.source


@notebooks
def test_every_call_follows_a_sentence_of_method(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    after_parameters = [cell.cell_type for cell in cells[2:]]
    consecutive = [pair for pair in itertools.pairwise(after_parameters) if pair == ("code", "code")]
    assert len(consecutive) <= 1, "each call has its sentence (imports and opening of the run may stand together)"


@notebooks
def test_the_last_cell_publishes_the_stage_and_prints_provenance(path: Path) -> None:
    last = nbformat.read(path, as_version=4).cells[-1]
    assert last.cell_type == "code"
    assert "run.finish()" in last.source


@notebooks
def test_committed_without_outputs(path: Path) -> None:
    for cell in code_cells(nbformat.read(path, as_version=4)):
        assert cell.outputs == []
        assert cell.execution_count is None
