"""What a failing notebook held stays on the restricted side: terminal and logs say cell number and exception class."""

from __future__ import annotations

import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

from swis.errors import EXIT_FAILED
from swis.notebook.execute import execute_notebook

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow"))

from scratch import make_scratch  # noqa: E402

# Put together in the notebook only, so that a line of source in a log would not pass for a value.
SECRET = "A999000000001"
# Every way out of a kernel that is known: its own streams, those below, other programs, its last words.
LEAKS = """
import atexit, logging, os, subprocess, sys, threading, warnings
secret = "A" + str(999000000001)
print(secret)
print(secret, file=sys.stderr)
for stream in (sys.__stdout__, sys.__stderr__):
    print(secret, file=stream, flush=True)
for number in (1, 2):
    os.write(number, f"{secret} descriptor {number}\\n".encode())
os.system(f"echo {secret} program; echo {secret} program >&2")
subprocess.run(["sh", "-c", f"echo {secret} started"])
logging.getLogger("papermill").critical(secret)
logging.critical(secret)
warnings.warn(secret)
thread = threading.Thread(target=lambda: int(secret)); thread.start(); thread.join()
atexit.register(lambda: int(secret + "at the end"))
atexit.register(lambda: os.write(2, secret.encode()))
class Dying:
    def __del__(self):
        raise ValueError(secret)
Dying()
Dying.last = Dying()
"""
ENDS = {
    "raises": "raise ValueError(secret)",
    "class named after a value": "raise type(secret + ' of a child', (Exception,), {})(secret)",
    "chain": "try:\n    int(secret)\nexcept ValueError as error:\n    raise RuntimeError(secret) from error",
    "group": "raise ExceptionGroup(secret, [ValueError(secret)])",
    "syntax": "exec(secret + ' (')",
    "exit": "sys.exit(secret)",
    "dies": "os.abort()",
}
SAID = {
    "raises": "cell 3 raised ValueError",
    "class named after a value": "cell 3 raised an exception",
    "chain": "cell 3 raised RuntimeError",
    # IPython prints a group instead of reporting it, so its class is not known outside.
    "group": "cell 3 raised CellExecutionError",
    "syntax": "cell 3 raised SyntaxError",
    "exit": "cell 3 raised SystemExit",
    "dies": "1_validate.ipynb: the kernel ended early (DeadKernelError)",
}


def write_notebook(path: Path, end: str) -> Path:
    parameters = 'dataset = "demo"  # name\nauthority = "gateshead"  # slug\ndata_cut = "2023-08-31"  # date'
    cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters"),
        nbformat.v4.new_code_cell(LEAKS + end, id="work"),
        nbformat.v4.new_code_cell("dataset, authority, data_cut", id="use"),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def holding(folder: Path, secret: str = SECRET) -> dict[str, int]:
    """Files below a folder that hold the secret, with their permissions."""
    files = (path for path in folder.rglob("*") if path.is_file())
    held = (path for path in files if secret.encode() in path.read_bytes())
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in held}


@pytest.mark.parametrize("end", list(ENDS))
def test_a_failed_stage_says_its_cell_and_class_and_keeps_the_rest_to_its_owner(end: str, tmp_path: Path) -> None:
    write_notebook(tmp_path / "notebooks" / "1_validate.ipynb", ENDS[end])
    words = ["validate", "gateshead", "--root", str(tmp_path), "--dataset", "demo", "--data-cut", "2023-08-31"]
    done = subprocess.run([sys.executable, "-m", "swis.stages", *words], capture_output=True, text=True)
    assert done.returncode == EXIT_FAILED
    # What Snakemake writes into its log is what this process says.
    begun, ended = done.stdout.splitlines()
    assert begun == "::swis:: gateshead validate begun" and ended.startswith("::swis:: gateshead validate 1 ")
    assert done.stderr == ""
    kept = tmp_path / "data_derived" / "demo" / "gateshead"
    assert f'"{SAID[end]}"' in (kept / "validate.failure.json").read_text()
    notebooks = "data_derived/demo/gateshead/notebooks"
    private = {f"{notebooks}/1_validate.log": 0o600, f"{notebooks}/1_validate.failed.ipynb": 0o600}
    found = holding(tmp_path)
    # The check must be able to fail: the secret was said, and was caught where it belongs.
    assert found.keys() == private.keys() if end != "dies" else set(found) <= set(private)
    assert found.items() <= private.items()


def test_a_failure_of_the_runner_itself_is_its_class_only(tmp_path: Path) -> None:
    notebook = tmp_path / "notebooks" / "1_validate.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(f'{{"cells": "{SECRET}"')
    words = ["validate", "gateshead", "--root", str(tmp_path), "--dataset", "demo", "--data-cut", "2023-08-31"]
    done = subprocess.run([sys.executable, "-m", "swis.stages", *words], capture_output=True, text=True)
    assert done.returncode == EXIT_FAILED
    assert SECRET not in done.stdout + done.stderr
    said = (tmp_path / "data_derived" / "demo" / "gateshead" / "validate.failure.json").read_text()
    assert "1_validate.ipynb could not be run (NotJSONError)" in said


def test_what_a_failed_stage_said_is_gone_from_its_private_log_once_it_runs_again(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "notebooks" / "1_validate.ipynb", ENDS["raises"])
    words = ["validate", "gateshead", "--root", str(tmp_path), "--dataset", "demo", "--data-cut", "2023-08-31"]
    command = [sys.executable, "-m", "swis.stages", *words]
    log = tmp_path / "data_derived" / "demo" / "gateshead" / "notebooks" / "1_validate.log"
    subprocess.run(command, capture_output=True)
    assert SECRET in log.read_text()
    sound = nbformat.read(notebook, as_version=4)
    sound.cells[1].source = "1 / 0"
    nbformat.write(sound, notebook)
    subprocess.run(command, capture_output=True)
    # Not that it is absent: on a busy machine a kernel may complain of its own slowness, which is no value.
    assert SECRET not in (log.read_text() if log.exists() else "")


def test_a_private_log_in_which_nothing_is_said_is_removed(tmp_path: Path) -> None:
    lines = "import sys; from pathlib import Path; from swis.notebook.private import private_streams"
    speaking = f"{lines}\nwith private_streams(Path(sys.argv[1])): print('{SECRET}')"
    silent = f"{lines}\nwith private_streams(Path(sys.argv[1])): pass"
    log = tmp_path / "stage.log"
    subprocess.run([sys.executable, "-c", speaking, log], check=True)
    assert log.read_text() == f"{SECRET}\n"
    subprocess.run([sys.executable, "-c", silent, log], check=True)
    assert not log.exists()


@pytest.mark.slow
def test_a_whole_run_with_a_failing_notebook_leaves_nothing_on_the_terminal_in_its_logs_or_under_reports(
    tmp_path: Path,
) -> None:
    make_scratch(ROOT, tmp_path)
    work = textwrap.dedent(LEAKS) + ENDS["raises"]
    path = tmp_path / "notebooks" / "2_derive.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = work
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "swis.cli", "run", "gateshead", "--dataset", "demo", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == EXIT_FAILED
    assert SECRET not in done.stdout + done.stderr
    assert "raised ValueError" in done.stderr
    notebooks = "data_derived/demo/gateshead/notebooks"
    # Besides what the stage itself derived, which is restricted.
    found = {name for name in holding(tmp_path) if not name.endswith(".parquet")}
    assert found == {f"{notebooks}/2_derive.log", f"{notebooks}/2_derive.failed.ipynb"}
    for log in ("authorities.log", "kernels.log"):
        assert (tmp_path / "data_derived" / "demo" / log).stat().st_size > 0


def test_a_refused_parameter_is_named_without_its_value(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "")
    with pytest.raises(Exception, match="unknown parameter") as caught:
        execute_notebook(notebook, tmp_path / "out.ipynb", {"child": SECRET}, tmp_path)
    assert SECRET not in str(caught.value)
