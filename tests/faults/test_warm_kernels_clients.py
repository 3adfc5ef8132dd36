"""What any client of Jupyter asks of a warm kernel, it does as a plain one: interrupt, restart, shut down."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forked_processes import is_running, needs_linux, until
from jupyter_client import KernelManager

from swis.kernels.names import PLAIN, WARM
from swis.kernels.owner import THREADS, template_process

pytestmark = needs_linux
MODULES = ["ipykernel.kernelapp", "ipykernel_launcher"]
SECONDS = 30


class Client:
    """A kernel as JupyterLab holds it, and what its cells print."""

    def __init__(self, kind: str, folder: Path, **options: Any) -> None:
        self.kind = kind
        file = str(folder / "kernel.json")
        self.manager = KernelManager(kernel_name=kind, transport="ipc", connection_file=file)
        self.manager.start_kernel(**options)
        self.connect()

    def connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(SECONDS)

    def printed(self, code: str) -> str:
        said: list[str] = []
        hook = lambda message: said.append(message["content"].get("text", ""))  # noqa: E731
        reply = self.client.execute_interactive(code, timeout=SECONDS, output_hook=hook)
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(said).strip()

    def pid(self) -> int:
        return int(self.printed("import os; print(os.getpid())"))

    def close(self) -> None:
        if self.manager.has_kernel:
            self.client.stop_channels()
            self.manager.shutdown_kernel()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in THREADS.items():
            patch.setenv(name, value)
        with template_process(MODULES, dict(os.environ), folder / "kernels.log") as variables:
            for name, value in variables.items():
                patch.setenv(name, value)
            yield


@pytest.fixture(params=[PLAIN, WARM])
def kernel(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Iterator[Client]:
    held = Client(request.param, tmp_path)
    is_child = held.printed("import os; print(os.getppid())") == str(os.getpid())
    assert is_child == (held.kind == PLAIN)
    yield held
    held.close()


def test_an_interrupt_stops_the_cell_and_nothing_else(kernel: Client) -> None:
    kernel.printed("kept = 1")
    pid = kernel.pid()
    sleep = "import time\nprint('started', flush=True)\ntime.sleep(60)"
    # Otherwise a kernel drops for a moment what it is asked after an error.
    asked = kernel.client.execute(sleep, stop_on_error=False)
    while kernel.client.get_iopub_msg(SECONDS)["content"].get("text") != "started\n":
        pass
    kernel.manager.interrupt_kernel()
    while (reply := kernel.client.get_shell_msg(SECONDS))["parent_header"]["msg_id"] != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.printed("print(kept)") == "1"
    assert kernel.pid() == pid


@pytest.mark.parametrize("now", [False, True])
def test_a_restarted_kernel_is_a_new_process_that_knows_nothing_of_the_old(kernel: Client, now: bool) -> None:
    kernel.printed("kept = 1")
    old = kernel.pid()
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=now)
    kernel.connect()
    assert kernel.printed("print('kept' in globals())") == "False"
    assert kernel.pid() != old
    assert not is_running(old)


def test_a_killed_kernel_is_seen_to_be_dead_and_can_be_restarted(kernel: Client) -> None:
    old = kernel.pid()
    os.kill(old, signal.SIGKILL)
    assert until(lambda: not kernel.manager.is_alive())
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=True)
    kernel.connect()
    assert kernel.pid() != old


def test_a_kernel_that_is_shut_down_is_gone_and_so_is_its_connection_file(kernel: Client) -> None:
    pid, file = kernel.pid(), Path(kernel.manager.connection_file)
    assert file.exists()
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel()
    assert not is_running(pid)
    assert not file.exists()
    assert not kernel.manager.is_alive()


def test_a_kernel_that_will_not_end_is_killed_with_what_it_started(kernel: Client) -> None:
    stubborn = """
    import os, signal, subprocess, atexit, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    atexit.register(time.sleep, 60)
    print(subprocess.Popen(["sleep", "60"]).pid)
    """
    child, pid = int(kernel.printed("\n".join(line.strip() for line in stubborn.splitlines()))), kernel.pid()
    kernel.client.stop_channels()
    started = time.monotonic()
    kernel.manager.shutdown_kernel(now=True)
    assert until(lambda: not is_running(pid) and not is_running(child))
    assert time.monotonic() - started < SECONDS


def test_a_client_whose_template_is_killed_gets_a_plain_kernel_at_the_restart(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, template_process(MODULES, {**os.environ, **THREADS}) as variables:
        for name, value in {**variables, **THREADS}.items():
            patch.setenv(name, value)
        kernel = Client(WARM, tmp_path)
        old, template = (
            int(number) for number in kernel.printed("import os; print(os.getpid(), os.getppid())").split()
        )
        os.kill(template, signal.SIGKILL)
        assert until(lambda: not is_running(old) and not kernel.manager.is_alive())
        kernel.client.stop_channels()
        kernel.manager.restart_kernel(now=True)
        kernel.connect()
        assert kernel.printed("import os; print(os.getppid())") == str(os.getpid())
        kernel.close()


@pytest.mark.parametrize("kind", [PLAIN, WARM])
def test_a_file_for_the_errors_of_a_kernel_gets_them(kind: str, tmp_path: Path, warm: None) -> None:
    # As nbval gives one.
    with (tmp_path / "errors").open("w") as file:
        kernel = Client(kind, tmp_path, stderr=file)
        is_child = kernel.printed("import os; print(os.getppid())") == str(os.getpid())
        kernel.printed("os.write(2, b'below Python')")
        kernel.close()
    assert is_child == (kind == PLAIN)
    assert "below Python" in (tmp_path / "errors").read_text(encoding="utf-8")


def test_a_kernel_whose_output_is_to_be_a_pipe_is_a_plain_one(tmp_path: Path, warm: None) -> None:
    kernel = Client(WARM, tmp_path, stderr=subprocess.PIPE)
    assert kernel.printed("import os; print(os.getppid())") == str(os.getpid())
    errors = kernel.manager.provisioner.process.stderr
    kernel.close()
    errors.close()
