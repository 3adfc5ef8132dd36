"""Parameters are typed, declared, and proven read; anything else is refused before a notebook runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from swis.notebook.parameters import check_parameters, declared_parameters


def notebook(tmp_path: Path, parameters: str, *cells: str) -> Path:
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")
    others = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(cells)]
    path = tmp_path / "example.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[tagged, *others]), path)
    return path


def test_parameters_that_are_declared_read_and_well_typed_are_accepted(tmp_path: Path) -> None:
    path = notebook(tmp_path, 'authority = "a"  # slug\nlevel = 0.95  # share', "print(authority, level)")
    assert check_parameters(path, {"authority": "gateshead", "level": 0.9}) == []


def test_misspelt_parameter_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = notebook(tmp_path, 'authority = "a"', "print(authority)")
    (problem,) = check_parameters(path, {"authorty": "gateshead"})
    assert "unknown parameter authorty" in problem.line()
    assert "did you mean authority?" in problem.line()


@pytest.mark.parametrize(("value", "said"), [(3, "is int"), (None, "is NoneType"), (["a"], "is list")])
def test_ill_typed_parameter_is_refused_with_both_types(tmp_path: Path, value: object, said: str) -> None:
    path = notebook(tmp_path, 'authority = "a"', "print(authority)")
    (problem,) = check_parameters(path, {"authority": value})
    assert said in problem.line()
    assert "expected str" in problem.line()


def test_parameter_that_no_cell_reads_is_refused(tmp_path: Path) -> None:
    path = notebook(tmp_path, 'authority = "a"\nlevel = 0.95', "print(authority)", "level = 3")
    (problem,) = check_parameters(path, {})
    assert "parameter level is never read" in problem.line()


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    path = notebook(tmp_path, 'authority = "a"\nlevel = 0.95', "print(authority)")
    assert len(check_parameters(path, {"authority": 1, "levle": 2})) == 3


def test_the_comment_of_a_parameter_is_kept_for_its_reader(tmp_path: Path) -> None:
    path = notebook(tmp_path, "level = 0.95  # confidence level, between 0.5 and 1", "print(level)")
    declared = declared_parameters(nbformat.read(path, as_version=4))
    assert declared["level"].comment == "confidence level, between 0.5 and 1"
