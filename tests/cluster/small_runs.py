"""Runs on the cluster, each in a process of its own that can be watched and is ended in any case."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from swis.io import sha256_of_file
from swis.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
RUN_SECONDS = 1800.0
# A run of the small notebooks of the authorities; the last line says how each of them ended.
CARRY_OUT = """
import json
import sys
from pathlib import Path
from swis.execution.executor import choose_executor
from swis.params import load_params
from swis import workflow
from swis.workspace import Workspace
root, executor, data_cut, *authorities = sys.argv[1:]
workspace = Workspace(Path(root), "demo")
follow = lambda event: print(event, flush=True)
chosen = choose_executor(executor, 2, None)
workflow.TARGETS = ('authorities',)
jobs = workflow.carry_out(workspace, load_params(workspace.params), authorities, data_cut, chosen, follow)
print(json.dumps([[job.authority, job.stage, job.exit_code] for job in jobs]))
"""


def small_notebooks() -> ModuleType:
    """The small notebooks that stand for the real ones in the tests of the graph."""
    place = ROOT / "tests" / "faults" / "test_workflow.py"
    specification = importlib.util.spec_from_file_location("small_notebooks", place)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@contextlib.contextmanager
def started(script: str, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Python running a script in a folder; it and all it started are killed where they have not ended by themselves."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        # What is started in the background of a shell ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def small_run(workspace: Workspace, executor: str) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """A run of the small notebooks of a workspace's authorities, while inside."""
    small = small_notebooks()
    return started(CARRY_OUT, workspace.root, str(workspace.root), executor, small.CUT, *small.AUTHORITIES)


def ended(process: subprocess.Popen[str]) -> dict[tuple[str, str], int]:
    """Exit codes by authority and stage when a small run has ended; subprocess.TimeoutExpired where it never does."""
    said, _ = process.communicate(timeout=RUN_SECONDS)
    assert process.returncode == 0, said
    return {(authority, stage): code for authority, stage, code in json.loads(said.splitlines()[-1])}


def swis(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run `swis` in a checkout; its exit code and all it said."""
    with started("from swis.cli import main; main()", folder, *arguments) as process:
        said, _ = process.communicate(timeout=RUN_SECONDS)
        return process.returncode, said


def wait_for(path: Path, process: subprocess.Popen[str], seconds: float = 120.0) -> None:
    """Wait until a file is there; AssertionError where the run ends before, or it never comes."""
    until = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.1)


def hashes_below(folder: Path, leave_out: Sequence[str] = ()) -> dict[str, str]:
    """SHA-256 of each file below a folder by its path, but for logs and those in, or called, what is left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".log"]
    kept = [path for path in files if not set(path.relative_to(folder).parts) & set(leave_out)]
    return {path.relative_to(folder).as_posix(): sha256_of_file(path) for path in kept}
