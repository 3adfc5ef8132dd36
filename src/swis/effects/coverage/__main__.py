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
    BESIDE_TITLE,
    COVERAGE_TITLE,
    PUBLISHED_TITLE,
    RECEIVED_TITLE,
    SUPERVISION_TITLE,
    beside_section,
    coverage_section,
    published_section,
    received_section,
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
    sections = _sections(summarise(pd.concat(frames, ignore_index=True)), given)
    print("\n\n".join(["", *sections.values()]))
    if given.write:
        page = read_text(given.write) if given.write.exists() else None
        for title, text in sections.items():
            page = with_section(page, title, text)
        write_text(given.write, page or "")
    return 0


def _scenarios(given: argparse.Namespace) -> Iterator[tuple[Kind, int, bool]]:
    for kind in given.kinds:
        effects = (False,) if kind == "beside" else (False, True)
        yield from itertools.product([kind], given.authorities or SIZES[kind], effects)


def _sections(summary: pd.DataFrame, given: argparse.Namespace) -> dict[str, str]:
    """The sections that the kinds simulated belong to, by title: one that was not simulated stays as it is."""
    found = {}
    of_trial = summary[summary["kind"].isin(["primary", "secondary"])]
    if len(of_trial):
        trials = max(given.trials // 4, 2)
        curve = published_table(trials=trials, seed=given.seed, jobs=given.jobs)
        found[COVERAGE_TITLE] = coverage_section(of_trial, seed=given.seed)
        found[PUBLISHED_TITLE] = published_section(curve, **what_the_interval_implies(), trials=trials)
    if (beside := summary[summary["kind"] == "beside"]).size:
        found[BESIDE_TITLE] = beside_section(beside, seed=given.seed)
    if (supervision := summary[summary["kind"] == "supervision"]).size:
        found[SUPERVISION_TITLE] = supervision_section(supervision, seed=given.seed)
    if (received := summary[summary["kind"].isin(["posts", "sessions"])]).size:
        found[RECEIVED_TITLE] = received_section(received, seed=given.seed)
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
