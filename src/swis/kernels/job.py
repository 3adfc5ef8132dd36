"""What a process forked from the template does: become the job that the client asks for, as if started afresh.

Everything that a fresh process would have of its own is put in place: session, environment, folder, time zone, streams,
signals, random numbers and modules of the project. What a fork cannot change, the interpreter's own settings and what
libraries read from the environment when they were imported, is compared, and a job that differs in it is refused.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import logging
import os
import runpy
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from swis.kernels.ask import Request, receive_request, say
from swis.kernels.libraries import differing_variables, reseed, settle_in_kernel, uncapture_warnings

SET_PARENT_DEATH_SIGNAL = 1
REFUSED_EXIT = 75
SYSTEM = ctypes.CDLL(None)
log = logging.getLogger("swis.kernels")


@dataclass(frozen=True)
class StartingPoint:
    """The template as a job finds it: environment before the imports, what these added to it, and its process id.

    `forget` are the modules that a kernel imports anew. To look for them in a job would take longer than to start it: a
    page of memory is copied when something on it is so much as counted.
    """

    environment: Mapping[str, str]
    added: Mapping[str, str]
    parent: int
    forget: Sequence[str]


def carry_out(connection: socket.socket, start: StartingPoint) -> int:
    """Become the job that the connection asks for and return its exit code. Runs in a freshly forked process."""
    _become_independent(start.parent)
    request, streams = receive_request(connection)
    why_not = refusal(request, start)
    if why_not:
        log.info("process %d refused its job: %s", os.getpid(), why_not)
        say(connection, f"refused {why_not}")
        return REFUSED_EXIT
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    _take_over(request, streams, start)
    run = {"kernel": _run_kernel, "module": _run_module}[request.kind]

    def ready() -> None:
        say(connection, f"pid {os.getpid()}")
        connection.close()

    return _to_the_end(lambda: run(request.arguments, ready))


def refusal(request: Request, start: StartingPoint) -> str | None:
    """Why a request has to be served by a process of its own, or None."""
    if request.executable != sys.executable:
        return f"wants {request.executable}, this is {sys.executable}"
    differing = differing_variables(request.environment, start.environment, {**start.environment, **start.added})
    return f"differs in {', '.join(differing)}" if differing else None


def _become_independent(parent: int) -> None:
    """A session of its own that dies with the template, and signals as at the start of a process."""
    os.setsid()
    SYSTEM.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _take_over(request: Request, streams: list[int], start: StartingPoint) -> None:
    """Make environment, folder, streams, clock, random numbers and project modules the job's own."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update({**start.added, **request.environment})
    time.tzset()
    os.chdir(request.folder)
    os.umask(request.umask)
    # Kept by the tempfile module once it has been asked; the job may have another TMPDIR.
    tempfile.tempdir = None
    reseed()
    uncapture_warnings()
    if request.kind == "kernel":
        for name in start.forget:
            del sys.modules[name]
    gc.enable()


def _run_kernel(arguments: list[str], ready: Callable[[], None]) -> None:
    """`python -m ipykernel_launcher ARGUMENTS`; ready when its channels are bound."""
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [str(ipykernel_launcher.__file__), *arguments]
    # The kernel ends when its parent does; ipykernel read who that is when it was imported.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    settle_in_kernel()
    ready()
    app.start()
    # The main loop is stopped by the control thread, which then has still to publish that it is idle; ipykernel closes
    # the thread that publishes first, and then each may wait for the other until its client ends it.
    app.control_thread.stop()
    app.control_thread.join()


def _run_module(arguments: list[str], ready: Callable[[], None]) -> None:
    """`python -m MODULE ARGUMENTS`."""
    module, *rest = arguments
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 (the text that -m puts there)
    sys.argv = [module, *rest]
    ready()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _to_the_end(run: Callable[[], None]) -> int:
    """Run to the end and clean up as the interpreter does, but leave memory as it is: that is much quicker."""
    code = _exit_code_of(run)
    # Private, but what multiprocessing calls for the same reason: waits for threads that are no daemons.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]
    return code


def _exit_code_of(run: Callable[[], None]) -> int:
    try:
        run()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return int(end.code or 0)
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        traceback.print_exc()
        return 128 + signal.SIGINT
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
