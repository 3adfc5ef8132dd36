"""One table protected by pytauargus, for `disclosure.py`: counts as JSON on standard input, what it hides on output.

Runs in an environment of its own that has pytauargus and nothing of ours; only the call to it is timed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time

from pytauargus import protect


def main() -> None:
    asked = json.load(sys.stdin)
    rows: dict[str, list[str | int]] = {"r": [], "c": [], "n": []}
    for r, line in enumerate(asked["counts"]):
        for c, count in enumerate(line):
            rows["r"] += [f"r{r:02d}"] * count
            rows["c"] += [f"c{c:02d}"] * count
            rows["n"] += [1] * count
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        done = protect(rows, ["r", "c"], response="n", safety_rules=asked["rule"], suppress="OPT(1)", workdir=folder)
        seconds = time.perf_counter() - started
        table = done.tables[0]
        keys = [
            [row["r"].strip(), row["c"].strip(), mark] for row, mark in zip(table.rows, table.status(), strict=True)
        ]
    print("\n" + json.dumps({"seconds": seconds, "cells": keys}))


if __name__ == "__main__":
    main()
