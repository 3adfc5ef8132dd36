"""However many notebooks have run, a template holds what it held after the first few.

`make test-kernels` runs five hundred of them; `make test`, or whoever sets no SWIS_KERNELS_IN_A_ROW, sixty.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from forked_processes import Kernels, needs_linux, until

from swis.kernels.ask import SOCKET
from swis.kernels.owner import template_process

pytestmark = needs_linux
MODULES = ["ipykernel.kernelapp", "ipykernel_launcher", "numpy", "papermill.cli"]
IN_A_ROW = int(os.environ.get("SWIS_KERNELS_IN_A_ROW", "60"))
SETTLED = 10
# The first jobs split large pages and touch what later ones find touched; a leak of one page a job would be 4 kB each.
MOST_GROWTH_KB = 512


@dataclass(frozen=True)
class Held:
    """What a template and its client hold: descriptors, children, threads, sockets and files of both."""

    descriptors: int
    children: int
    threads: int
    sockets: int
    files: int
    own_descriptors: int
    own_threads: int


def held(template: int, folder: Path) -> Held:
    process = Path(f"/proc/{template}")
    children = "".join(file.read_text(encoding="utf-8") for file in process.glob("task/*/children")).split()
    return Held(
        descriptors=len(list((process / "fd").iterdir())),
        children=len(children),
        threads=len(list((process / "task").iterdir())),
        sockets=Path("/proc/net/unix").read_text(encoding="utf-8").count(str(folder)),
        files=len(list(folder.iterdir())),
        own_descriptors=len(list(Path("/proc/self/fd").iterdir())),
        own_threads=threading.active_count(),
    )


def private_kb(template: int) -> int:
    """Memory that is the template's alone: what forks share with it is no growth, nor what the system shares out."""
    lines = Path(f"/proc/{template}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    of = {name: int(amount.split()[0]) for name, _, amount in (line.partition(":") for line in lines)}
    return of["Private_Clean"] + of["Private_Dirty"] + of["Swap"]


@contextmanager
def settled(folder: Path, *modules: str) -> Iterator[tuple[Kernels, int]]:
    """Kernels and the process id of their template, after the first few."""
    with template_process([*MODULES, *modules], dict(os.environ), folder / "kernels.log") as variables:
        kernels = Kernels(folder, variables, folder / "kernels.log")
        for _ in range(SETTLED):
            template = int(kernels.printed("import os; print(os.getppid())"))
        yield kernels, template


def test_notebooks_in_a_row_leave_the_template_as_it_was(tmp_path: Path) -> None:
    with settled(tmp_path) as (kernels, template):
        folder = Path(kernels.variables[SOCKET]).parent
        before, memory = held(template, folder), private_kb(template)
        for _ in range(IN_A_ROW):
            assert kernels.printed("import os; print(os.getppid())") == str(template)
        assert until(lambda: held(template, folder) == before), (before, held(template, folder))
        growth = private_kb(template) - memory
        print(f"{IN_A_ROW} notebooks: {growth} kB more of {memory} kB")
        assert growth < MOST_GROWTH_KB


LEAK = """
import os
kept = []
os.register_at_fork(after_in_parent=lambda: kept.append((os.dup(0), os.urandom(1 << 20))))
"""


def test_a_template_that_kept_something_of_each_job_would_be_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keeps.py").write_text(LEAK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with settled(tmp_path, "keeps") as (kernels, template):
        folder = Path(kernels.variables[SOCKET]).parent
        before, memory = held(template, folder), private_kb(template)
        for _ in range(SETTLED):
            kernels.printed("print(1)")
        assert held(template, folder).descriptors >= before.descriptors + SETTLED
        assert private_kb(template) - memory > MOST_GROWTH_KB
