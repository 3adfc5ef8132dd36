"""What running the notebooks costs beside their functions alone: a whole trial three times over, in one run.

    python benchmarks/full_trial.py [--authorities 8] [--jobs 2] [--without-loop] [--write PAGE]

The same returns, from validation to the last report, are taken through: one bare Python process that calls what the
cells of the notebooks call, one stage after the other (the limit); `swis run`, with everything a user gets from it,
the checks of headers before and the scan of the release after among them; and a loop of plain `papermill` commands, one
a notebook. Bound: `swis run` takes at most 1.3 times the processor time of the bare process. The reports of the three
must be the same to the byte. Needs the simulated returns; the authorities are the first by the letters, with
`--authorities 42` all of them.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page import as_table, write_section

from swis.kernels.owner import THREADS
from swis.params import Params, load_params
from swis.stage_list import AUTHORITY_STAGES, FURTHER_STAGES, STAGES, Stage
from swis.stages import parameters_of
from swis.staleness.targets import estimable_trials, standing
from swis.workspace import MARKER, NATIONAL, POOLED, Workspace, trial_slug

ROOT = Path(__file__).resolve().parents[1]
DATASET = "synthetic"
LINKED = ("params", "notebooks", "workflow", "requirements.lock")
MOST_TIMES = 1.3
FRONT_PAGE_LIST = "releasable/index.json"
TITLE = "The full trial beside its functions alone"
Job = tuple[Stage, str]


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds of one way, and what its reports hash to."""

    wall: float
    processor: float
    reports: str


def make_checkout(folder: Path, authorities: list[str]) -> Path:
    """A folder that looks like the checkout, with the returns of some authorities and derived tables of its own."""
    (folder / "data_raw" / DATASET).mkdir(parents=True)
    for linked in LINKED:
        (folder / linked).symlink_to(ROOT / linked)
    (folder / "data_raw" / "published").symlink_to(ROOT / "data_raw" / "published")
    for name in (MARKER, NATIONAL, *authorities):
        (folder / "data_raw" / DATASET / name).symlink_to(ROOT / "data_raw" / DATASET / name)
    return folder


def jobs_in_order(workspace: Workspace, params: Params) -> Iterator[Job]:
    """Every stage of every authority, trial and pool, each after what it rests on."""
    slugs = [slug for slug in workspace.authorities() if slug in params.authorities]
    for slug in slugs:
        yield from ((stage, slug) for stage in AUTHORITY_STAGES if stage.name != "authority_report")
    trials = estimable_trials(params, standing(workspace, params).outcomes)
    yield from ((STAGES["effects"], trial_slug(name)) for name in trials)
    yield from ((stage, POOLED) for stage in (*FURTHER_STAGES, STAGES["disclosure"]))
    yield from ((STAGES["authority_report"], slug) for slug in slugs)
    yield STAGES["evaluation_report"], POOLED


def call_bare(folder: Path) -> None:
    """The code cells of all notebooks, one after the other in this process, as any script would call them."""
    from our_pipeline import cells

    params, workspace = load_params(folder / "params"), Workspace(folder, DATASET)
    os.chdir(folder)
    for stage, slug in jobs_in_order(workspace, params):
        given = parameters_of(workspace, stage, slug, params.definitions.data_cut.isoformat())
        space: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for code in cells(
                folder / "notebooks" / stage.notebook, {name: str(value) for name, value in given.items()}
            ):
                exec(compile(code, stage.notebook, "exec"), space)


def in_bare_process(folder: Path, environment: dict[str, str]) -> None:
    """`call_bare` in a process of its own."""
    subprocess.run([sys.executable, __file__, "--bare", str(folder)], env=environment, check=True)


def in_papermill_loop(folder: Path, environment: dict[str, str]) -> None:
    """One plain `papermill` command after the other."""
    params, workspace = load_params(folder / "params"), Workspace(folder, DATASET)
    executed = folder / "executed.ipynb"
    for stage, slug in jobs_in_order(workspace, params):
        given = parameters_of(workspace, stage, slug, params.definitions.data_cut.isoformat())
        options = [word for name, value in given.items() for word in ("-r", name, str(value))]
        command = [sys.executable, "-m", "papermill", str(folder / "notebooks" / stage.notebook), str(executed)]
        quiet = ["--no-progress-bar", "--log-level", "ERROR", "--kernel", "python3", "--cwd", str(folder)]
        subprocess.run([*command, *quiet, *options], env=environment, check=True, capture_output=True)


def measured(way: Callable[[Path, dict[str, str]], None], authorities: list[str]) -> Cost:
    """Carry the trial out one way, in a new checkout."""
    environment = {**os.environ, **THREADS, "GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as name:
        folder = make_checkout(Path(name), authorities)
        wall, processor = time.perf_counter(), _processor_seconds()
        way(folder, environment)
        wall, processor = time.perf_counter() - wall, _processor_seconds() - processor
        return Cost(wall, processor, hash_of_reports(folder / "reports" / DATASET))


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def hash_of_reports(folder: Path) -> str:
    """What the files of the reports hash to, without the front page, which no notebook writes."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/**/*")):
        if path.is_file() and path.relative_to(folder).as_posix() != FRONT_PAGE_LIST:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def text_of(costs: dict[str, Cost], authorities: list[str], jobs: int) -> tuple[str, bool]:
    """The section's text, and whether the bound is met and the reports agree."""
    bare, ours = costs["functions in one bare process"], costs["swis run"]
    ratio = ours.processor / bare.processor
    bound = f"at most {MOST_TIMES:g}: {'met' if ratio <= MOST_TIMES else 'missed'}"
    rows = [
        [
            name,
            f"{cost.wall:.0f}",
            f"{cost.processor:.0f}",
            f"{cost.wall / bare.wall:.2f}",
            f"{cost.processor / bare.processor:.2f}",
            bound if cost is ours else "",
        ]
        for name, cost in costs.items()
    ]
    heads = ["way", "seconds", "of the processor", "seconds, times", "of the processor, times", "bound"]
    are_same = len({cost.reports for cost in costs.values()}) == 1
    lead = f"{len(authorities)} authorities, from validation to the last report; `swis run` {jobs} at a time."
    said = "The reports are the same to the byte." if are_same else "The reports DIFFER."
    if (loop := costs.get("loop of papermill")) is not None:
        said += f" `swis run` takes {ours.wall / loop.wall:.2f} times as long as the loop by the clock."
    return f"{lead}\n\n{as_table(heads, rows)}\n\n{said}", ratio <= MOST_TIMES and are_same


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where the bound is missed or reports differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authorities", type=int, default=8, help="how many [8]")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time in `swis run` [2]")
    parser.add_argument("--without-loop", action="store_true", help="leave the loop of papermill out")
    parser.add_argument("--write", type=Path, help="page to put the table on")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        call_bare(options.bare)
        return 0
    authorities = Workspace(ROOT, DATASET).authorities()[: options.authorities]
    run = [str(Path(sys.executable).with_name("swis")), "run", "--dataset", DATASET, "--jobs", str(options.jobs)]

    def ours(folder: Path, environment: dict[str, str]) -> None:
        subprocess.run(run, cwd=folder, env=environment, check=True, capture_output=True)

    ways = {"functions in one bare process": in_bare_process, "swis run": ours, "loop of papermill": in_papermill_loop}
    if options.without_loop:
        del ways["loop of papermill"]
    text, is_met = text_of({name: measured(way, authorities) for name, way in ways.items()}, authorities, options.jobs)
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
