"""The lock that keeps two runs of a data set apart, and goes with those who hold it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.one_run import one_run

# Windows has no locks that go with a process: `one_run` gives none there, and Snakemake's own lock does.
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such lock; Snakemake's own does there")
SECONDS_TO_END = 60
HOLD = """
import subprocess, sys
from pathlib import Path
from swis.one_run import one_run
with one_run(Path(sys.argv[1])) as lock:
    child = subprocess.Popen(["sleep", "600"], pass_fds=lock)
    print(child.pid, flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_with_a_clear_line_and_let_in_afterwards(tmp_path: Path) -> None:
    with one_run(tmp_path / "demo"):
        with (
            pytest.raises(InputError, match="demo: another run is at work on this data set"),
            one_run(tmp_path / "demo"),
        ):
            pass
        with one_run(tmp_path / "other"):
            pass
    with one_run(tmp_path / "demo"):
        pass


def test_a_killed_run_holds_the_lock_no_longer_than_the_process_it_has_started(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        child = holder.stdout.readline().strip()
        holder.kill()
    with pytest.raises(InputError), one_run(tmp_path):
        pass
    subprocess.run(["kill", "-9", child], check=True)
    until = time.monotonic() + SECONDS_TO_END
    while True:
        try:
            with one_run(tmp_path):
                return
        except InputError:
            assert time.monotonic() < until, "the lock outlives all who held it"
            time.sleep(0.05)
