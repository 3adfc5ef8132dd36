"""Ask a template process for a job over its socket; as a script, run `python -m MODULE` there instead of here.

    python -S -E ask.py MODULE [ARGUMENT]...

The script is what a workflow calls for each job: it starts in 15 ms because it needs little of the standard library,
which is why nothing here is JSON. Exit code, output and signals are those of the job. Where no template answers, it
becomes the plain `python -m MODULE`.

One connection is one job: a hang-up kills the job and what it started, and the exit status comes back on it. A request
is a length, then texts with a zero byte between them, as in /proc/PID/environ; an answer is a line: `pid N` when the
job is ready, `exit N` when it has ended, or `refused WHY`.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Mapping, Sequence

# Names the socket of the template process that jobs of this environment may ask.
SOCKET = "SWIS_WARM_KERNELS"
LENGTH = struct.Struct("!I")
# The first job waits until the libraries are imported, which takes long from a cold disk.
PATIENCE_SECONDS = 120.0
DEATH_SECONDS = 5.0


class RefusedError(Exception):
    """The template is not there or will not take this job: the caller does it in the plain way."""


class LostError(Exception):
    """The template ended before the job did; what was left of the job has been killed."""


class Request:
    """A job to be done: `python -m` of the first argument where `kind` is "module", a kernel with these options else.

    Besides environment and folder it names what a child process would take over: interpreter and file mode mask.
    """

    def __init__(self, kind: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
        """A request of this process."""
        self.kind, self.arguments, self.folder, self.environment = kind, list(arguments), folder, dict(environment)
        self.executable, self.umask = sys.executable, os.umask(0o077)
        os.umask(self.umask)

    def packed(self) -> bytes:
        """As it goes over the socket."""
        head = [self.kind, self.executable, str(self.umask), self.folder, str(len(self.arguments)), *self.arguments]
        texts = [*head, *(f"{name}={value}" for name, value in self.environment.items())]
        return b"\0".join(map(os.fsencode, texts))

    @classmethod
    def unpacked(cls, packed: bytes) -> Request:
        """As it comes out at the other side."""
        kind, executable, umask, folder, count, *rest = map(os.fsdecode, packed.split(b"\0"))
        pairs = [text.partition("=") for text in rest[int(count) :]]
        request = cls(kind, rest[: int(count)], folder, {name: value for name, _, value in pairs})
        request.executable, request.umask = executable, int(umask)
        return request


class WarmJob:
    """A job that a template process carries out; `pid` is that of the job, which leads a process group of its own."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        """Take over the connection of a job that has said that it is ready."""
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        self._line = ""
        # Clients of Jupyter look after a kernel from more than one thread.
        self._reading = threading.Lock()

    def poll(self) -> int | None:
        """The exit code (negative for a signal) or None while the job runs; LostError where the template is gone."""
        return self._receive(timeout=0.0)

    def wait(self, timeout: float | None = None) -> int | None:
        """As `poll`, but waits for the end of the job, or for so many seconds."""
        return self._receive(timeout)

    def signal_group(self, number: int) -> None:
        """Send a signal to the job and what it started, unless it has ended."""
        if self.returncode is None:
            os.killpg(self.pid, number)

    def hang_up(self) -> None:
        """Close the connection, upon which the template kills what is left of the job."""
        self._connection.close()

    def _receive(self, timeout: float | None) -> int | None:
        with self._reading:
            if self.returncode is not None:
                return self.returncode
            try:
                # A timeout of 0 makes the socket non-blocking.
                self._connection.settimeout(timeout)
                while not self._line.endswith("\n"):
                    got = self._connection.recv(1).decode()
                    if not got:
                        break
                    self._line += got
            except (BlockingIOError, TimeoutError):
                return None
            except OSError:
                self._line = ""
            self._connection.close()
            return self._end()

    def _end(self) -> int:
        """What the last line says; LostError where there is none."""
        word, _, code = self._line.rstrip("\n").partition(" ")
        if word != "exit" or not self._line.endswith("\n"):
            self.returncode = -signal.SIGKILL
            bury(self.pid)
            raise LostError(f"the template of process {self.pid} has ended")
        self.returncode = int(code)
        return self.returncode


def ask(path: str, request: Request, streams: Sequence[int], patience: float = PATIENCE_SECONDS) -> WarmJob:
    """Have the template at the socket `path` start a job that gets `streams` as standard input, output and error.

    Returns when the job is ready. RefusedError where the template is not there, or does not take it.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(patience)
        connection.connect(path)
        packed = request.packed()
        socket.send_fds(connection, [LENGTH.pack(len(packed))], list(streams))
        connection.sendall(packed)
        said = receive_line(connection)
    except OSError as error:
        connection.close()
        raise RefusedError(str(error)) from None
    word, _, text = said.partition(" ")
    if word != "pid":
        connection.close()
        raise RefusedError(text or "it hung up")
    return WarmJob(connection, int(text))


def receive_request(connection: socket.socket) -> tuple[Request, list[int]]:
    """The other side of `ask`: the request and the streams that came with it."""
    head, streams, _, _ = socket.recv_fds(connection, LENGTH.size, 3)
    (length,) = LENGTH.unpack(head)
    packed = b""
    while len(packed) < length:
        got = connection.recv(length - len(packed))
        if not got:
            raise EOFError("the client hung up")
        packed += got
    return Request.unpacked(packed), streams


def say(connection: socket.socket, line: str) -> None:
    """Send one line; nothing happens where the other side has gone."""
    try:
        connection.sendall(f"{line}\n".encode())
    except OSError:
        return


def receive_line(connection: socket.socket) -> str:
    """The next line, or nothing at the end of the connection."""
    # Byte by byte, because the next line may stand right behind this one.
    line = b""
    while not line.endswith(b"\n"):
        got = connection.recv(1)
        if not got:
            return ""
        line += got
    return line.decode().rstrip("\n")


def bury(pid: int) -> None:
    """Kill a process group and wait until its leader is gone, so that what is done next in its place is alone."""
    try:
        ended = os.pidfd_open(pid)
    except OSError:
        return
    try:
        os.killpg(pid, signal.SIGKILL)
        select.select([ended], [], [], DEATH_SECONDS)
    except OSError:
        return
    finally:
        os.close(ended)


def run_module(module: str, arguments: Sequence[str]) -> int | None:
    """Run `python -m module` in the template and return its exit code; None where it has to be done here."""
    path = os.environ.get(SOCKET)
    if not path or not sys.platform.startswith("linux"):
        return None
    # pathlib would double the start-up time.
    request = Request("module", [module, *arguments], os.getcwd(), os.environ)  # noqa: PTH109
    try:
        job = ask(path, request, (0, 1, 2))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: job.signal_group(received))
        return job.wait()
    except (RefusedError, LostError):
        return None


def main() -> int:
    """Run the module named on the command line, warm where possible; returns its exit code as a shell would say it."""
    module, *arguments = sys.argv[1:]
    code = run_module(module, arguments)
    if code is None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    # Nothing is left to be done, so the interpreter need not be taken down piece by piece.
    os._exit(main())
