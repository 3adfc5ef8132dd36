"""The front page of an invented run in which every authority got somewhere else."""

from __future__ import annotations

from pathlib import Path

from swis.io import write_json, write_text
from swis.params import load_params
from swis.report.front.lines import STAGE_TITLES
from swis.report.index import refresh_index
from swis.workspace import DONE, MARKER, POOLED, Workspace

ROOT = Path(__file__).resolve().parents[2]
STEPS = tuple(STAGE_TITLES)
PAGE = '<!doctype html><html lang="en-GB"><head><title>t</title></head><body></body></html>'


def run_of_five(root: Path) -> Path:
    """Hull is done, Croydon refused, Devon stopped, Ealing waits, Wirral sent nothing; gives the path of the page."""
    run = Workspace(root, "five")
    (root / "params").symlink_to(ROOT / "params")
    write_text(root / "requirements.lock", "")
    write_json(run.raw / MARKER, {})
    reached = {"croydon": STEPS[:1], "devon": STEPS[:2], "ealing": (), "hull": STEPS, "wirral": ()}
    for slug, steps in reached.items():
        run.returns(slug).mkdir(parents=True)
        for step in steps:
            write_json(run.derived(slug, step) / DONE, {})
    write_json(run.derived(POOLED, "disclosure") / DONE, {})
    write_json(run.failure_file("croydon", "derive"), {"exit_code": 2, "lines": []})
    write_json(run.failure_file("devon", "outcomes"), {"exit_code": 1, "lines": []})
    write_json(run.failure_file("wirral", "refused"), {"exit_code": 2, "lines": []})
    files = {"authorities/hull.html": PAGE, "tables/hull/pupils-by-year.csv": "", "tables/hull/received.csv": ""}
    for path, text in files.items():
        write_text(run.reports / path, text)
    write_json(run.reports / "releasable" / "hull.json", {"outputs": dict.fromkeys(files, "0")})
    params = load_params(root / "params")
    return refresh_index(run, params, params.definitions.data_cut)
