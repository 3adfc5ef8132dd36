"""Processes forked from a template, as the tests of warm kernels start and watch them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from swis.errors import EXIT_OK
from swis.kernels import ask
from swis.kernels.names import PLAIN, WARM, kernel_name
from swis.kernels.owner import THREADS
from swis.notebook.execute import Outcome, execute_notebook

needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="warm kernels need Linux; others get plain ones"
)
JOB = """
import os, signal, subprocess, sys, time
what, *rest = sys.argv[1:]
print("started", os.getpid(), os.getppid(), flush=True)
if what == "exit":
    sys.exit(int(rest[0]))
if what == "raise":
    raise ValueError("on purpose")
if what == "signal":
    os.kill(os.getpid(), int(rest[0]))
if what == "answer":
    print("asked", input(), flush=True)
if what == "clean up":
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        print("cleaned up", flush=True)
        sys.exit(3)
if what == "nap":
    time.sleep(0.5)
if what == "sleep":
    child = subprocess.Popen(["sleep", "60"])
    print("child", child.pid, flush=True)
    time.sleep(60)
"""


def until(met: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether the condition is met within so many seconds."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie (which nobody may reap inside a container)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def notebook_of(path: Path, *sources: str) -> Path:
    """A notebook with a cell of parameters, these cells, and one that uses the parameter."""
    cells = [
        nbformat.v4.new_code_cell('word = "x"  # any text', metadata={"tags": ["parameters"]}, id="parameters"),
        *(nbformat.v4.new_code_cell(textwrap.dedent(text), id=f"work-{n}") for n, text in enumerate(sources)),
        nbformat.v4.new_code_cell("word", id="use"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


class Jobs:
    """Starts `python -m job WORDS` as a workflow does, through `ask.py`, in one template."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **THREADS, **variables}
        (folder / "job.py").write_text(JOB, encoding="utf-8")

    def start(self, *words: str, plain: bool = False) -> subprocess.Popen[str]:
        command = [sys.executable, "-m"] if plain else [sys.executable, "-S", "-E", str(ask.__file__)]
        return subprocess.Popen(
            [*command, "job", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def template_of(self, process: subprocess.Popen[str]) -> tuple[int, int]:
        """Process ids of the job and its parent, which is the template where the job is warm."""
        assert process.stdout is not None
        _, job, parent = process.stdout.readline().split()
        return int(job), int(parent)


@dataclass(frozen=True)
class Kernels:
    """Executes one cell in a kernel of either kind; `variables` are what jobs that may use the template have."""

    folder: Path
    variables: dict[str, str]
    log: Path

    def executed(self, source: str, *, name: str = "n", warm: bool = True) -> tuple[Outcome, Path]:
        """How the notebook with that cell ended, and where its executed copy is if it ended well."""
        notebook = notebook_of(self.folder / f"{name}.ipynb", source)
        executed = self.folder / ("warm" if warm else "plain") / f"{name}.ipynb"
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in {**self.variables, **THREADS}.items():
                if warm or variable in THREADS:
                    patch.setenv(variable, value)
            assert kernel_name() == (WARM if warm else PLAIN)
            return execute_notebook(notebook, executed, {"word": "given"}, self.folder), executed

    def printed(self, source: str, *, name: str = "n", warm: bool = True) -> str:
        """What the cell printed."""
        outcome, executed = self.executed(source, name=name, warm=warm)
        assert outcome.exit_code == EXIT_OK, outcome
        outputs = nbformat.read(executed, as_version=4).cells[2].outputs
        return "".join(output.text for output in outputs if output.output_type == "stream").strip()
