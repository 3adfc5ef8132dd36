"""The template process: imports libraries once, then forks one fresh process per connection on its socket.

    python -m swis.kernels.template --listener FD --owner FD --folder DIR [--log FILE] MODULE...

It only imports: nothing is computed here, because thread pools that have run do not survive a fork. The imports wait
for the first connection, so that a run with nothing to do pays nothing. `--owner` is the reading end of a pipe whose
other end the owner holds: when the owner ends, however it ends, the template kills its jobs, removes its folder and
ends. Nothing a client does can hold it up, for everything a client says is read in the forked process.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import logging
import os
import select
import shutil
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from swis.kernels.ask import say
from swis.kernels.job import StartingPoint, carry_out
from swis.kernels.libraries import fill_caches, keep_to_modules, modules_to_forget
from swis.kernels.memory import gather

CREDENTIALS = struct.Struct("3i")
log = logging.getLogger("swis.kernels")


@dataclass
class Template:
    """The loop around the socket: who is connected, which process belongs to whom."""

    listener: socket.socket
    owner: int
    preload: Callable[[], StartingPoint]
    jobs: dict[int, tuple[int, socket.socket]] = field(default_factory=dict)
    start: StartingPoint | None = None

    def serve(self) -> None:
        """Answer until the owner has ended."""
        awake, waker = os.pipe()
        for end in (awake, waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        poll = select.poll()
        for descriptor in (self.listener.fileno(), self.owner, awake):
            poll.register(descriptor, select.POLLIN)
        while True:
            woken = {descriptor for descriptor, _ in poll.poll()}
            if self.owner in woken:
                return
            # In this order, because a descriptor that a job has given up may be the next one's.
            for descriptor in woken & set(self.jobs):
                _kill(self.jobs[descriptor][0])
                # The end of the process is met in _reap; until then the dead connection would wake us for ever.
                poll.unregister(descriptor)
            if awake in woken:
                os.read(awake, 4096)
                self._reap(poll)
            if self.listener.fileno() in woken:
                self._accept(poll, (self.owner, awake, waker))

    def end_jobs(self) -> None:
        """Kill every job and what it started."""
        for pid, connection in self.jobs.values():
            _kill(pid)
            connection.close()

    def _accept(self, poll: select.poll, own: tuple[int, ...]) -> None:
        connection, _ = self.listener.accept()
        if _user_at(connection) != os.getuid():
            log.warning("another user of this machine was turned away")
            connection.close()
            return
        if self.start is None:
            self.start = self.preload()
        try:
            pid = os.fork()
        except OSError as error:
            # No memory or no process to be had: the client, turned away, does its job in the plain way.
            log.warning("no process could be forked: %s", error)
            connection.close()
            return
        if pid == 0:
            self._become_job(connection, own)
        self.jobs[connection.fileno()] = (pid, connection)
        poll.register(connection.fileno(), select.POLLRDHUP)

    def _become_job(self, connection: socket.socket, own: tuple[int, ...]) -> None:
        """What the forked process does; it never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for descriptor in own:
                os.close(descriptor)
            self.listener.close()
            for _, other in self.jobs.values():
                other.close()
            assert self.start is not None
            code = carry_out(connection, self.start)
        except EOFError:
            log.info("process %d had no job: its client hung up", os.getpid())
        except Exception as error:
            # The client sees the connection end and does the job in the plain way, or fails as a killed one does.
            log.warning("process %d could not become its job: %s", os.getpid(), type(error).__name__)
        finally:
            os._exit(code)

    def _reap(self, poll: select.poll) -> None:
        """Tell the clients of all processes that have ended how they ended."""
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            code = os.waitstatus_to_exitcode(status)
            seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
            log.info("process %d ended with %d, %.2f processor seconds, %.0f MB", pid, code, seconds, megabytes)
            for descriptor, (known, connection) in list(self.jobs.items()):
                if known == pid:
                    del self.jobs[descriptor]
                    # Unregistered already where the client had hung up.
                    with contextlib.suppress(KeyError):
                        poll.unregister(descriptor)
                    say(connection, f"exit {code}")
                    connection.close()


def _user_at(connection: socket.socket) -> int:
    """User id of the process at the other end of a connection."""
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return int(CREDENTIALS.unpack(found)[1])


def _kill(pid: int) -> None:
    """Kill a job that has not been waited for, and its group if it has got round to leading one."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def import_all(modules: list[str]) -> StartingPoint:
    """Import the modules, note what that did to the environment, and put all of it beyond the collector's reach.

    A module that is missing or fails is logged and left out: a job that needs it will say so itself.
    """
    before, started, of_kernel = dict(os.environ), time.monotonic(), list(sys.modules)
    gc.disable()
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:
            log.warning("%s was not imported: %s", name, type(error).__name__)
        if name.startswith("ipykernel"):
            of_kernel = list(sys.modules)
    fill_caches()
    keep_to_modules(of_kernel)
    # So that each job looks again at the folders it imports from.
    importlib.invalidate_caches()
    gc.freeze()
    gather()
    log.info("%d modules in %.1f s", len(sys.modules), time.monotonic() - started)
    added = {name: value for name, value in os.environ.items() if before.get(name) != value}
    return StartingPoint(before, added, os.getpid(), modules_to_forget())


def main() -> int:
    """Serve until the owner ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="removed at the end")
    parser.add_argument("--log", type=Path)
    parser.add_argument("modules", nargs="*")
    given = parser.parse_args()
    # -m has put the folder we were started in here; no job shall find modules in it.
    del sys.path[0]
    # The owner says when to end, by the pipe; an interrupt from the terminal is for the jobs' clients.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if given.log:
        log.addHandler(logging.FileHandler(given.log, mode="w", encoding="utf-8"))
        log.setLevel(logging.INFO)
    log.propagate = False
    template = Template(socket.socket(fileno=given.listener), given.owner, lambda: import_all(given.modules))
    try:
        template.serve()
    finally:
        template.end_jobs()
        shutil.rmtree(given.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
