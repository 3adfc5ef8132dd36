"""Nothing one warm kernel does is met by the next: no state, option, file, signal, limit or random number."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_processes import Kernels, needs_linux

from swis.errors import EXIT_OK
from swis.kernels.ask import SOCKET
from swis.kernels.owner import template_process

pytestmark = needs_linux
MODULES = ["ipykernel.kernelapp", "ipykernel_launcher", "numpy", "pandas", "matplotlib.pyplot", "scipy.stats"]
IMPORTS = """
import atexit, builtins, decimal, gc, locale, logging, os, resource, signal, socket, sys, tempfile, threading
import time, warnings
import matplotlib, numpy as np, pandas as pd
"""
# What a notebook may do, and what the next would see of it.
SPOILT = {
    "variable of the environment": ('os.environ["SPOILT"] = "yes"', 'os.environ.get("SPOILT")'),
    "folder": ('os.chdir("/")', "os.getcwd()"),
    "mask of new files": ("os.umask(0o177)", '[line for line in open("/proc/self/status") if "Umask" in line]'),
    "path of modules": ('sys.path.insert(0, "/nowhere")', '"/nowhere" in sys.path'),
    "module": ('sys.modules["spoilt"] = sys', '"spoilt" in sys.modules'),
    "builtin": ("builtins.spoilt = True", 'hasattr(builtins, "spoilt")'),
    "name in a library": ("pd.spoilt = True", 'hasattr(pd, "spoilt")'),
    "method of a library": ("pd.DataFrame.head = len", "pd.DataFrame.head.__name__"),
    "option of pandas": ('pd.set_option("display.max_rows", 3)', 'pd.get_option("display.max_rows")'),
    "setting of matplotlib": ('matplotlib.rcParams["font.size"] = 99', 'matplotlib.rcParams["font.size"]'),
    "backend of matplotlib": ('matplotlib.use("svg")', "matplotlib.get_backend()"),
    "open figure": ("matplotlib.pyplot.figure()", "matplotlib.pyplot.get_fignums()"),
    "errors of numpy": ('np.seterr(all="raise")', "np.geterr()"),
    "printing of numpy": ("np.set_printoptions(precision=2)", 'np.get_printoptions()["precision"]'),
    "warning filter": ('warnings.simplefilter("error")', "warnings.filters[0]"),
    "locale": ('locale.setlocale(locale.LC_CTYPE, "POSIX")', "locale.setlocale(locale.LC_ALL)"),
    "level of the log": ("logging.root.setLevel(1)", "logging.root.level"),
    "handler of the log": ("logging.root.addHandler(logging.NullHandler())", "len(logging.root.handlers)"),
    "handler of a signal": ("signal.signal(signal.SIGUSR1, print)", "signal.getsignal(signal.SIGUSR1)"),
    "alarm": ("signal.alarm(1000)", "signal.alarm(0)"),
    "blocked signal": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])",
        "signal.pthread_sigmask(signal.SIG_BLOCK, [])",
    ),
    "digits of decimals": ("decimal.getcontext().prec = 5", "decimal.getcontext().prec"),
    "limit of open files": (
        "resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))",
        "resource.getrlimit(resource.RLIMIT_NOFILE)",
    ),
    "limit of recursion": ("sys.setrecursionlimit(4000)", "sys.getrecursionlimit()"),
    "niceness": ("os.nice(1)", "os.nice(0)"),
    "patience of sockets": ("socket.setdefaulttimeout(3)", "socket.getdefaulttimeout()"),
    "open file": (
        'kept = open("kept", "w")',
        'sum(os.path.realpath(f"/proc/self/fd/{number}").endswith("/kept") for number in os.listdir("/proc/self/fd"))',
    ),
    "thread": (
        'threading.Thread(target=time.sleep, args=(60,), daemon=True, name="kept").start()',
        '"kept" in [thread.name for thread in threading.enumerate()]',
    ),
    "temporary folder": ('tempfile.tempdir = "/"', "tempfile.gettempdir()"),
    "time zone": ('os.environ["TZ"] = "Asia/Tokyo"; time.tzset()', "time.localtime(0).tm_hour"),
    "garbage collector": ("gc.disable()", "gc.isenabled()"),
    "last words": ("atexit.register(len, ())", "atexit._ncallbacks()"),
    "hook": ("sys.displayhook = str", "sys.displayhook is str"),
}
SPOIL = IMPORTS + "\n".join(spoil for spoil, _ in SPOILT.values())
LOOK = IMPORTS + "\n".join(f'print("seen", repr({look}))' for _, look in SPOILT.values())


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernels]:
    folder = tmp_path_factory.mktemp("kernels")
    with template_process(MODULES, dict(os.environ), folder / "kernels.log") as variables:
        yield Kernels(folder, variables, folder / "kernels.log")


def seen(kernels: Kernels, source: str) -> dict[str, str]:
    """What a kernel sees of each of the things that may be spoilt, after doing `source`."""
    # Besides these lines stand the warnings that are errors now.
    lines = [line for line in kernels.printed(f"{source}\n{LOOK}").splitlines() if line.startswith("seen ")]
    return dict(zip(SPOILT, lines, strict=True))


def test_nothing_one_kernel_does_is_met_by_the_next(kernels: Kernels) -> None:
    before = seen(kernels, "")
    assert kernels.executed(SPOIL)[0].exit_code == EXIT_OK
    assert seen(kernels, "") == before


def test_each_of_these_would_be_seen_if_it_leaked(kernels: Kernels) -> None:
    before, after = seen(kernels, ""), seen(kernels, SPOIL)
    assert [name for name in SPOILT if before[name] == after[name]] == []


DRAWN = """
import os, random, secrets, tempfile, uuid
import numpy as np, scipy.stats
print(random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4(), secrets.token_hex(8))
print(os.urandom(8).hex(), os.path.basename(tempfile.mktemp()), scipy.stats.norm.rvs())
# What the next must not draw from.
random.seed(1)
np.random.seed(1)
"""


def test_every_kernel_has_random_numbers_of_its_own(kernels: Kernels) -> None:
    drawn = [kernels.printed(DRAWN).split() for _ in range(3)]
    for numbers in zip(*drawn, strict=True):
        assert len(set(numbers)) == len(drawn)


FORKS = """
import os, sys
import numpy.random
from swis.kernels.libraries import reseed
for _ in range(2):
    if os.fork() == 0:
        if sys.argv[1] == "reseeded":
            reseed()
        print(numpy.random.random(), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.parametrize(("how", "different"), [("as they are", 1), ("reseeded", 2)])
def test_forks_draw_the_same_numbers_unless_they_are_reseeded(how: str, different: int) -> None:
    done = subprocess.run([sys.executable, "-c", FORKS, how], capture_output=True, text=True, check=True)
    assert len(set(done.stdout.split())) == different


def test_no_file_is_left_by_finished_kernels(kernels: Kernels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    kernels.printed("print(1)")
    assert [path.name for path in Path(kernels.variables[SOCKET]).parent.iterdir()] == ["socket"]
    assert list(tmp_path.iterdir()) == []


def test_what_a_template_has_that_it_should_not_is_met_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spoils.py").write_text("import pandas\npandas.set_option('display.max_rows', 3)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with template_process([*MODULES, "spoils"], dict(os.environ), tmp_path / "kernels.log") as variables:
        spoilt = Kernels(tmp_path, variables, tmp_path / "kernels.log")
        source = "import pandas; print(pandas.get_option('display.max_rows'))"
        assert (spoilt.printed(source), spoilt.printed(source, warm=False)) == ("3", "60")
