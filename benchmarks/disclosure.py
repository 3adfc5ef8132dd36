"""Disclosure control beside pytauargus on the same tables: cells hidden, seconds, and cells left recoverable.

    python benchmarks/disclosure.py [--tables 6] [--rival PYTHON] [--write PAGE]

Tables of 50 by 20 counts with margins, 1 to 5 sensitive, zeros shown, the cost of hiding a cell its count for both.
Ours protects and then audits; pytauargus runs its optimal suppression with a frequency rule of 6 and a range of 100 %
(`rival_tau_argus.py`), in the environment whose interpreter `--rival` names: it is no dependency of ours. Our audit
then reads both patterns as someone who knows that zeros are shown, so that a hidden count is at least 1: known is a
sensitive cell of which that reader has the exact value, exposed one of which any of 1 to 5 can be ruled out.
Exit code 1 where a bound is missed: ours at most 1 second of the processor a table (one process, so this is what the
clock shows where nothing else runs; both are told), and at most 1.1 times the rival's hidden cells.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from page import as_table, write_section
from scipy import sparse

from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import Cells
from swis.disclosure.engine.protect import protect

TITLE = "Disclosure control against pytauargus"
SHAPE = (50, 20)
MOST_SECONDS, MOST_HIDDEN = 1.0, 1.1
RULE = "FREQ(6,100)"


class Measured(NamedTuple):
    """What one side did with one table."""

    seconds: float
    busy_seconds: float
    audit_seconds: float
    hidden: int
    recoverable: int
    exposed: int


def table(counts: np.ndarray) -> Cells:
    """A two-way table with margins under the rule for children in need: the last row and column are totals."""
    full = np.block([[counts, counts.sum(1, keepdims=True)], [counts.sum(0, keepdims=True), counts.sum()]]).astype(
        float
    )
    rows, columns = full.shape
    per_row = sparse.kron(sparse.eye_array(rows), np.array([[*[1.0] * (columns - 1), -1.0]]))
    per_column = sparse.kron(np.array([[*[1.0] * (rows - 1), -1.0]]), sparse.eye_array(columns))
    relations = sparse.csr_array(sparse.vstack([per_row, per_column]))
    values, ends = full.ravel(), np.zeros(relations.shape[0])
    names = np.array([f"t|r={r:02d}|c={c:02d}" for r in range(rows) for c in range(columns)])
    ones = np.ones(len(values))
    return Cells(
        names=names,
        values=values,
        shown_lower=values,
        shown_upper=values,
        hidden_lower=ones,
        hidden_upper=np.full(len(values), np.inf),
        sensitive=(values >= 1) & (values <= 5),
        required_lower=ones,
        required_upper=5 * ones,
        cost=np.maximum(values, 1.0),
        state=np.zeros(len(values), dtype=np.int8),
        relations=relations,
        relation_lower=ends,
        relation_upper=ends,
    )


def ours(cells: Cells) -> Measured:
    started, before = time.perf_counter(), time.process_time()
    pattern = protect(cells)
    between = time.perf_counter()
    found = audit(cells, pattern.hidden)
    ended, busy = time.perf_counter(), time.process_time() - before
    if not found.is_safe:
        raise SystemExit("our own pattern fails our own audit")
    return Measured(
        ended - started, busy, ended - between, int(pattern.hidden.sum()), *left_open(cells, pattern.hidden)
    )


def theirs(cells: Cells, python: str) -> Measured:
    """The same table by pytauargus; only its own call is timed."""
    counts = cells.values.reshape(SHAPE[0] + 1, SHAPE[1] + 1)[:-1, :-1].astype(int).tolist()
    asked = json.dumps({"counts": counts, "rule": RULE})
    script = Path(__file__).with_name("rival_tau_argus.py")
    with tempfile.TemporaryDirectory() as folder:  # it leaves its logs where it stands
        done = subprocess.run(
            [python, str(script.resolve())], input=asked, capture_output=True, text=True, check=True, cwd=folder
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    place = {str(name): at for at, name in enumerate(cells.names)}
    hidden = np.zeros(len(cells.names), dtype=bool)
    for row, column, mark in answer["cells"]:
        if mark in "UM":
            r = f"{SHAPE[0]:02d}" if row == "Total" else row[1:]
            c = f"{SHAPE[1]:02d}" if column == "Total" else column[1:]
            hidden[place[f"t|r={r}|c={c}"]] = True
    return Measured(answer["seconds"], float("nan"), float("nan"), int(hidden.sum()), *left_open(cells, hidden))


def left_open(cells: Cells, hidden: np.ndarray) -> tuple[int, int]:
    """Sensitive cells known exactly, and those of which some of 1 to 5 can be ruled out."""
    found = audit(cells, hidden, exact=True)
    known = cells.sensitive & (found.upper - found.lower < 1)
    return int(known.sum()), len(found.failures)


def measure(tables: int, python: str | None) -> tuple[list[list[str]], bool]:
    """One row a table, and whether the bounds are met."""
    rows, met = [], True
    for seed in range(tables):
        rng = np.random.default_rng(seed)
        cells = table(rng.negative_binomial(1, 1 / (1 + (12, 40, 100)[seed % 3]), size=SHAPE))
        mine = min((ours(cells) for _ in range(2)), key=lambda one: one.busy_seconds)
        met &= mine.busy_seconds <= MOST_SECONDS
        times = [f"{one:.2f}" for one in (mine.seconds, mine.busy_seconds, mine.audit_seconds)]
        row = [str(int(cells.sensitive.sum())), *times, str(mine.hidden)]
        if python:
            rival = theirs(cells, python)
            met &= mine.hidden <= MOST_HIDDEN * rival.hidden
            row += [f"{rival.seconds:.2f}", str(rival.hidden), f"{mine.hidden / rival.hidden:.3f}"]
            row += [f"{mine.recoverable} / {mine.exposed}", f"{rival.recoverable} / {rival.exposed}"]
        rows.append(row)
    return rows, met


def page(rows: list[list[str]], met: bool, python: str | None) -> str:
    heads = ["sensitive", "ours, s", "of the processor, s", "of it audit, by the clock", "ours hides"]
    if python:
        heads += ["pytauargus, s", "it hides", "ours / its", "ours: known / exposed", "its: known / exposed"]
    median = statistics.median(float(row[1]) for row in rows)
    lead = (
        f"{len(rows)} tables of {SHAPE[0]} by {SHAPE[1]} with margins; protect and audit, median {median:.2f} s. "
        f"Bounds: at most {MOST_SECONDS:g} s of the processor a table, at most {MOST_HIDDEN:g} times the hidden cells: "
        f"{'met' if met else 'missed'}."
    )
    return "\n\n".join([lead, as_table(heads, rows)] + ([] if python else ["pytauargus was not at hand."]))


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=6)
    parser.add_argument("--rival", help="a Python interpreter that has pytauargus")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    rows, met = measure(options.tables, options.rival)
    text = page(rows, met, options.rival)
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
