"""papermill runs a notebook; what failed never looks finished and says no value."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, InputError
from swis.notebook.execute import execute_notebook

SECRET = "A999000000001"


def write_notebook(path: Path, source: str) -> Path:
    cells = [
        nbformat.v4.new_code_cell('word = "nothing"  # any text', metadata={"tags": ["parameters"]}, id="parameters"),
        nbformat.v4.new_code_cell(source, id="work"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_finished_notebook_is_kept_without_times_and_paths(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "print(word)")
    executed = tmp_path / "out" / "n.ipynb"
    outcome = execute_notebook(notebook, executed, {"word": "hello"}, tmp_path)
    assert outcome.exit_code == EXIT_OK
    text = executed.read_text(encoding="utf-8")
    assert "hello" in text
    assert str(tmp_path) not in text
    assert "start_time" not in text


def test_two_executions_give_the_same_bytes(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "print(word)")
    copies = [tmp_path / name / "n.ipynb" for name in ("one", "two")]
    for executed in copies:
        execute_notebook(notebook, executed, {"word": "hello"}, tmp_path)
    assert copies[0].read_bytes() == copies[1].read_bytes()


def test_a_failed_notebook_never_looks_finished_and_says_no_value(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", f'raise ValueError("{SECRET} " + word)')
    executed = tmp_path / "out" / "n.ipynb"
    outcome = execute_notebook(notebook, executed, {"word": "hello"}, tmp_path)
    assert outcome.exit_code == EXIT_FAILED
    assert outcome.lines == ["cell 3 raised ValueError"]
    assert not executed.exists()
    assert executed.with_suffix(".failed.ipynb").exists()


def test_an_input_error_in_a_notebook_keeps_its_lines_and_exit_code(tmp_path: Path) -> None:
    source = (
        "from swis.errors import InputError, Problem\n"
        "raise InputError([Problem(word, 'column upn', 'present', 'add it'), Problem(word, 'row 3', 'a date', 'mend')])"
    )
    notebook = write_notebook(tmp_path / "n.ipynb", source)
    outcome = execute_notebook(notebook, tmp_path / "out.ipynb", {"word": "file.csv"}, tmp_path)
    assert outcome.exit_code == EXIT_BAD_INPUT
    assert outcome.lines == [
        "file.csv: column upn; expected present; add it",
        "file.csv: row 3; expected a date; mend",
    ]


def test_a_killed_kernel_ends_with_a_failure_and_no_finished_notebook(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "import os, signal; word; os.kill(os.getpid(), signal.SIGKILL)")
    executed = tmp_path / "out.ipynb"
    outcome = execute_notebook(notebook, executed, {"word": "x"}, tmp_path)
    assert outcome.exit_code == EXIT_FAILED
    assert not executed.exists()


def test_refused_parameters_leave_no_trace(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "print(word)")
    with pytest.raises(InputError, match="did you mean word"):
        execute_notebook(notebook, tmp_path / "out" / "n.ipynb", {"wrod": "x"}, tmp_path)
    assert not (tmp_path / "out").exists()
