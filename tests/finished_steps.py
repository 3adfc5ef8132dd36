"""A data set in which every step is finished, without running one: what the workflow would leave, with small files."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from swis.params import load_params
from swis.stage_list import STAGES
from swis.staleness.plan import Plan, plan_of
from swis.staleness.present import Present
from swis.staleness.record import beginning, keep
from swis.staleness.stamps import write_stamps
from swis.staleness.targets import TARGETS, Step, standing, steps_of, target_named
from swis.workspace import DONE, MARKER, Workspace

AUTHORITIES = ("gateshead", "tameside")
CUT = "2023-08-31"
FILES = {
    f"data_raw/demo/{MARKER}": "{}",
    "data_raw/demo/national/gias.csv": "urn",
    "data_raw/published/figures.csv": "year",
    **{f"data_raw/demo/{slug}/{name}": "rows" for slug in AUTHORITIES for name in ("contacts.csv", "cin/2021.xml")},
}


def make_finished(root: Path, project: Path, package: Path | None = None) -> Workspace:
    """The data set `demo` of two authorities under `root`, finished with the code in `package`."""
    for folder in ("params", "notebooks", "workflow"):
        shutil.copytree(project / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(project / "requirements.lock", root / "requirements.lock")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    workspace = Workspace(root, "demo")
    for name in TARGETS:
        _finish(workspace, name, package)
    return workspace


def plan_now(workspace: Workspace, package: Path | None = None, data_cut: str = CUT) -> Plan:
    """The plan for every authority with a folder of returns."""
    params = load_params(workspace.params)
    sound = [slug for slug in workspace.authorities() if slug in params.authorities]
    return plan_of(workspace, params, data_cut, sound, (), package)


def _finish(workspace: Workspace, name: str, package: Path | None) -> None:
    params = load_params(workspace.params)
    target = target_named(name, params, AUTHORITIES, standing(workspace, params))
    assert target is not None
    present = Present(workspace, params, CUT, package)
    steps = steps_of(target, params.definitions.border)
    write_stamps(workspace, present, steps, set(steps))
    for step in steps:
        begun = beginning(workspace, *step)
        assert begun is not None
        _write_results(workspace, step)
        keep(workspace, *step, begun)
    present.reached.save()


def _write_results(workspace: Workspace, step: Step) -> None:
    names = ["table.parquet", "verdict.json", "completeness.parquet", "results.parquet"]
    if step.stage == "disclosure":
        names = [f"areas/{area}/outcomes.parquet" for area in (*AUTHORITIES, "all")]
    folder = workspace.derived(*step)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{step.slug} {step.stage} {name}", encoding="utf-8")
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    done = {"stage": STAGES[step.stage].name, "authority": step.slug, "outputs": hashes}
    (folder / DONE).write_text(json.dumps(done), encoding="utf-8")
