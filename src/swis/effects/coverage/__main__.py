"""Simulate trials, analyse them by the models of the plan, and write what came out.

python -m swis.effects.coverage [--trials 1000] [--jobs 2] [--write PAGE] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from swis.effects.coverage.page import (
    COVERAGE_TITLE,
    PUBLISHED_TITLE,
    SUPERVISION_TITLE,
    coverage_section,
    published_section,
    supervision_section,
    with_section,
)
from swis.effects.coverage.published import published_table, what_the_interval_implies
from swis.effects.coverage.study import DEFAULT_SEED, KINDS, SIZES, Kind, Scenario, simulate
from swis.effects.coverage.summary import summarise
from swis.io import read_frame, read_text, write_frame, write_text


def main(arguments: list[str] | None = None) -> int:
    """Run every scenario, print the sections, and put them in place of their own on the page."""
    given = _arguments(arguments)
    frames = []
    for kind, size, has_effect in _scenarios(given):
        started = time.monotonic()
        frames.append(_results(Scenario(kind, size, has_effect), given))
        seconds = time.monotonic() - started
        print(f"{kind}, {size} authorities, {'with' if has_effect else 'without'} effect: {seconds:.0f} s", flush=True)
    for title, section in _sections(summarise(pd.concat(frames, ignore_index=True)), given).items():
        print(f"\n{section}")
        if given.write:
            held = read_text(given.write) if given.write.exists() else None
            write_text(given.write, with_section(held, title, section))
    return 0


def _scenarios(given: argparse.Namespace) -> Iterator[tuple[Kind, int, bool]]:
    for kind in given.kinds:
        yield from itertools.product([kind], given.authorities or SIZES[kind], (False, True))


def _sections(summary: pd.DataFrame, given: argparse.Namespace) -> dict[str, str]:
    """Sections by title: of the kinds asked for, and the published interval beside counts of enquiries."""
    is_supervision = summary["kind"] == "supervision"
    found = {}
    if not is_supervision.all():
        found[COVERAGE_TITLE] = coverage_section(summary[~is_supervision], seed=given.seed)
    if "primary" in given.kinds:
        trials = max(given.trials // 4, 2)
        curve = published_table(trials=trials, seed=given.seed, jobs=given.jobs)
        found[PUBLISHED_TITLE] = published_section(curve, **what_the_interval_implies(), trials=trials)
    if is_supervision.any():
        found[SUPERVISION_TITLE] = supervision_section(summary[is_supervision], seed=given.seed)
    return found


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m swis.effects.coverage", description=__doc__)
    parser.add_argument("--trials", type=int, default=1_000, help="of each kind and size, with and without an effect")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--authorities", type=int, nargs="+", help="by default those of each kind")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--write", type=Path, help="page whose own sections are written anew")
    parser.add_argument("--keep", type=Path, help="folder of finished scenarios, to go on after an interruption")
    return parser.parse_args(arguments)


def _results(scenario: Scenario, given: argparse.Namespace) -> pd.DataFrame:
    """The trials of a scenario, from the folder of finished ones where it is there."""
    effect = "effect" if scenario.has_effect else "null"
    name = f"{scenario.kind}-{scenario.authorities}-{effect}-{given.trials}-{given.seed}.parquet"
    file = given.keep / name if given.keep else None
    if file is not None and file.exists():
        return read_frame(file)
    frame = simulate(scenario, trials=given.trials, jobs=given.jobs, seed=given.seed)
    if file is not None:
        write_frame(file, frame)
    return frame


if __name__ == "__main__":
    sys.exit(main())
