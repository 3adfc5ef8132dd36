"""Start a template process and end it: what a command that runs many notebooks wraps around them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from swis.kernels.ask import SOCKET
from swis.kernels.names import SHARE, is_known

# Snakemake, like every careful scheduler, holds a job to its own number of threads, which libraries read when imported.
THREADS = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "GOTO_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
    ),
    "1",
)  # fmt: skip
# A Unix socket's path may be 107 bytes long; kernels put theirs into folders beside it.
LONGEST_FOLDER = 60
END_SECONDS = 2.0


@contextlib.contextmanager
def template_process(
    modules: Sequence[str], environment: Mapping[str, str], log: Path | None = None
) -> Iterator[dict[str, str]]:
    """While inside, a template with `modules` answers; yields the variables that let jobs find it.

    Empty where the system or the environment cannot do it: jobs then run in the plain way. The socket, which only this
    user can reach, lies in a private folder; the template ends when this process does, however it does. `environment`
    is that of the jobs, which must agree with the template's wherever it is read at the start of a process or by an
    import.
    """
    if not sys.platform.startswith("linux") or not is_known():
        yield {}
        return
    folder = private_folder()
    path = folder / "socket"
    process, pipe = _start(modules, {**environment, **THREADS}, log, folder, path)
    try:
        yield {SOCKET: str(path), "JUPYTER_PATH": _joined(str(SHARE), environment.get("JUPYTER_PATH"))}
    finally:
        os.close(pipe)
        _see_it_end(process)
        shutil.rmtree(folder, ignore_errors=True)


def private_folder() -> Path:
    """A new folder that only this user can enter, with a path short enough for sockets."""
    usual = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="swis-warm-", dir=usual if len(usual) < LONGEST_FOLDER else "/tmp"))


def _start(
    modules: Sequence[str], environment: Mapping[str, str], log: Path | None, folder: Path, path: Path
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the template listening at `path`; it ends when the descriptor that is returned is closed."""
    reading, writing = os.pipe()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        # It listens before the template does, so that jobs may ask at once; the number of those waiting is no limit.
        listener.listen(1024)
        numbers = {"--listener": listener.fileno(), "--owner": reading, "--folder": folder, "--log": log}
        options = [str(word) for pair in numbers.items() if pair[1] is not None for word in pair]
        process = subprocess.Popen(
            [sys.executable, "-m", "swis.kernels.template", *options, *modules],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=dict(environment),
            pass_fds=(listener.fileno(), reading),
            # An interrupt from the terminal is for the owner and the jobs' clients.
            start_new_session=True,
        )
    os.close(reading)
    return process, writing


def _see_it_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        # In the midst of its imports, most likely.
        process.kill()
        process.wait()


def _joined(first: str, others: str | None) -> str:
    return os.pathsep.join([first, others]) if others else first
