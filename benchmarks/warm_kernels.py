"""What warm kernels save: the same notebooks by other tools and in processes forked from a template, in one run.

    python benchmarks/warm_kernels.py [--notebooks 42] [--of-rivals 6] [--at-a-time 2] [--rounds 9] [--write PAGE]

Many: notebooks that import pandas, seaborn, Great Expectations and statsmodels and do next to nothing, so many at a
time. A loop of `papermill` commands, which import everything afresh, and our ways run all of them, and starting the
template is in our time; ours must be ten times as fast as the loop. The other tools run fewer: their time grows with
the number and with nothing else. Alone: a notebook without work, one at a time, when the template is there. What the
notebooks put out is compared, and between papermill's commands and ours all of the executed notebook, times apart.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import nbformat
from notebook_runners import Environment, Way, in_processes, papermill_commands, snakemake, warm_commands, warm_stages
from page import as_table, write_section

from swis.kernels.names import PLAIN
from swis.kernels.owner import THREADS, template_process
from swis.notebook.warm import JUPYTER, LIBRARIES

LEAST_TIMES = 10.0
MOST_ALONE_SECONDS = 0.15
TITLE = "Warm kernels against plain papermill"
# The stages of a run take no notebook without parameters.
PARAMETERS = "rows = 3  # any number"
HEAVY = """import great_expectations, seaborn, statsmodels.api
import pandas as pd
pd.DataFrame({"n": range(rows)})"""
YARDSTICK, COMMANDS = "`papermill` commands in a loop", "ours: `papermill --engine swis-warm` commands"
# With whether the template is asked.
WAYS: dict[str, tuple[Way, bool]] = {
    YARDSTICK: (papermill_commands, False),
    "Snakemake's `notebook:`": (snakemake, False),
    "papermill's Python API": (in_processes("papermill"), False),
    "nbclient": (in_processes("nbclient"), False),
    COMMANDS: (warm_commands, True),
    "ours: the jobs of `swis run`": (warm_stages, True),
    "ours: papermill's Python API": (in_processes("engine"), True),
}


@dataclass(frozen=True)
class Taken:
    """Wall and processor seconds of so many notebooks, the template's start among them."""

    notebooks: int
    wall: float
    processor: float


def write_notebook(path: Path, work: str, parameters: str | None = None) -> Path:
    first = nbformat.v4.new_code_cell(parameters or "", metadata={"tags": ["parameters"]}, id="parameters")
    cells = [*([first] if parameters else []), nbformat.v4.new_code_cell(work, id="work")]
    kernel = {"name": PLAIN, "display_name": "Python 3", "language": "python"}
    # Snakemake wants the language too.
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def copies_of(folder: Path, way: str, count: int) -> list[Path]:
    return [folder / f"way{list(WAYS).index(way)}-{number}.ipynb" for number in range(count)]


def many(folder: Path, environment: Environment, way: str, count: int, at_a_time: int) -> Taken:
    notebook = write_notebook(folder / "heavy.ipynb", HEAVY, PARAMETERS)
    run, is_warm = WAYS[way]
    wall, processor = time.perf_counter(), processor_seconds()
    with template_process([*JUPYTER, *LIBRARIES], environment) if is_warm else nullcontext({}) as found:
        run(notebook, copies_of(folder, way, count), {**environment, **found}, at_a_time)
    return Taken(count, time.perf_counter() - wall, processor_seconds() - processor)


def alone(folder: Path, environment: Environment, rounds: int) -> dict[str, float]:
    """Median wall seconds of a notebook without work by each way, in turns, the template being there."""
    notebook = write_notebook(folder / "nothing.ipynb", "pass")
    seconds: dict[str, list[float]] = {way: [] for way in (YARDSTICK, COMMANDS)}
    with template_process([*JUPYTER, *LIBRARIES], environment) as found:
        for number in range(rounds + 1):
            for way, taken in seconds.items():
                start = time.perf_counter()
                WAYS[way][0](notebook, [folder / "alone.ipynb"], {**environment, **found}, 1)
                if number:  # the first round starts the template and fills caches
                    taken.append(time.perf_counter() - start)
    return {way: statistics.median(taken) for way, taken in seconds.items()}


def without_times(path: Path) -> str:
    """An executed notebook without what papermill notes about the run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for holder in (notebook, *notebook["cells"]):
        for key in ("papermill", "execution"):
            holder["metadata"].pop(key, None)
    return json.dumps(notebook)


def are_same(folder: Path, taken: dict[str, Taken]) -> bool:
    """Whether all copies put out the same, and papermill's commands and ours left the same notebook."""
    copies = {way: copies_of(folder, way, one.notebooks) for way, one in taken.items()}
    whole = {without_times(path) for way in (YARDSTICK, COMMANDS) for path in copies[way]}
    read = [json.loads(path.read_text(encoding="utf-8")) for paths in copies.values() for path in paths]
    # Data only: Snakemake puts a cell of its own first, which moves the count of the others.
    shown = {json.dumps([output["data"] for output in notebook["cells"][-1]["outputs"]]) for notebook in read}
    return len(whole) == len(shown) == 1 and "text/html" in shown.pop()


def page(taken: dict[str, Taken], medians: dict[str, float], at_a_time: int) -> tuple[str, bool]:
    """The text of the section, and whether the bounds are met."""

    def times(way: str) -> float:
        plain, one = taken[YARDSTICK], taken[way]
        return plain.wall / plain.notebooks / (one.wall / one.notebooks)

    is_met = times(COMMANDS) >= LEAST_TIMES and medians[COMMANDS] <= MOST_ALONE_SECONDS
    bounds = {COMMANDS: f"at least {LEAST_TIMES:g}: {'met' if times(COMMANDS) >= LEAST_TIMES else 'missed'}"}
    rows = [
        [way, str(one.notebooks), f"{one.wall / one.notebooks:.2f}", f"{one.processor / one.notebooks:.2f}",
         f"{times(way):.1f}", bounds.get(way, "")]
        for way, one in taken.items()
    ]  # fmt: skip
    heads = ["", "notebooks", "seconds each", "of processors", "times as fast", "bound"]
    lead = f"Notebooks that import much and do little, {at_a_time} at a time; the template's start is in our times."
    kept = "met" if medians[COMMANDS] <= MOST_ALONE_SECONDS else "missed"
    single = [
        [way, f"{median:.3f}", f"at most {MOST_ALONE_SECONDS:g}: {kept}" if way == COMMANDS else ""]
        for way, median in medians.items()
    ]
    tables = [
        lead,
        as_table(heads, rows),
        "One notebook without work, alone.",
        as_table(["", "seconds", "bound"], single),
    ]
    return "\n\n".join(tables), is_met


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where a bound is missed or outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=42)
    parser.add_argument("--of-rivals", type=int, default=6, help="how many of the notebooks the other tools run")
    parser.add_argument("--at-a-time", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9, help="rounds of the notebook without work")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    environment = {**os.environ, **THREADS, "GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        medians = alone(folder, environment, options.rounds)
        counts = {
            way: options.notebooks if warm or way == YARDSTICK else options.of_rivals for way, (_, warm) in WAYS.items()
        }
        taken = {way: many(folder, environment, way, count, options.at_a_time) for way, count in counts.items()}
        same = are_same(folder, taken)
    text, is_met = page(taken, medians, options.at_a_time)
    text += "\n\nThe executed notebooks are the same to the byte." if same else "\n\nThe executed notebooks DIFFER."
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(not (is_met and same))


if __name__ == "__main__":
    sys.exit(main())
