"""How time and memory grow with pupils and with authorities.

    python benchmarks/scale.py [--pupils 10000,30000,100000] [--authorities 1,6,24] [--jobs 2] [--write PAGE]

Pupils: one simulated authority of so many pupils in its trial schools (and children to match), through validate, derive
and outcomes, each a job of its own as in a run. Shown are processor seconds and the most memory of one process, and the
slope of their logarithms by that of the pupils with its 95% interval: at most 1 means that cost grows no faster than
pupils do. Authorities: so many of one size through the whole of `swis run`; the slope is of the processor seconds, and
the most memory of one process must not grow, for no process holds more than one authority's returns.
A process with the libraries and no data is the fixed part; it is in the numbers. The
simulator numbers at most 99 authorities: `--pupils 10000,100000,1000000 --authorities 1,12,99` takes hours and 40 GB.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from page import as_table, write_section
from scipy import stats

from swis.io import read_yaml
from swis.kernels.owner import THREADS
from swis.params import Params, load_params
from swis.simulate import simulate_dataset
from swis.simulate.plan import COHORTS, SchoolGroup, Size

ROOT = Path(__file__).resolve().parents[1]
DATASET, SEED = "synthetic", 20260901
LINKED = ("notebooks", "workflow", "requirements.lock")
PUPILS_A_SCHOOL, SMALL_SCHOOLS, PUPILS_A_SMALL_SCHOOL = 1000, 6, 150
# Trial schools hold at most so much of a year of birth; so large must the authority around them be.
SHARE_OF_COHORT = 0.9
MOST_SLOPE, MOST_GROWTH = 1.1, 1.25
TITLE = "Scale"
STAGES = ("validate", "derive", "outcomes")


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds, and the most memory that one process held."""

    wall: float
    processor: float
    megabytes: float


def make_checkout(folder: Path, authorities: int, schools: int, pupils: int) -> Path:
    """A checkout whose parameters hold so many authorities of one size, and the simulated returns of them."""
    for linked in LINKED:
        (folder / linked).symlink_to(ROOT / linked)
    (folder / "data_raw").mkdir()
    (folder / "data_raw" / "published").symlink_to(ROOT / "data_raw" / "published")
    (folder / "params" / "authorities").mkdir(parents=True)
    for path in (ROOT / "params").iterdir():
        if path.name != "authorities":
            (folder / "params" / path.name).symlink_to(path)
    pattern = read_yaml(ROOT / "params" / "authorities" / "invented-group-authority-1.yml")
    children = round(schools * pupils / COHORTS["secondary"] / SHARE_OF_COHORT * 18)
    for number in range(authorities):
        slug, name = f"authority-{number:03d}", f"Invented Authority {number}"
        code = {"name_in_dfe_files": name, "old_la_code": str(400 + number), "new_la_code": f"E99{number:06d}"}
        own = {"slug": slug, "name": name, "trials": ["swis"], "children_0_to_17": children}
        own["codes"] = [{**code, "valid_from": "2009-01-01"}]
        text = yaml.safe_dump({**pattern, **own}, sort_keys=False)
        (folder / "params" / "authorities" / f"{slug}.yml").write_text(text, encoding="utf-8")
    _simulate(folder, load_params(folder / "params"), schools, pupils)
    return folder


def _simulate(folder: Path, params: Params, schools: int, pupils: int) -> None:
    group = SchoolGroup("swis", "secondary", schools // 2, schools - schools // 2, pupils)
    size = Size("scale", dict.fromkeys(params.authorities, (group,)), ())
    simulate_dataset(folder / "data_raw" / DATASET, params, seed=SEED, size=size, jobs=2)


def cost_of(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end; RuntimeError where it fails."""
    environment = {**os.environ, **THREADS, "GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0"}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    process.returncode = 0
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def cost_by_pupils(pupils: int) -> dict[str, Cost]:
    """Each stage of one authority of so many pupils."""
    with tempfile.TemporaryDirectory() as name:
        folder = make_checkout(Path(name), 1, round(pupils / PUPILS_A_SCHOOL), PUPILS_A_SCHOOL)
        given = ["--root", name, "--dataset", DATASET, "--data-cut", "2023-08-31"]
        command = [sys.executable, "-m", "swis.stages"]
        return {stage: cost_of([*command, stage, "authority-000", *given], folder) for stage in STAGES}


def cost_by_authorities(authorities: int, jobs: int) -> Cost:
    """The whole run of so many small authorities."""
    with tempfile.TemporaryDirectory() as name:
        folder = make_checkout(Path(name), authorities, SMALL_SCHOOLS, PUPILS_A_SMALL_SCHOOL)
        run = str(Path(sys.executable).with_name("swis"))
        return cost_of([run, "run", "--dataset", DATASET, "--jobs", str(jobs)], folder)


def slope(amounts: Sequence[float], costs: Sequence[float]) -> tuple[float, float, float]:
    """Slope of the logarithms by least squares with its 95% t interval; no interval from two points."""
    found = stats.linregress([math.log(one) for one in amounts], [math.log(one) for one in costs])
    freedom = len(amounts) - 2
    half = float(stats.t.ppf(0.975, freedom) * found.stderr) if freedom else math.nan
    return float(found.slope), float(found.slope) - half, float(found.slope) + half


def pupils_table(costs: dict[int, dict[str, Cost]]) -> tuple[str, bool]:
    """The table by pupils with a last row of slopes, and whether these are low enough."""
    rows = [
        [
            f"{pupils:,}",
            *(f"{cost.processor:.1f}" for cost in by_stage.values()),
            *(f"{cost.megabytes:,.0f}" for cost in by_stage.values()),
        ]
        for pupils, by_stage in costs.items()
    ]
    kinds = [
        [getattr(held[stage], kind) for held in costs.values()]
        for kind in ("processor", "megabytes")
        for stage in STAGES
    ]
    slopes = [slope(list(costs), values) for values in kinds]
    rows.append(["slope", *(f"{middle:.2f} ({low:.2f} to {high:.2f})" for middle, low, high in slopes)])
    heads = ["pupils", *(f"{stage}, s" for stage in STAGES), *(f"{stage}, MB" for stage in STAGES)]
    return as_table(heads, rows), all(middle <= MOST_SLOPE for middle, _, _ in slopes)


def authorities_table(costs: dict[int, Cost]) -> tuple[str, bool]:
    """The table by authorities, and whether time is linear and memory bounded."""
    rows = [
        [
            f"{number}",
            f"{cost.wall:.0f}",
            f"{cost.processor:.0f}",
            f"{cost.processor / number:.1f}",
            f"{cost.megabytes:,.0f}",
        ]
        for number, cost in costs.items()
    ]
    middle, low, high = slope(list(costs), [cost.processor for cost in costs.values()])
    memory = [cost.megabytes for cost in costs.values()]
    rows.append(["slope", "", f"{middle:.2f} ({low:.2f} to {high:.2f})", "", ""])
    heads = ["authorities", "seconds", "of the processor", "an authority", "most MB of a process"]
    return as_table(heads, rows), middle <= MOST_SLOPE and max(memory) <= MOST_GROWTH * memory[0]


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where cost grows faster than it should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pupils", default="10000,30000,100000")
    parser.add_argument("--authorities", default="1,6,24")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    numbers = {name: [int(one) for one in getattr(options, name).split(",")] for name in ("pupils", "authorities")}
    by_pupils, is_linear = pupils_table({pupils: cost_by_pupils(pupils) for pupils in numbers["pupils"]})
    costs = {number: cost_by_authorities(number, options.jobs) for number in numbers["authorities"]}
    by_authorities, is_bounded = authorities_table(costs)
    parts = [
        f"One authority, by pupils in its trial schools; processor seconds and the most memory of one process. Slopes "
        f"of the logarithms with 95% intervals, at most {MOST_SLOPE:g}: {'met' if is_linear else 'missed'}.",
        by_pupils,
        f"Whole runs of authorities of {SMALL_SCHOOLS * PUPILS_A_SMALL_SCHOOL:,} pupils, {options.jobs} notebooks at a "
        f"time. Slope at most {MOST_SLOPE:g} and memory at most {MOST_GROWTH:g} times that of one authority: "
        f"{'met' if is_bounded else 'missed'}.",
        by_authorities,
    ]
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(not (is_linear and is_bounded))


if __name__ == "__main__":
    sys.exit(main())
