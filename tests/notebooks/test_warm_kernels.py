"""A notebook in a warm kernel gives what it gives in a plain one, to the byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_processes import Kernels, needs_linux

from swis.errors import EXIT_OK
from swis.kernels.ask import SOCKET
from swis.kernels.names import PLAIN, kernel_name
from swis.kernels.owner import THREADS, template_process
from swis.notebook.warm import JUPYTER, LIBRARIES

pytestmark = needs_linux
MODULES = ["ipykernel.kernelapp", "ipykernel_launcher", "numpy", "pandas", "matplotlib.pyplot", "PIL.PngImagePlugin"]


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    folder = tmp_path_factory.mktemp("kernels")
    with template_process(MODULES, dict(os.environ), folder / "kernels.log") as variables:
        yield Kernels(folder, variables, folder / "kernels.log")


EVERYTHING = """
import os, sys, warnings
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

matplotlib.rcParams["svg.hashsalt"] = "fixed"
wide = pd.DataFrame({f"a rather long name of a column {n}": np.arange(3) * n for n in range(12)})
print(wide)
display(wide)
plt.plot([1, 2], [3, 1])
plt.show()
figure, axes = plt.subplots()
axes.bar(["a", "b"], [1, 2])
print(matplotlib.get_backend(), plt.isinteractive(), pd.get_option("display.max_columns"))
print(os.getcwd(), os.environ["MPLBACKEND"], sys.path, os.path.basename(sys.argv[0]), __name__)
print(sys.flags, sys.stdout.encoding, sys.getdefaultencoding())
# Output and errors are two streams; which of them a kernel sends first is a race unless each is told to.
sys.stdout.flush()
warnings.warn("told once")
sys.stderr.write("on stderr")
sys.stderr.flush()
figure
"""


def test_outputs_figures_and_settings_are_those_of_a_plain_kernel(kernels: Kernels) -> None:
    copies = [kernels.executed(EVERYTHING, name="same", warm=warm)[1] for warm in (True, False)]
    texts = [copy.read_text(encoding="utf-8") for copy in copies]
    # The path of a cell, which a warning names, holds the process id of its kernel.
    warm, plain = (re.sub(r"ipykernel_\d+/\d+", "ipykernel", text) for text in texts)
    assert warm == plain
    assert warm.count('"image/png"') >= 2, "a figure vanishes silently where the inline backend is not hooked in"


def test_the_kernel_is_a_fork_of_the_template_and_no_child_of_the_client(kernels: Kernels) -> None:
    parents = [kernels.printed("import os; print(os.getppid())", warm=warm) for warm in (True, False)]
    assert parents[0] != str(os.getpid())
    assert parents[1] == str(os.getpid())


def test_environment_time_zone_and_mask_are_those_of_the_job(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
    import os, time, tempfile
    print(time.strftime("%Z %H", time.gmtime(0)), time.localtime(0).tm_hour, os.environ["OWN"], tempfile.gettempdir())
    mask = os.umask(0); print(oct(mask))
    """
    monkeypatch.setenv("OWN", "mine")
    monkeypatch.setenv("TMPDIR", str(kernels.folder))
    old = os.umask(0o027)
    try:
        said = {}
        for zone in ("Asia/Tokyo", "America/New_York"):
            monkeypatch.setenv("TZ", zone)
            said[zone] = kernels.printed(source)
            assert said[zone] == kernels.printed(source, warm=False)
    finally:
        os.umask(old)
    assert said["Asia/Tokyo"] != said["America/New_York"]
    assert "0o27" in said["Asia/Tokyo"]


def test_the_time_zone_is_not_that_of_the_template(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert kernels.printed("import time; print(time.localtime(0).tm_hour)") == "9"


@pytest.mark.parametrize(("variable", "value"), [("PYTHONHASHSEED", "4711"), ("OMP_NUM_THREADS", "3")])
def test_what_cannot_be_changed_after_the_start_gets_a_plain_kernel(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setitem(THREADS, variable, value)
    source = f"import os; print(os.getppid(), os.environ['{variable}'])"
    assert kernels.printed(source) == f"{os.getpid()} {value}"
    assert f"differs in {variable}" in kernels.log.read_text(encoding="utf-8")


def test_no_module_of_the_project_is_there_before_it_is_imported(kernels: Kernels) -> None:
    # But for the guard that cuts the kernel off from the network, which it takes on before its first cell.
    source = "import sys; print([name for name in sys.modules if (name + '.').startswith('swis.') and "
    source += "not (name == 'swis' or (name + '.').startswith('swis.offline.'))])"
    assert kernels.printed(source) == "[]"


STATE = """
import decimal, gc, locale, logging, os, resource, signal, socket, sys, threading, warnings
import numpy

print(warnings.showwarning.__module__, numpy.geterr(), numpy.get_printoptions())
print(sys.excepthook.__qualname__, sys.displayhook.__class__, sys.getrecursionlimit(), sys.getswitchinterval())
print([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), gc.isenabled(), gc.get_threshold(), sys.gettrace())
print(locale.setlocale(locale.LC_ALL), socket.getdefaulttimeout(), decimal.getcontext().prec)
print(logging.root.level, logging.root.handlers, logging.root.manager.disable)
print(sorted(thread.name.split("-")[0] for thread in threading.enumerate()))
print(os.getpid() == os.getsid(0) == os.getpgrp(), resource.getrlimit(resource.RLIMIT_NOFILE), os.nice(0))
print(sorted(name for name in os.environ if not name.startswith(("JUPYTER", "SWIS", "JPY", "KMP"))))
numpy.array([numpy.inf]) / numpy.inf
"""


def test_the_libraries_of_a_run_leave_a_process_as_a_plain_one(tmp_path: Path) -> None:
    with template_process([*JUPYTER, *LIBRARIES], dict(os.environ), tmp_path / "kernels.log") as variables:
        many = Kernels(tmp_path, variables, tmp_path / "kernels.log")
        warm, plain = (many.printed(STATE, warm=warm) for warm in (True, False))
    assert re.sub(r"ipykernel_\d+", "", warm) == re.sub(r"ipykernel_\d+", "", plain)
    assert "invalid value encountered" in warm, "a library that is imported swallows warnings"
    assert "not imported" not in (tmp_path / "kernels.log").read_text(encoding="utf-8")


def test_a_debugger_may_step_into_what_it_may_in_a_plain_kernel(kernels: Kernels) -> None:
    source = "files = get_ipython().kernel._kernel_modules\nprint(sorted({name for name in ('ipykernel', 'pandas') "
    source += "for file in files if f'/{name}/' in file}))"
    said = [kernels.printed(source, warm=warm) for warm in (True, False)]
    assert said == ["['ipykernel']"] * 2


ENDING = """
import threading, time
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
publish = app.kernel._publish_status_and_flush
def at_leisure(status, channel, *others):
    if channel == "control" and status == "idle" and app.kernel._shutdown_message:
        time.sleep(0.3)
        with open("ending", "w") as file:
            file.write(f"{threading.current_thread().name} {app.iopub_thread.thread.is_alive()}")
    publish(status, channel, *others)
app.kernel._publish_status_and_flush = at_leisure
"""


def test_a_kernel_says_its_last_word_before_it_closes_the_channel_for_it(kernels: Kernels) -> None:
    # Otherwise its two threads may wait for each other, until the client terminates it.
    assert kernels.executed(ENDING, name="ending")[0].exit_code == EXIT_OK
    assert (kernels.folder / "ending").read_text(encoding="utf-8") == "Control True"
    assert "ended with 0" in kernels.log.read_text(encoding="utf-8").splitlines()[-1]


def test_without_a_template_kernels_are_plain(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel_name() == PLAIN
    # One that has ended: it is asked, does not answer, and nothing more comes of it.
    gone = Kernels(kernels.folder, {**kernels.variables, SOCKET: str(kernels.folder / "gone")}, kernels.log)
    assert gone.printed("import os; print(os.getppid())") == str(os.getpid())
