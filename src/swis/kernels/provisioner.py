"""The kernel provisioner `swis-warm`: a kernel forked from the template where one answers, else a plain one.

Any client of jupyter_client (papermill, nbclient, nbval, JupyterLab) gets it by the kernel name `swis-warm`, found in
`share/` beside this file once that folder stands in JUPYTER_PATH.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from swis.kernels.ask import SOCKET, LostError, RefusedError, Request, WarmJob, ask

# The manager itself looks ten times a second, but a kernel that has been asked to end does so sooner.
LOOKS, LOOK_SECONDS = 50, 0.002
LAUNCHER = ["-m", "ipykernel_launcher"]


class WarmProcess:
    """A kernel forked from the template, with those parts of subprocess.Popen that its provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, job: WarmJob) -> None:
        """Stand for the process of a job that is ready."""
        self._job = job
        self.pid = job.pid

    def poll(self) -> int | None:
        """The exit code, or None while the kernel runs."""
        return self._ended(0.0)

    def wait(self) -> int | None:
        """The exit code, once the kernel has ended."""
        return self._ended(None)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it started."""
        self._job.signal_group(number)

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def _ended(self, timeout: float | None) -> int | None:
        try:
            return self._job.wait(timeout)
        except LostError:
            return self._job.returncode


class WarmProvisioner(LocalProvisioner):
    """Launches kernels in the template process; all else is as with a kernel that is a child of this process."""

    _is_ending = False

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Note that the kernel has been asked to end."""
        self._is_ending = True

    async def poll(self) -> int | None:
        """The exit code, or None while the kernel runs; one that has been asked to end is waited for a little."""
        looks = LOOKS if self._is_ending else 0
        while (code := await super().poll()) is None and looks:
            await asyncio.sleep(LOOK_SECONDS)
            looks -= 1
        return code

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch the kernel and return how to reach it: warm where possible, plain where not."""
        self._is_ending = False
        job = await asyncio.to_thread(ask_for_kernel, cmd, kwargs)
        if job is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = WarmProcess(job)
        self.pid = self.pgid = job.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


def ask_for_kernel(command: list[str], options: Mapping[str, Any]) -> WarmJob | None:
    """A warm kernel for a launch command, or None where there is none for it."""
    environment = options.get("env") or os.environ
    path = environment.get(SOCKET)
    streams = [_descriptor(options.get(name), own) for own, name in ((1, "stdout"), (2, "stderr"))]
    is_usual = command[1:3] == LAUNCHER and not options.get("stdin") and not options.get("independent")
    if not path or not sys.platform.startswith("linux") or not is_usual or None in streams:
        return None
    folder = str(options.get("cwd") or Path.cwd())
    request = Request("kernel", command[3:], folder, environment)
    # A standard input at its end, for a kernel asks its client for input.
    nothing, writing_end = os.pipe()
    os.close(writing_end)
    try:
        return ask(path, request, [nothing, *(number for number in streams if number is not None)])
    except RefusedError:
        return None
    finally:
        os.close(nothing)


def _descriptor(stream: Any, own: int) -> int | None:
    """The descriptor of an output as Popen takes it, this process's own if there is none; None for a pipe and the like.

    nbval gives its kernels a file for their errors.
    """
    if stream is None:
        return own
    number = stream if isinstance(stream, int) else stream.fileno()
    return int(number) if number >= 0 else None
