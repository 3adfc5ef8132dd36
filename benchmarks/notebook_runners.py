"""The ways to run the same notebook many times, two at a time, that `warm_kernels.py` compares."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from swis.kernels import ask
from swis.kernels.names import PLAIN, WARM

HERE = Path(__file__).parent
# As `swis run` starts its jobs.
FORKED = [sys.executable, "-S", "-E", str(ask.__file__)]
Environment = dict[str, str]
Way = Callable[[Path, Sequence[Path], Environment, int], None]

SNAKEFILE = """
rule all:
    input: expand("{{number}}.done", number=range({count}))

rule one:
    output: touch("{{number}}.done")
    log: notebook="{prefix}-{{number}}.ipynb"
    notebook: {notebook!r}
"""


def papermill_commands(notebook: Path, copies: Sequence[Path], environment: Environment, at_a_time: int) -> None:
    """A loop of `python -m papermill`, each of which imports everything afresh."""
    options = ["--kernel", PLAIN, "--no-progress-bar", "--log-level", "ERROR"]
    each = [[sys.executable, "-m", "papermill", str(notebook), str(copy), *options] for copy in copies]
    together(each, notebook.parent, environment, at_a_time)


def warm_commands(notebook: Path, copies: Sequence[Path], environment: Environment, at_a_time: int) -> None:
    """The same commands in processes forked from the template, with its engine."""
    options = ["--engine", WARM, "--kernel", WARM, "--no-progress-bar", "--log-level", "ERROR"]
    each = [[*FORKED, "papermill", str(notebook), str(copy), *options] for copy in copies]
    together(each, notebook.parent, environment, at_a_time)


def warm_stages(notebook: Path, copies: Sequence[Path], environment: Environment, at_a_time: int) -> None:
    """As the stages of `swis run`: forked, offline, the executed notebook kept only when it is whole."""
    each = [[*FORKED, "run_notebooks", "stage", str(notebook), str(copy)] for copy in copies]
    together(each, HERE, environment, at_a_time)


def in_processes(tool: str) -> Way:
    """A tool's Python interface: as many processes as may run at a time, each doing its share one by one."""

    def run(notebook: Path, copies: Sequence[Path], environment: Environment, at_a_time: int) -> None:
        script = [sys.executable, str(HERE / "run_notebooks.py"), tool, str(notebook)]
        shares = [[*script, *map(str, copies[first::at_a_time])] for first in range(at_a_time)]
        together(shares, notebook.parent, environment, at_a_time)

    return run


def snakemake(notebook: Path, copies: Sequence[Path], environment: Environment, at_a_time: int) -> None:
    """Snakemake's own `notebook:` directive, which starts papermill."""
    folder = notebook.parent
    prefix = copies[0].stem.rpartition("-")[0]
    text = SNAKEFILE.format(count=len(copies), prefix=prefix, notebook=str(notebook))
    (folder / "Snakefile").write_text(text, encoding="utf-8")
    # It looks for papermill on the path.
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = [sys.executable, "-m", "snakemake", "--cores", str(at_a_time), "--quiet"]
    together([command], folder, {**environment, "PATH": path}, 1)


def together(commands: Sequence[list[str]], folder: Path, environment: Environment, at_a_time: int) -> None:
    """Run the commands, so many at a time; SystemExit with what the first that failed said."""

    def run(command: list[str]) -> None:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{command} ended with {done.returncode}: {(done.stdout + done.stderr)[-6000:]}")

    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(run, commands))
