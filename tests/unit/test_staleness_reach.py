"""Which of this project's modules each stage reaches: enough that nothing stale looks fresh, and not too much."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import swis
from swis.stage_list import STAGES
from swis.staleness.closure import AT_RUN_TIME, OWN_MODULE, package_in
from swis.staleness.reached import Reached

PACKAGE = package_in(Path(swis.__file__).parent)
# What makes a module come in without an import statement that names it, or runs text as code.
HIDDEN = {
    "import_module", "__import__", "iter_modules", "walk_packages", "run_module", "run_path", "exec", "eval",
    "spec_from_file_location", "entry_points",
}  # fmt: skip
# Modules of the project that read a file outside their own folder, with that file; all of these are reached.
BEYOND_OWN_FOLDER = {
    "swis.report.chapters.background": "swis/report/logic_models.yml",
    "swis.report.chapters.checklist": "swis/report/consort.yml",
    "swis.report.chapters.lists": "swis/report/glossary.yml",
}
# The same, but it can only have a run refused: results do not depend on it. The second hashes code for the page itself.
NO_RESULT = {"swis.plan.checks", "swis.notebook.provenance"}


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Reached:
    kept = tmp_path_factory.mktemp("kept") / "read_before.json"
    return Reached(PACKAGE.folder, project_root / "notebooks", kept)


@pytest.fixture(scope="module")
def of_all_stages(reached: Reached) -> set[str]:
    return {module for stage in STAGES for module in reached.reach_of_stage(stage).modules}


def tree(module: str) -> ast.Module:
    return ast.parse(PACKAGE.modules[module].read_text(encoding="utf-8"))


def calls_of(module: str) -> set[str]:
    """Names of what a module calls by a computed name: a text in quotation marks is followed by itself."""
    calls = [node for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    computed = [call for call in calls if not (call.args and isinstance(call.args[0], ast.Constant))]
    return {ast.unparse(call.func).rpartition(".")[2] for call in computed}


def test_whatever_is_imported_by_a_computed_name_is_declared(of_all_stages: set[str]) -> None:
    found = {module for module in of_all_stages if HIDDEN & calls_of(module)}
    assert found == set(AT_RUN_TIME)
    packages = {package for packages in AT_RUN_TIME.values() for package in packages}
    assert all(PACKAGE.modules[package].name == OWN_MODULE for package in packages)


def test_no_result_depends_on_a_docstring(of_all_stages: set[str]) -> None:
    read = {"__doc__", "getdoc", "getsource"}
    for module in sorted(of_all_stages):
        names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree(module))}
        assert not names & read or module == "swis.report.open_data.page", module


def test_files_are_read_beside_their_module_or_are_reached_all_the_same(
    reached: Reached, of_all_stages: set[str]
) -> None:
    data = {
        path.relative_to(PACKAGE.folder.parent).as_posix()
        for stage in STAGES
        for path in reached.reach_of_stage(stage).data
    }
    found = set()
    for module in of_all_stages:
        text = ast.unparse(tree(module))
        if "swis.__file__" in text or "__file__).parents[" in text or "__file__).parent.parent" in text:
            found.add(module)
    assert found == set(BEYOND_OWN_FOLDER) | NO_RESULT
    assert set(BEYOND_OWN_FOLDER.values()) <= data


@pytest.mark.parametrize("stage", ["validate", "derive", "outcomes", "effects", "delivery", "economics", "speed"])
def test_no_count_and_no_model_reaches_what_draws_or_protects(reached: Reached, stage: str) -> None:
    found = reached.reach_of_stage(stage)
    parts = {module.split(".")[1] for module in found.modules if "." in module}
    assert not parts & {"report", "scan", "commands", "kernels", "staleness", "stages", "workflow", "simulate"}
    assert not set(found.libraries) & {"matplotlib", "seaborn", "typst", "pypandoc", "papermill", "snakemake"}
    assert {module for module in found.modules if module.startswith("swis.disclosure.")} == {"swis.disclosure.policy"}


@pytest.mark.parametrize(
    ("stage", "parts"),
    [
        ("validate", {"schemas", "sources", "validate", "published"}),
        ("derive", {"derive", "schemas"}),
        ("outcomes", {"derive", "outcomes", "schemas"}),
        ("effects", {"effects", "outcomes", "plan"}),
        ("delivery", {"delivery"}),
        ("economics", {"economics", "effects"}),
        ("speed", {"speed"}),
        ("disclosure", {"delivery", "disclosure", "economics", "effects", "outcomes", "speed"}),
        ("authority_report", {"disclosure", "published", "report"}),
        ("evaluation_report", {"disclosure", "published", "report"}),
    ],
)
def test_each_stage_reaches_the_parts_that_it_is_made_of(reached: Reached, stage: str, parts: set[str]) -> None:
    assert parts <= {module.split(".")[1] for module in reached.reach_of_stage(stage).modules if "." in module}


@pytest.mark.parametrize(
    ("library", "stages"),
    [
        ("numpy", set(STAGES)),
        ("typst", {"authority_report", "evaluation_report"}),
        ("statsmodels", {"effects", "economics", "speed", "disclosure", "authority_report", "evaluation_report"}),
        ("great-expectations", {"validate"}),
        ("snakemake", set()),
    ],
)
def test_a_new_library_makes_those_stages_stale_that_rest_on_it(
    reached: Reached, library: str, stages: set[str]
) -> None:
    assert {stage for stage in STAGES if library in reached.stage(stage)["library"]} == stages
