"""No connection leaves a run on children's returns, and a run that has tried to make one fails."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from forked_processes import notebook_of

from swis.errors import EXIT_FAILED, EXIT_OK
from swis.execution.executor import job_environment
from swis.kernels.names import PLAIN, WARM, kernel_name
from swis.kernels.owner import THREADS, template_process
from swis.notebook.execute import Outcome, execute_notebook
from swis.offline.filter import ASK, MACHINES, REFUSE, Machine, program
from swis.offline.hook import is_local

LINUX = sys.platform == "linux"
needs_linux = pytest.mark.skipif(not LINUX, reason="the filter is Linux's; elsewhere the hook alone holds")
# 192.0.2.1 is of the block kept for documentation (RFC 5737): nobody is there, and nothing is sent before it is tried.
ATTEMPTS = {
    "a page": "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=0.2)",
    "a name": "import socket; socket.getaddrinfo('example.org', 80)",
    "a connection": "import socket; socket.create_connection(('192.0.2.1', 80), 0.2)",
    "a datagram": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "a datagram in parts": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendmsg("
    "[b'x'], [], 0, ('2001:db8::1', 9))",
    "a table": "import pandas; pandas.read_csv('https://example.org/table.csv')",
    "a post": "import requests; requests.post('https://example.org/', json={}, timeout=0.2)",
    "asyncio": "import asyncio; await asyncio.open_connection('192.0.2.1', 80)",
    # Without a word: what a forked process prints would go through a socket of ipykernel's own, which fails a run too.
    "a fork": "import os, socket\npid = os.fork()\nif pid == 0:\n    try:\n        socket.create_connection("
    "('192.0.2.1', 80), 0.2)\n    finally:\n        os._exit(0)\nos.waitpid(pid, 0)",
}
FIRST_WORK_CELL = 3


@pytest.fixture(scope="module", params=[PLAIN, pytest.param(WARM, marks=needs_linux)])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """Kernels of either kind, which `execute_notebook` takes from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in THREADS.items():
            patch.setenv(name, value)
        if request.param == PLAIN:
            yield PLAIN
            return
        with template_process(["ipykernel.kernelapp", "ipykernel_launcher", "pandas"], dict(os.environ)) as found:
            for name, value in found.items():
                patch.setenv(name, value)
            assert kernel_name() == WARM
            yield WARM


def executed(folder: Path, *sources: str) -> tuple[Outcome, str]:
    notebook = notebook_of(folder / "n.ipynb", *sources)
    outcome = execute_notebook(notebook, folder / "out" / "n.ipynb", {"word": "given"}, folder)
    kept = folder / "out" / ("n.ipynb" if outcome.exit_code == EXIT_OK else "n.failed.ipynb")
    return outcome, kept.read_text(encoding="utf-8") if kept.exists() else ""


def swallowed(source: str) -> str:
    """The attempt as telemetry makes it: whatever comes of it, the cell goes on."""
    return f"try:\n{textwrap.indent(source, '    ')}\nexcept Exception:\n    pass"


def test_every_kind_of_attempt_fails_the_run_even_where_the_cell_goes_on(kernels: str, tmp_path: Path) -> None:
    outcome, text = executed(tmp_path, *(swallowed(source) for source in ATTEMPTS.values()))
    assert outcome.exit_code == EXIT_FAILED
    cells = {line.partition(" (")[0] for line in outcome.lines}
    assert cells == {f"cell {number}" for number in range(FIRST_WORK_CELL, FIRST_WORK_CELL + len(ATTEMPTS))}
    assert all(
        line.endswith("tried to reach the network: a run on children's returns has none") for line in outcome.lines
    )
    assert "given" in text, "the cells after it ran"


def test_an_attempt_stops_its_cell_with_one_clear_line_that_names_no_address(kernels: str, tmp_path: Path) -> None:
    outcome, _ = executed(tmp_path, ATTEMPTS["a name"], "word = 'the next cell'")
    assert outcome.lines == [
        "cell 3 (socket.getaddrinfo) tried to reach the network: a run on children's returns has none"
    ]
    assert not (tmp_path / "out" / "n.ipynb").exists()


def test_an_attempt_of_a_thread_behind_the_cells_back_fails_the_run(kernels: str, tmp_path: Path) -> None:
    behind = f"import threading\ndef tell():\n{textwrap.indent(swallowed(ATTEMPTS['a connection']), '    ')}\n"
    outcome, _ = executed(tmp_path, behind + "t = threading.Thread(target=tell); t.start(); t.join()")
    assert outcome.exit_code == EXIT_FAILED


# Each tries to open an internet socket where Python's own hook does not see it, and says how that ended.
UNSEEN = {
    "code in C": "import ctypes; c = ctypes.CDLL(None, use_errno=True); print('end', c.socket(2, 1, 0), 13)",
    "a thread": "import ctypes, threading as t; c = ctypes.CDLL(None, use_errno=True)\n"
    "u = t.Thread(target=lambda: print('end', c.socket(10, 2, 0), ctypes.get_errno())); u.start(); u.join()",
    "a lock kept": "import ctypes; c = ctypes.PyDLL(None); print('end', c.socket(2, 1, 0), 13)",
    "a program": "import subprocess, sys; print('end', subprocess.run([sys.executable, '-S', '-c', "
    "'import socket; socket.socket(socket.AF_INET)'], capture_output=True).returncode * -1, 13)",
    "a program of a program": "import subprocess, sys; print('end', subprocess.run(['sh', '-c', sys.executable + "
    "' -S -c \"import socket; socket.socket(socket.AF_INET)\"'], capture_output=True).returncode * -1, 13)",
}


@needs_linux
@pytest.mark.parametrize("way", list(UNSEEN))
def test_what_python_does_not_see_is_refused_and_fails_the_run_too(way: str, kernels: str, tmp_path: Path) -> None:
    outcome, text = executed(tmp_path, UNSEEN[way])
    assert "end -1 13" in text
    assert outcome.exit_code == EXIT_FAILED
    assert outcome.lines == [
        "code in C or a program it started (socket) tried to reach the network: a run on children's returns has none"
    ]


@needs_linux
def test_calls_that_get_round_the_question_are_refused(kernels: str, tmp_path: Path) -> None:
    source = (
        "import ctypes as t; c = t.CDLL(None, use_errno=True); print('end', c.syscall(425, 8, None), t.get_errno())"
    )
    assert "end -1 13" in executed(tmp_path, source)[1]


@needs_linux
def test_without_its_watcher_a_kernel_is_refused_all_the_same(kernels: str, tmp_path: Path) -> None:
    source = """
    import ctypes, os, pathlib, signal, time
    own = [int(p.parent.name) for p in pathlib.Path("/proc").glob("[0-9]*/cmdline") if b"watch.py" in p.read_bytes()]
    mine = [n for n in own if f"PPid:\\t{os.getpid()}\\n" in pathlib.Path(f"/proc/{n}/status").read_text()]
    for number in mine:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
    print("end", len(mine), ctypes.CDLL(None, use_errno=True).socket(2, 1, 0))
    """
    outcome, text = executed(tmp_path, textwrap.dedent(source))
    assert "end 1 -1" in text
    assert outcome.exit_code == EXIT_OK


@needs_linux
def test_no_watcher_outlives_its_kernel(kernels: str, tmp_path: Path) -> None:
    outcome, _ = executed(tmp_path, "word")
    assert outcome.exit_code == EXIT_OK
    deadline = time.monotonic() + 10
    while _watchers_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _watchers_of(tmp_path)


def _watchers_of(folder: Path) -> list[str]:
    """Watchers whose working folder, that of their kernel, is this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_one = b"offline/watch.py" in (process / "cmdline").read_bytes()
            if is_one and (process / "cwd").readlink() == folder:
                found.append(process.name)
    return found


def test_what_stays_on_this_machine_works_as_before(kernels: str, tmp_path: Path) -> None:
    outcome, _ = executed(
        tmp_path,
        "import socket; a, b = socket.socketpair(); a.sendall(b'x'); assert b.recv(1) == b'x'",
        "import asyncio; await asyncio.sleep(0); import urllib3, requests",
        "import subprocess; assert subprocess.run(['git', '--version'], capture_output=True).returncode == 0",
    )
    assert outcome.exit_code == EXIT_OK, outcome.lines


@pytest.fixture
def compendium(tmp_path: Path, project_root: Path) -> Path:
    """A checkout whose validation notebook opens the run as it should and then tells the world."""
    root = tmp_path / "root"
    shutil.copytree(project_root / "params", root / "params")
    (root / "requirements.lock").write_text("")
    (root / "notebooks").mkdir()
    work = """
    from swis import notebook
    run = notebook.open_run("validate", dataset=dataset, authority=authority, data_cut=data_cut)
    import urllib.request
    try:
        urllib.request.urlopen("https://example.org/")
    except OSError:
        pass
    """
    parameters = 'dataset = "x"  # a\nauthority = "y"  # b\ndata_cut = "z"  # c'
    cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters"),
        nbformat.v4.new_code_cell(textwrap.dedent(work), id="work"),
        nbformat.v4.new_code_cell("run.finish()", id="finish"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "1_validate.ipynb")
    return root


def test_a_stage_that_tries_ends_with_its_exit_code_and_is_never_finished(compendium: Path) -> None:
    words = ["validate", "gateshead", "--root", str(compendium), "--dataset", "demo", "--data-cut", "2023-08-31"]
    done = subprocess.run([sys.executable, "-m", "swis.stages", *words], capture_output=True, text=True)
    assert done.returncode == EXIT_FAILED
    begun, ended = done.stdout.splitlines()
    assert begun.endswith("begun") and ended.startswith("::swis:: gateshead validate 1 ")
    assert done.stderr == ""
    folder = compendium / "data_derived" / "demo" / "gateshead"
    said = json.loads((folder / "validate.failure.json").read_text())
    assert said == {
        "exit_code": 1,
        "lines": ["cell 3 (socket.getaddrinfo) tried to reach the network: a run on children's returns has none"],
    }
    assert not (folder / "validate").exists()


def test_a_stages_own_process_is_offline_too(compendium: Path) -> None:
    asked = "import runpy, sys, socket; sys.argv = ['x', 'validate', 'nowhere', '--help']\n"
    asked += "try: runpy.run_module('swis.stages', run_name='__main__')\nexcept SystemExit: pass\n"
    asked += "socket.getaddrinfo('example.org', 80)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert "NetworkError: no network here: socket.getaddrinfo was refused" in done.stderr


def test_no_command_of_swis_reaches_another_machine() -> None:
    asked = """
    import click, socket
    from swis.cli import main
    main.add_command(click.Command("tell", callback=lambda: socket.getaddrinfo("example.org", 80)))
    main(["tell"])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(asked)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "NetworkError: no network here: socket.getaddrinfo was refused" in done.stderr


# Modules by which Python programs speak to others; warm kernels and the guard itself use Unix sockets.
SPEAKING = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "telnetlib", "xmlrpc", "socketserver", "asyncio"}
SPEAKING |= {"requests", "urllib3", "httpx", "aiohttp", "websockets", "paramiko", "boto3", "fsspec", "posthog"}
LOCAL = {"kernels/ask.py", "kernels/job.py", "kernels/owner.py", "kernels/provisioner.py", "kernels/template.py"}
LOCAL |= {"offline/hook.py", "offline/__main__.py"}


def test_no_module_of_the_package_but_the_local_ones_can_speak_to_a_network(project_root: Path) -> None:
    package = project_root / "src" / "swis"
    speaking = {}
    for path in sorted(package.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
        # It only takes addresses apart.
        if found := {name.split(".")[0] for name in names - {"urllib.parse"}} & SPEAKING:
            speaking[path.relative_to(package).as_posix()] = found
    assert set(speaking) <= LOCAL, speaking


def test_telemetry_of_the_libraries_is_off(project_root: Path) -> None:
    assert job_environment()["GX_ANALYTICS_ENABLED"] == "false"
    told = subprocess.run(["make", "--dry-run", "lab"], cwd=project_root, capture_output=True, text=True).stdout
    for option in ("NeverCheckForUpdate", "news_url=None", "extension_manager=readonly"):
        assert option in told


@pytest.mark.parametrize("word", ["out", "in the loopback"])
def test_without_the_filter_the_hook_tells_this_machine_from_others(word: str) -> None:
    reached = "socket.create_connection(('192.0.2.1', 80), 0.2)" if word == "out" else "socket.create_connection(here)"
    asked = f"""
    import socket
    from swis.offline.hook import refuse_connections
    refuse_connections()
    opened = socket.create_server(("127.0.0.1", 0))
    here = opened.getsockname()
    {reached}
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(asked)], capture_output=True, text=True)
    assert (done.returncode == 0) == (word != "out")
    assert ("NetworkError" in done.stderr) == (word == "out")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "::ffff:127.0.0.1", "", None, b"::1"])
def test_hosts_of_this_machine(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        "192.0.2.1",
        "::ffff:192.0.2.1",
        "2001:db8::1",
        "example.org",
        "localhost.example.org",
        "0x7f000001.org",
        "10.0.0.1",
    ],
)
def test_hosts_beyond_it(host: str) -> None:
    assert not is_local(host)


def run_filter(machine: Machine, answer: int = REFUSE, *, architecture: int, number: int, family: int) -> str:
    """What the filter's own instructions answer, step by step as the kernel's manual says."""
    code = program(machine, answer)
    steps = [
        (code[at], code[at + 2], code[at + 3], int.from_bytes(code[at + 4 : at + 8], sys.byteorder))
        for at in range(0, len(code), 8)
    ]
    at, held = 0, 0
    while True:
        kind, yes, no, value = steps[at]
        if kind == 0x06:
            return {0x7FFF0000: "allowed", 0x0005000D: "refused", 0x7FC00000: "asked"}[value]
        if kind == 0x20:
            held = {0: number, 4: architecture, 16: family}[value]
            at += 1
        else:
            at += 1 + (yes if (held == value if kind == 0x15 else held >= value) else no)


@pytest.mark.parametrize("name", list(MACHINES))
def test_the_filter_answers_every_family_and_every_foreign_call_as_it_should(name: str) -> None:
    machine = MACHINES[name]
    own = {"architecture": machine.audit, "number": machine.socket}
    allowed = {family for family in range(64) if run_filter(machine, **own, family=family) == "allowed"}
    assert allowed == {socket.AF_UNIX, 16}
    asked = {family for family in range(64) if run_filter(machine, ASK, **own, family=family) == "asked"}
    assert asked == set(range(64)) - allowed
    others = {
        number
        for number in range(600)
        if run_filter(machine, architecture=machine.audit, number=number, family=2) == "refused"
    }
    assert others == {machine.socket, 425}
    assert run_filter(machine, architecture=0x40000003, number=102, family=2) == "refused"
    assert run_filter(machine, architecture=machine.audit, number=0x40000000 + machine.socket, family=1) == "refused"
