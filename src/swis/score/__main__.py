"""`make score`: score validation over every authority of a simulated data set and write the page."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.io import read_json, write_json, write_text
from swis.params import Params, load_params
from swis.score.alarms import alarms_of
from swis.score.page import page_text
from swis.score.planted import Score, planted, pooled, score_of
from swis.validate.run import read_returns
from swis.workspace import MARKER, Workspace, find_root

SCORES = "_scores"


def score_dataset(workspace: Workspace, params: Params, *, keep: bool) -> list[Score]:
    """Score one authority after another, so that memory holds one; each score is kept as JSON in data_derived.

    With `keep`, an authority that has been scored already is not scored again.
    """
    faults = planted(workspace)
    slugs = workspace.authorities()
    scores = []
    for number, slug in enumerate(slugs, start=1):
        file = workspace.derived(SCORES, f"{slug}.json")
        started = time.monotonic()
        if not (keep and file.exists()):
            returns = read_returns(workspace, params.authorities[slug], params.definitions, params.trials)
            mine = faults[faults["authority"] == slug].reset_index(drop=True)
            write_json(file, score_of(mine, alarms_of(returns), returns.reading_notes).as_plain())
            del returns
            gc.collect()
        scores.append(Score(**read_json(file)))
        said = ", ".join(f"{kind} {len(places)}" for kind, places in scores[-1].missed.items()) or "none"
        seconds = time.monotonic() - started
        print(f"[{number:>2}/{len(slugs)}] {slug:<36} {seconds:5.0f} s  missed: {said}", flush=True)
    return scores


def main(arguments: list[str] | None = None) -> int:
    """`python -m swis.score PAGE [--dataset NAME] [--keep]`."""
    parser = argparse.ArgumentParser(prog="python -m swis.score", description=__doc__)
    parser.add_argument("page", type=Path, help="file to write")
    parser.add_argument("--dataset", default="synthetic")
    parser.add_argument("--keep", action="store_true", help="keep the scores of an earlier call that was interrupted")
    given = parser.parse_args(arguments)
    root = find_root(Path.cwd())
    workspace = Workspace(root, given.dataset)
    if not workspace.is_synthetic:
        print(f"swis: {given.dataset}: not simulated; only simulated returns have a list of faults", file=sys.stderr)
        return EXIT_BAD_INPUT
    scores = score_dataset(workspace, load_params(root / "params"), keep=given.keep)
    seed = int(read_json(workspace.raw / MARKER)["seed"])
    write_text(given.page, page_text(pooled(scores), dataset=given.dataset, seed=seed, authorities=len(scores)))
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
