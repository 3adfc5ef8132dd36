"""What warm kernels save: the same `papermill` commands, plain and in a template process, as ratios of one run.

    python benchmarks/warm_kernels.py [--notebooks 42] [--at-a-time 2] [--rounds 5] [--write PAGE]

Many: notebooks that import pandas, seaborn, Great Expectations and statsmodels and do next to nothing, so many at a
time; plain, each is a `python -m papermill` whose kernel imports everything afresh; warm, both processes are forked
from the template. Starting the template is in the time. Warm must be ten times as fast. Alone: a notebook without work,
one at a time, when the template is there. The executed notebooks of both sides are compared to the byte, times apart.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from page import as_table, write_section

from swis.kernels import ask
from swis.kernels.names import PLAIN, WARM
from swis.kernels.owner import THREADS, template_process
from swis.notebook.warm import JUPYTER, LIBRARIES

LEAST_TIMES = 10.0
MOST_ALONE_SECONDS = 0.15
TITLE = "Warm kernels against plain papermill"
HEAVY = """import great_expectations, seaborn, statsmodels.api
import pandas as pd
pd.DataFrame({"n": range(3)})"""
NOTHING = "pass"
Times = tuple[float, float]


def write_notebook(path: Path, source: str) -> Path:
    cell = nbformat.v4.new_code_cell(source, id="work")
    kernel = {"name": PLAIN, "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
    return path


def papermill(notebook: Path, executed: Path, environment: dict[str, str], *, warm: bool) -> None:
    """One `python -m papermill`, in the template or in a process of its own."""
    before = [sys.executable, "-S", "-E", str(ask.__file__)] if warm else [sys.executable, "-m"]
    options = ["--kernel", WARM if warm else PLAIN, "--no-progress-bar", "--log-level", "ERROR"]
    command = [*before, "papermill", str(notebook), str(executed), *options]
    done = subprocess.run(command, cwd=notebook.parent, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"papermill ended with {done.returncode}: {done.stderr[-6000:]}")


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def many(folder: Path, environment: dict[str, str], count: int, at_a_time: int, *, warm: bool) -> Times:
    """Wall and processor seconds of so many heavy notebooks; those of the template are among them."""
    notebook = write_notebook(folder / "heavy.ipynb", HEAVY)
    copies = [folder / f"{'warm' if warm else 'plain'}-{number}.ipynb" for number in range(count)]
    wall, processor = time.perf_counter(), processor_seconds()
    with ThreadPoolExecutor(at_a_time) as pool:

        def run(found: dict[str, str]) -> None:
            list(pool.map(lambda copy: papermill(notebook, copy, {**environment, **found}, warm=warm), copies))

        if warm:
            with template_process([*JUPYTER, *LIBRARIES], environment) as found:
                run(found)
        else:
            run({})
    return time.perf_counter() - wall, processor_seconds() - processor


def alone(folder: Path, environment: dict[str, str], rounds: int) -> tuple[list[float], list[float]]:
    """Wall seconds of a notebook without work, plain and warm in turns, the template being there."""
    notebook = write_notebook(folder / "nothing.ipynb", NOTHING)
    seconds: tuple[list[float], list[float]] = ([], [])
    with template_process([*JUPYTER, *LIBRARIES], environment) as found:
        for number in range(rounds + 1):
            for warm in (False, True):
                start = time.perf_counter()
                papermill(notebook, folder / "alone.ipynb", {**environment, **found}, warm=warm)
                if number:  # the first round starts the template and fills caches
                    seconds[warm].append(time.perf_counter() - start)
    return seconds


def without_times(path: Path) -> str:
    """An executed notebook without what papermill notes about the run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill")
    for cell in notebook["cells"]:
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
    return json.dumps(notebook)


def are_same(folder: Path) -> bool:
    return len({without_times(path) for kind in ("plain", "warm") for path in folder.glob(f"{kind}-*.ipynb")}) == 1


def page(plain: Times, warm: Times, turns: Sequence[Sequence[float]], count: int, at_a_time: int) -> tuple[str, bool]:
    """The text of the section, and whether the bounds are met."""
    ratio = plain[0] / warm[0]
    met = "met" if ratio >= LEAST_TIMES else "missed"
    rows = [
        ["seconds", f"{plain[0]:.1f}", f"{warm[0]:.1f}", f"{ratio:.1f}", f"at least {LEAST_TIMES:g}: {met}"],
        ["processor seconds", f"{plain[1]:.1f}", f"{warm[1]:.1f}", f"{plain[1] / warm[1]:.1f}", ""],
    ]
    lead = f"{count} notebooks that import much and do little, {at_a_time} at a time, the template's start among them."
    medians = [statistics.median(side) for side in turns]
    kept = "met" if medians[1] <= MOST_ALONE_SECONDS else "missed"
    seconds = ["seconds", *(f"{median:.2f}" for median in medians), f"{medians[0] / medians[1]:.1f}"]
    single = [[*seconds, f"at most {MOST_ALONE_SECONDS:g} s: {kept}"]]
    heads = ["", "papermill", "warm", "times as fast", "bound"]
    text = "\n\n".join([lead, as_table(heads, rows), "One notebook without work, alone.", as_table(heads, single)])
    return text, ratio >= LEAST_TIMES


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where the bound is missed or outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=42)
    parser.add_argument("--at-a-time", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the notebook without work")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    environment = {**os.environ, **THREADS, "GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        turns = alone(folder, environment, options.rounds)
        warm, plain = (
            many(folder, environment, options.notebooks, options.at_a_time, warm=kind) for kind in (True, False)
        )
        same = are_same(folder)
    text, is_met = page(plain, warm, turns, options.notebooks, options.at_a_time)
    text += "\n\nThe executed notebooks are the same to the byte." if same else "\n\nThe executed notebooks DIFFER."
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(not (is_met and same))


if __name__ == "__main__":
    sys.exit(main())
