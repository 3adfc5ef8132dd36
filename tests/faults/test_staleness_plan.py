"""Each kind of change, planned on two finished authorities: exactly what is stale would run, and the plan says why."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from finished_steps import AUTHORITIES, make_finished, plan_now

import swis
from swis.staleness import libraries
from swis.staleness.plan import Plan
from swis.staleness.words import reasons_in_words
from swis.workspace import DONE, POOLED, Workspace, trial_slug

SWIS = (trial_slug("swis"), "effects")
FURTHER = {(POOLED, stage) for stage in ("delivery", "economics", "speed")}
DOOR = (POOLED, "disclosure")
REPORTS = {("gateshead", "authority_report"), ("tameside", "authority_report"), (POOLED, "evaluation_report")}


def stages_of(*slugs: str) -> set[tuple[str, str]]:
    return {(slug, stage) for slug in slugs for stage in ("validate", "derive", "outcomes")}


POOLED_STEPS = {SWIS, *FURTHER, DOOR}
OF_GATESHEAD = {*stages_of("gateshead"), *POOLED_STEPS}
OF_BOTH = {*stages_of("gateshead", "tameside"), *POOLED_STEPS}


class Checkout:
    """A finished data set with code of its own, to be changed."""

    def __init__(self, workspace: Workspace, package: Path) -> None:
        self.workspace, self.package = workspace, package

    def replace(self, name: str, was: str, now: str) -> None:
        """Change a text in one file, below the package where the name says so."""
        path = self.package.parent / name if name.startswith("swis/") else self.workspace.root / name
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, now, 1), encoding="utf-8")

    def change_notebook(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        path = self.workspace.root / "notebooks" / name
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook["cells"][-1])
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def plan(self, data_cut: str = "2023-08-31") -> Plan:
        return plan_now(self.workspace, self.package, data_cut)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(swis.__file__).parent, folder / "src" / "swis", ignore=ignored)
    make_finished(folder / "compendium", project_root, folder / "src" / "swis")
    return folder


@pytest.fixture
def checkout(finished: Path, tmp_path: Path) -> Iterator[Checkout]:
    """Everything is copied with its times; the code is changed in place, which is quicker, and put back."""
    shutil.copytree(finished / "compendium", tmp_path / "compendium")
    package = finished / "src" / "swis"
    changed = Checkout(Workspace(tmp_path / "compendium", "demo"), package)
    originals = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    yield changed
    for path, content in originals.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def steps(plan: Plan) -> set[tuple[str, str]]:
    return {(step.slug, step.stage) for step in plan.stale}


def may(plan: Plan) -> set[tuple[str, str]]:
    return {(step.slug, step.stage) for step in plan.may_run}


def reasons(plan: Plan, slug: str, stage: str) -> list[str]:
    return next(reasons_in_words(step, said) for step, said in plan.stale.items() if step == (slug, stage))


def present(checkout: Checkout, slug: str) -> bool:
    return checkout.workspace.returns(slug).is_dir()


def test_nothing_is_stale_when_nothing_changed(checkout: Checkout) -> None:
    assert checkout.plan().is_empty


def touch(checkout: Checkout, name: str) -> None:
    os.utime(checkout.workspace.root / name)


INPUTS: dict[str, tuple[Callable[[Checkout], object], set[tuple[str, str]], tuple[str, str, str]]] = {
    "a return is touched": (
        lambda one: touch(one, "data_raw/demo/gateshead/cin/2021.xml"),
        OF_GATESHEAD,
        ("gateshead", "validate", "gateshead/cin/2021.xml was written anew"),
    ),
    "a return comes": (
        lambda one: (one.workspace.returns("gateshead") / "delivery.csv").write_text("rows", encoding="utf-8"),
        OF_GATESHEAD,
        ("gateshead", "validate", "gateshead/delivery.csv is new"),
    ),
    "a return goes": (
        lambda one: (one.workspace.returns("gateshead") / "contacts.csv").unlink(),
        OF_GATESHEAD,
        ("gateshead", "validate", "gateshead/contacts.csv is gone"),
    ),
    "a national file changes": (
        lambda one: one.replace("data_raw/demo/national/gias.csv", "urn", "urn,name"),
        OF_BOTH,
        ("tameside", "validate", "national/gias.csv changed"),
    ),
    "a definition changes": (
        lambda one: one.replace("params/definitions.yml", "rate_per: 1000 ", "rate_per: 100 "),
        OF_BOTH | REPORTS,
        ("tameside", "outcomes", "params/definitions.yml: rate_per is now 100, was 1000"),
    ),
    "an authority's file changes": (
        lambda one: one.replace("params/authorities/gateshead.yml", "38564", "38565"),
        {*OF_GATESHEAD, ("gateshead", "authority_report"), (POOLED, "evaluation_report")},
        ("gateshead", "derive", "params/authorities/gateshead.yml: children_0_to_17 is now 38565, was 38564"),
    ),
    "a price changes": (
        lambda one: one.replace("params/economics.yml", "2021/22: 1430", "2021/22: 1431"),
        {(POOLED, "economics"), DOOR},
        (
            POOLED,
            "economics",
            "params/economics.yml: weekly_costs.looked_after.pounds_a_week.2021/22 is now 1431.0, was 1430.0",
        ),
    ),
    "a plan changes in words": (
        lambda one: one.replace("params/trials/swis.yml", 'version: "1.0"', 'version: "1.1"'),
        POOLED_STEPS | REPORTS,
        (*SWIS, "params/trials/swis.yml: plan.version is now 1.1, was 1.0"),
    ),
    "another policy is chosen": (
        lambda one: one.replace("params/release.yml", "dfe_children_in_need ", "round_to_5 "),
        {DOOR, *REPORTS},
        (*DOOR, "params/release.yml: policy is now round_to_5, was dfe_children_in_need"),
    ),
    "a finding is waived": (
        lambda one: one.replace(
            "params/waivers.yml",
            "waivers: []",
            "waivers: [{rule: CIN 1, authority: gateshead, reason: agreed with all, expires_on: 2999-01-01}]",
        ),
        OF_GATESHEAD,
        ("gateshead", "validate", "params/waivers.yml: waivers[0].authority is new: gateshead"),
    ),
    "a table is removed": (
        lambda one: (one.workspace.derived("gateshead", "derive") / "table.parquet").unlink(),
        OF_GATESHEAD - {("gateshead", "validate")},
        ("gateshead", "derive", "data_derived/demo/gateshead/derive/table.parquet is not as it was left"),
    ),
    "a stage's mark is removed": (
        lambda one: (one.workspace.derived("gateshead", "outcomes") / DONE).unlink(),
        {("gateshead", "outcomes"), *POOLED_STEPS},
        ("gateshead", "outcomes", "it has not been run"),
    ),
    "an authority comes": (
        lambda one: shutil.copytree(one.workspace.returns("gateshead"), one.workspace.returns("hull")),
        {*stages_of("hull"), *POOLED_STEPS, ("hull", "authority_report"), (POOLED, "evaluation_report")},
        (*SWIS, "rests on outcomes of hull as well"),
    ),
    "an authority goes": (
        lambda one: shutil.rmtree(one.workspace.returns("tameside")),
        {*FURTHER, DOOR, (POOLED, "evaluation_report")},
        (*DOOR, "rests on effects of swis no more, rests on outcomes of tameside no more"),
    ),
    "a run was cut short": (
        lambda one: one.workspace.made_from("gateshead", "validate").unlink(),
        OF_GATESHEAD,
        (
            "gateshead",
            "validate",
            "it is not known from what it was made, for its last run was cut short or something changed meanwhile",
        ),
    ),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_change_of_what_is_read_makes_stale_what_rests_on_it_and_says_so(checkout: Checkout, name: str) -> None:
    change, expected, (slug, stage, reason) = INPUTS[name]
    change(checkout)
    plan = checkout.plan()
    assert steps(plan) == expected
    assert reason in "; ".join(reasons(plan, slug, stage))
    may_run = REPORTS - steps(plan) if DOOR in steps(plan) else set()
    assert may(plan) == may_run - {(slug, "authority_report") for slug in AUTHORITIES if not present(checkout, slug)}


@pytest.mark.parametrize(
    ("name", "was", "now", "expected"),
    [
        ("swis/derive/care.py", '"""One row a period of care', '"""A row a period of care', set()),
        ("swis/derive/care.py", "SHORT_BREAKS =", "# What is no care.\nSHORT_BREAKS  =", set()),
        ("swis/report/figures/style.py", 'BAND = "#ECEFF3"', 'BAND = "#ECEFF4"', REPORTS),
        ("swis/report/templates/style.css", "{", "{ ", REPORTS),
        ("swis/derive/care.py", '["V3", "V4"]', '["V3"]', None),
        ("swis/speed/stage.py", "from __future__ import annotations\n", "from __future__ import annotations\nA = 1\n",
         {(POOLED, "speed"), DOOR, *REPORTS}),
    ],
)  # fmt: skip
def test_code_makes_stale_what_reaches_it_unless_only_its_words_change(
    checkout: Checkout, name: str, was: str, now: str, expected: set[tuple[str, str]] | None
) -> None:
    checkout.replace(name, was, now)
    plan = checkout.plan()
    if expected is None:
        assert steps(plan) == (OF_BOTH | REPORTS) - {("gateshead", "validate"), ("tameside", "validate")}
        assert reasons(plan, "gateshead", "derive") == ["code of swis.derive.care changed"]
    else:
        assert steps(plan) == expected


def test_no_model_is_fitted_again_for_a_cells_identifier_output_or_metadata(checkout: Checkout) -> None:
    checkout.change_notebook(
        "4_effects.ipynb", lambda cell: cell.update(id="new", outputs=[{"a": 1}], execution_count=3, metadata={"x": 1})
    )
    assert checkout.plan().is_empty


def test_a_changed_cell_runs_its_notebook_and_what_rests_on_it(checkout: Checkout) -> None:
    checkout.change_notebook("4_effects.ipynb", lambda cell: cell.update(source="run.finish( )"))
    plan = checkout.plan()
    assert steps(plan) == POOLED_STEPS
    assert reasons(plan, *SWIS) == ["notebook 4_effects.ipynb changed"]
    assert reasons(plan, POOLED, "speed") == ["effects of swis runs before"]


@pytest.mark.parametrize(
    ("library", "expected"),
    [("numpy", OF_BOTH | REPORTS), ("typst", REPORTS), ("great-expectations", OF_BOTH), ("snakemake", set())],
)
def test_a_new_library_makes_stale_what_rests_on_it(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str, expected: set[tuple[str, str]]
) -> None:
    held = libraries.installed()
    held["versions"][library] = "999"
    monkeypatch.setattr(libraries, "installed", lambda: held)
    monkeypatch.setattr(libraries, "library_folders", lambda: [tmp_path])
    plan = checkout.plan()
    assert steps(plan) == expected
    for step in expected - {SWIS, *FURTHER, DOOR} - {(slug, "derive") for slug in ("gateshead", "tameside")}:
        assert f"library {library} is now 999" in " ".join(reasons(plan, *step)) or library == "great-expectations"


def test_another_data_cut_makes_everything_stale(checkout: Checkout) -> None:
    plan = checkout.plan("2022-07-31")
    assert steps(plan) == OF_BOTH | REPORTS
    assert reasons(plan, "gateshead", "validate") == ["data cut is now 2022-07-31, was 2023-08-31"]
