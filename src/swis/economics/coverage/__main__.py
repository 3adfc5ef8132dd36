"""Simulate trials of known cost and effect, evaluate them, and write what came out.

python -m swis.economics.coverage [--trials 1000] [--write PAGE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from swis.economics.coverage.page import TITLE, section
from swis.economics.coverage.study import DEFAULT_SEED, CostTrial, simulate, summarise
from swis.effects.coverage.page import with_section
from swis.io import read_text, write_text

RATE_RATIOS = (1.0, 0.8)


def main(arguments: list[str] | None = None) -> int:
    """Run both rate ratios, print the section, and put it in place of its own on the page."""
    parser = argparse.ArgumentParser(prog="python -m swis.economics.coverage", description=__doc__)
    parser.add_argument("--trials", type=int, default=1_000, help="at each rate ratio")
    parser.add_argument("--replicates", type=int, default=1_000)
    parser.add_argument("--pounds", type=float, default=20_000.0, help="what an enquiry prevented is worth")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--write", type=Path, help="page whose own section is written anew")
    given = parser.parse_args(arguments)
    said = {"trials": given.trials, "replicates": given.replicates, "pounds": given.pounds, "seed": given.seed}
    results = [simulate(CostTrial(rate_ratio=ratio), **said) for ratio in RATE_RATIOS]
    summary = summarise(pd.concat(results, ignore_index=True))
    text = section(summary, replicates=given.replicates, pounds=given.pounds, seed=given.seed)
    print(text)
    if given.write:
        held = read_text(given.write) if given.write.exists() else None
        write_text(given.write, with_section(held, TITLE, text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
