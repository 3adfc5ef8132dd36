"""Whatever is killed, a job ends as in plain Python, nothing runs on, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_processes import Jobs, is_running, needs_linux, notebook_of, until

from swis.errors import EXIT_FAILED
from swis.kernels import ask
from swis.kernels.owner import THREADS, template_process
from swis.notebook import execute
from swis.notebook.execute import Outcome, execute_notebook

pytestmark = needs_linux
MODULES = ["ipykernel.kernelapp", "ipykernel_launcher"]


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with template_process(MODULES, dict(os.environ), tmp_path / "kernels.log") as variables:
        yield Jobs(tmp_path, variables)


@pytest.mark.parametrize("words", [("exit", "0"), ("exit", "7"), ("raise",), ("answer",)])
def test_streams_and_exit_code_of_a_job_are_those_of_plain_python(jobs: Jobs, words: tuple[str, ...]) -> None:
    said = []
    for plain in (False, True):
        process = jobs.start(*words, plain=plain)
        out, error = process.communicate("a line\n", timeout=30)
        last = error.splitlines()[-1:]
        said.append((process.returncode, out.split("\n", 1)[1], last))
        assert (f" {os.getpid()}\n" in out) == plain, "a warm job is a child of the template"
    assert said[0] == said[1]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_job_that_dies_of_a_signal_says_so_as_a_shell_does(jobs: Jobs, number: int) -> None:
    process = jobs.start("signal", str(int(number)))
    process.communicate(timeout=30)
    assert process.returncode == 128 + number


def test_an_interrupt_reaches_the_job_which_may_clean_up(jobs: Jobs) -> None:
    process = jobs.start("clean up")
    jobs.template_of(process)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=10)
    assert (process.returncode, out) == (3, "cleaned up\n")


def test_a_killed_client_takes_its_job_and_what_that_started_with_it(jobs: Jobs) -> None:
    process = jobs.start("sleep")
    job, _ = jobs.template_of(process)
    assert process.stdout is not None
    child = int(process.stdout.readline().split()[1])
    process.kill()
    process.communicate(timeout=10)
    assert until(lambda: not is_running(job) and not is_running(child))


def test_jobs_two_at_a_time_are_kept_apart(jobs: Jobs) -> None:
    for _ in range(4):
        pair = [jobs.start("exit", str(code)) for code in (3, 4)]
        assert [process.wait(30) for process in pair] == [3, 4]
        for process in pair:
            process.communicate()


def test_a_job_whose_template_is_killed_is_done_once_more_in_the_plain_way(jobs: Jobs) -> None:
    process = jobs.start("nap")
    job, template = jobs.template_of(process)
    os.kill(template, signal.SIGKILL)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert not is_running(job)
    assert f" {os.getpid()}\n" in out, "the second time it is a child of this process"
    again = jobs.start("exit", "5")
    assert again.wait(30) == 5
    again.communicate()


def test_a_job_ends_even_if_its_client_and_its_template_are_both_killed(jobs: Jobs) -> None:
    process = jobs.start("clean up")
    job, template = jobs.template_of(process)
    process.kill()
    os.kill(template, signal.SIGKILL)
    assert until(lambda: not is_running(job))
    process.communicate(timeout=10)


OWNER = """
import os, sys, time
from pathlib import Path
from swis.kernels.owner import template_process
with template_process(["ipykernel"], dict(os.environ)) as found:
    print(found["SWIS_WARM_KERNELS"], flush=True)
    time.sleep(60)
"""


def test_the_template_ends_with_its_owner_however_that_ends(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    socket = owner.stdout.readline().strip()
    jobs = Jobs(tmp_path, {ask.SOCKET: socket})
    process = jobs.start("sleep")
    job, template = jobs.template_of(process)
    owner.kill()
    owner.communicate()
    assert until(lambda: not is_running(template) and not is_running(job))
    assert until(lambda: not Path(socket).parent.exists())
    process.kill()
    process.communicate()


FAULTS = {
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "crashed": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "left": "import os\nos._exit(0)",
    "raised": "raise ValueError(word)",
    "out of memory": """
        import resource
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (100 << 20), used + (100 << 20)))
        bytearray(1 << 30)""",
    "slow": "import time\ntime.sleep(60)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_kernel_that_fails_gives_the_same_failure_and_files_as_a_plain_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(execute, "SLOW_NOTEBOOK_SECONDS", 3)

    def run(kind: str) -> tuple[Outcome, list[str], str]:
        folder = tmp_path / kind
        folder.mkdir()
        outcome = execute_notebook(
            notebook_of(folder / "n.ipynb", FAULTS[fault]), folder / "out" / "n.ipynb", {}, folder
        )
        failed = folder / "out" / "n.failed.ipynb"
        left = sorted(path.name for path in (folder / "out").iterdir())
        return outcome, left, failed.read_text(encoding="utf-8").replace(kind, "")

    plain = run("plain")
    with template_process(MODULES, dict(os.environ)) as variables:
        for name, value in {**variables, **THREADS}.items():
            monkeypatch.setenv(name, value)
        warm = run("warm")
    assert plain[0].exit_code == EXIT_FAILED
    assert plain[1] == ["n.failed.ipynb"]
    assert warm[:2] == plain[:2]
    # Whether an interrupted cell still gets to say so before its kernel is ended is a race on either side.
    if fault != "slow":
        assert len(warm[2]) == pytest.approx(len(plain[2]), rel=0.05)


def test_a_notebook_whose_template_is_killed_fails_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    with template_process(MODULES, dict(os.environ)) as variables:
        for name, value in {**variables, **THREADS}.items():
            monkeypatch.setenv(name, value)
        outcome = execute_notebook(notebook_of(tmp_path / "n.ipynb", kill), tmp_path / "out" / "n.ipynb", {}, tmp_path)
        again = execute_notebook(notebook_of(tmp_path / "n.ipynb", "1"), tmp_path / "out" / "n.ipynb", {}, tmp_path)
    assert outcome == Outcome(EXIT_FAILED, ["n.ipynb: the kernel ended early (DeadKernelError)"])
    assert again == Outcome(0)
