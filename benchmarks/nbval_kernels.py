"""The reference notebooks under nbval, as `make test` runs them, on plain kernels and on warm ones in one run.

    python benchmarks/nbval_kernels.py [--write PAGE]

In a scratch checkout in which the demo has been run. Both sides must pass, which is what the exit code says; warm ones
should take half the time. What the cells compute takes as long on either side: the less of it, the more a kernel saves.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import as_table, write_section

from swis.kernels.names import WARM
from swis.kernels.owner import THREADS, template_process
from swis.notebook.warm import JUPYTER, LIBRARIES

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from scratch import make_scratch  # noqa: E402

LEAST_TIMES = 2.0
TITLE = "nbval on warm kernels against plain ones"
Environment = dict[str, str]
Taken = tuple[float, float]


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def nbval(checkout: Path, environment: Environment, *options: str) -> None:
    """Run the reference notebooks; SystemExit where one does not pass."""
    reference = checkout / "tests" / "notebooks" / "reference"
    strict = ["--nbval", "--nbval-sanitize-with", str(reference / "sanitize.cfg"), *options]
    usual = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "default"]
    copies = map(str, sorted(reference.glob("*.ipynb")))
    command = [sys.executable, "-m", "pytest", *usual, *strict, *copies]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nbval ended with {done.returncode}: {done.stdout[-6000:]}")


def timed(checkout: Path, environment: Environment, *, warm: bool) -> Taken:
    """Wall and processor seconds, those of the template among them."""
    wall, processor = time.perf_counter(), processor_seconds()
    if warm:
        with template_process([*JUPYTER, *LIBRARIES], environment) as found:
            nbval(checkout, {**environment, **found}, "--nbval-kernel-name", WARM)
    else:
        nbval(checkout, environment)
    return time.perf_counter() - wall, processor_seconds() - processor


def main() -> int:
    """Measure, print, write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="page to put the table on")
    options = parser.parse_args()
    environment = {**os.environ, **THREADS, "GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory(prefix="swis-nbval-") as name:
        checkout = make_scratch(ROOT, Path(name) / "compendium")
        run = [sys.executable, "-m", "swis.cli", "run", "--dataset", "demo"]
        subprocess.run(run, cwd=checkout, env=environment, check=True, capture_output=True)
        plain, warm = (timed(checkout, environment, warm=kind) for kind in (False, True))
    heads = ["", "plain", "warm", "times as fast", "bound"]
    is_met = plain[0] / warm[0] >= LEAST_TIMES
    bound = f"at least {LEAST_TIMES:g}: {'met' if is_met else 'missed'}"
    names = ("seconds", "processor seconds")
    rows = [
        [name, f"{one:.1f}", f"{other:.1f}", f"{one / other:.1f}", bound if name == "seconds" else ""]
        for name, one, other in zip(names, plain, warm, strict=True)
    ]
    text = f"The reference notebooks, which pass on both; the template's start is in it.\n\n{as_table(heads, rows)}"
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
