"""The graph of a run, with small notebooks in place of the real ones: isolation, staleness, nothing half-finished."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from swis.execution.executor import LOCAL
from swis.execution.follow import run_jobs
from swis.execution.words import SIGNAL, Job
from swis.io import read_json
from swis.params import load_params
from swis.stage_list import AUTHORITY_STAGES, FURTHER_STAGES, POOLED_STAGES, TRIAL_STAGES
from swis.staleness.plan import Plan, plan_of
from swis.staleness.words import reasons_in_words
from swis.workflow import carry_out, failures
from swis.workspace import DONE, POOLED, Workspace, trial_slug

AUTHORITIES = ["gateshead", "hull"]
CUT = "2023-08-31"
SWIS = trial_slug("swis")
# On a machine that is busy with other tests.
SECONDS_TO_START = 300
WORK = {
    "validate": "(run.output / 'table.txt').write_text((run.workspace.returns(run.slug) / 'return.txt').read_text())",
    "derive": "(run.output / 'n.txt').write_text(str(int((run.stage_folder('validate') / 'table.txt').read_text())))",
    "outcomes": "(run.output / 'n.txt').write_text((run.stage_folder('derive') / 'n.txt').read_text())",
    "authority_report": "folder = run.workspace.released(run.slug)\n"
    "(run.output / 'n.txt').write_text((folder / 'n.txt').read_text())",
    "disclosure": "held = {slug: (f / 'n.txt').read_text() for slug, f in run.finished_folders('outcomes').items()}\n"
    "for area, text in {**held, 'all': ' '.join(held.values())}.items():\n"
    "    (run.output / 'areas' / area).mkdir(parents=True)\n"
    "    (run.output / 'areas' / area / 'n.txt').write_text(text)",
    "effects": "read = [(f / 'n.txt').read_text() for f in run.finished_folders('outcomes').values()]\n"
    "(run.output / 'n.txt').write_text(' '.join(read))",
    "evaluation_report": "(run.output / 'n.txt').write_text('pooled')",
    **{stage.name: "(run.output / 'n.txt').write_text('pooled')" for stage in FURTHER_STAGES},
}
FURTHER = {(POOLED, stage.name) for stage in FURTHER_STAGES}
REPORTS = {*((slug, "authority_report") for slug in AUTHORITIES), (POOLED, "evaluation_report")}
POOLED_NAMES = {stage.name for stage in POOLED_STAGES}


def write_notebook(path: Path, stage: str) -> None:
    parameters = f'dataset = "demo"  # name\ndata_cut = "{CUT}"  # date'
    call = f'run = open_run("{stage}", dataset=dataset, data_cut=data_cut'
    if stage == "effects":
        parameters += '\ntrial = "swis"  # name'
        call += ", trial=trial"
    elif stage not in POOLED_NAMES:
        parameters += '\nauthority = "gateshead"  # slug'
        call += ", authority=authority"
    sources = [f"from swis.notebook import open_run\n{call})", WORK[stage], "run.finish()"]
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")
    cells = [tagged, *(nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def make_workspace(tmp_path: Path, project_root: Path) -> Workspace:
    for folder in ("params", "workflow"):
        shutil.copytree(project_root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(project_root / "requirements.lock", tmp_path / "requirements.lock")
    (tmp_path / "notebooks").mkdir()
    for stage in (*AUTHORITY_STAGES, *TRIAL_STAGES, *POOLED_STAGES):
        write_notebook(tmp_path / "notebooks" / stage.notebook, stage.name)
    for slug in AUTHORITIES:
        (tmp_path / "data_raw" / "demo" / slug).mkdir(parents=True)
        (tmp_path / "data_raw" / "demo" / slug / "return.txt").write_text("12", encoding="utf-8")
    return Workspace(tmp_path, "demo")


@pytest.fixture
def workspace(tmp_path: Path, project_root: Path) -> Workspace:
    return make_workspace(tmp_path, project_root)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Workspace:
    """A data set that has been run to its end, once for all tests that only look at it."""
    workspace = make_workspace(tmp_path_factory.mktemp("finished"), project_root)
    assert [job.exit_code for job in run_all(workspace)] == [0] * (11 + len(FURTHER))
    return workspace


@pytest.fixture
def run_before(finished: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The data set that has been run to its end, to be changed: afterwards its files are put back with their times."""
    kept = shutil.copytree(finished.root, tmp_path / "kept", symlinks=True)
    yield finished
    shutil.rmtree(finished.root)
    shutil.copytree(kept, finished.root, symlinks=True)


def run_all(workspace: Workspace) -> list[Job]:
    return carry_out(workspace, load_params(workspace.params), AUTHORITIES, CUT, LOCAL, lambda event: None)


def plan_all(workspace: Workspace, data_cut: str = CUT) -> Plan:
    return plan_of(workspace, load_params(workspace.params), data_cut, AUTHORITIES, ())


def planned(plan: Plan) -> dict[tuple[str, str], list[str]]:
    return {(step.slug, step.stage): reasons_in_words(step, reasons) for step, reasons in plan.stale.items()}


def test_a_failed_authority_stops_and_alters_no_other_and_the_rest_is_pooled(workspace: Workspace) -> None:
    (workspace.returns("hull") / "return.txt").write_text("not a number", encoding="utf-8")
    ended = {(job.authority, job.stage): job.exit_code for job in run_all(workspace)}
    assert ended["hull", "derive"] == 1
    assert ended["gateshead", "authority_report"] == 0
    assert ended[POOLED, "evaluation_report"] == 0
    assert workspace.finished("outcomes") == ["gateshead"]
    assert (SWIS, "effects") not in ended, "one authority's schools carry no effect"
    assert failures(workspace, AUTHORITIES) == {("hull", "derive"): ["cell 4 raised ValueError"]}
    assert not workspace.derived("hull", "derive").exists(), "a failed stage never looks finished"
    assert (workspace.root / "data_derived" / "demo" / "hull" / "notebooks" / "2_derive.failed.ipynb").exists()


def test_a_stage_that_is_killed_is_named_and_what_an_earlier_run_left_of_it_is_no_result(run_before: Workspace) -> None:
    path = run_before.root / "notebooks" / "2_derive.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kill = "import os, signal, time\nif run.slug == 'hull':\n    os.kill(os.getppid(), signal.SIGKILL)\n"
    notebook.cells[2].source = kill + "    time.sleep(60)\n" + notebook.cells[2].source
    nbformat.write(notebook, path)
    lost = [job for job in run_all(run_before) if job.is_lost]
    assert lost == [Job("hull", "derive", 1, 0.0, is_lost=True)]
    (line,) = failures(run_before, AUTHORITIES)["hull", "derive"]
    assert "never begun" in line and "data_derived/demo/authorities.log" in line
    assert run_before.finished("outcomes") == ["gateshead"]


def test_a_finished_stage_lists_what_it_wrote_by_hash(finished: Workspace) -> None:
    done = read_json(finished.derived("gateshead", "validate") / DONE)
    assert list(done["outputs"]) == ["table.txt"]
    assert len(done["outputs"]["table.txt"]) == 64


def test_another_data_cut_makes_every_stage_stale_and_says_so(finished: Workspace) -> None:
    reasons = planned(plan_all(finished, "2022-07-31"))
    assert len(reasons) == 11 + len(FURTHER)
    assert all(said[0] == f"data cut is now 2022-07-31, was {CUT}" for said in reasons.values())


def test_nothing_runs_twice_and_a_changed_return_runs_its_own_authority_only(run_before: Workspace) -> None:
    assert plan_all(run_before).is_empty
    assert run_all(run_before) == []
    (run_before.returns("hull") / "return.txt").write_text("13", encoding="utf-8")
    plan = plan_all(run_before)
    reasons = planned(plan)
    assert reasons["hull", "validate"] == ["hull/return.txt was written anew"]
    assert reasons["hull", "derive"] == ["validate runs before"]
    assert reasons[SWIS, "effects"] == ["outcomes of hull runs before"]
    ended = {(job.authority, job.stage) for job in run_all(run_before)}
    assert {authority for authority, _ in ended} == {"hull", SWIS, POOLED}, "no other authority's report has changed"
    reports = {("hull", "authority_report"), (POOLED, "evaluation_report")}
    assert ended == set(reasons) | reports
    assert reports < {(step.slug, step.stage) for step in plan.may_run}
    assert (run_before.derived("hull", "outcomes") / "n.txt").read_text(encoding="utf-8") == "13"
    assert plan_all(run_before).is_empty


def test_a_run_that_was_killed_is_taken_up_where_it_was_and_nothing_half_done_is_kept(workspace: Workspace) -> None:
    path = workspace.root / "notebooks" / "2_derive.ipynb"
    whole = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = "import time\n(run.output / 'started').touch()\ntime.sleep(600)"
    nbformat.write(notebook, path)
    words = f"import test_workflow as t, pathlib; t.run_all(t.Workspace(pathlib.Path({str(workspace.root)!r}), 'demo'))"
    run = subprocess.Popen([sys.executable, "-c", words], cwd=Path(__file__).parent, start_new_session=True)
    until = time.monotonic() + SECONDS_TO_START
    while not list(workspace.root.glob("data_derived/demo/*/.derive.part/started")):
        assert time.monotonic() < until, "no notebook has started"
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    path.write_text(whole, encoding="utf-8")
    ended = {(job.authority, job.stage): job.exit_code for job in run_all(workspace)}
    assert {("gateshead", "derive"), ("hull", "derive"), (POOLED, "evaluation_report")} <= set(ended)
    assert set(ended.values()) == {0}
    assert not list(workspace.root.glob("data_derived/demo/*/derive/started"))
    assert plan_all(workspace).is_empty


def test_returns_that_failed_validation_are_refused_before_they_are_counted(workspace: Workspace) -> None:
    verdict = "(run.output / 'verdict.json').write_text('{\"status\": \"fail\"}')"
    notebook = nbformat.read(workspace.root / "notebooks" / "1_validate.ipynb", as_version=4)
    notebook.cells[2].source = verdict
    nbformat.write(notebook, workspace.root / "notebooks" / "1_validate.ipynb")
    codes = {(job.authority, job.stage): job.exit_code for job in run_all(workspace)}
    assert codes == {
        ("gateshead", "validate"): 0,
        ("hull", "validate"): 0,
        ("gateshead", "derive"): 2,
        ("hull", "derive"): 2,
    }
    (line,) = failures(workspace, ["hull"])["hull", "derive"]
    assert "validation found what must stop the run" in line


def test_effects_rest_on_every_authority_of_the_trial_and_a_changed_plan_estimates_them_anew(
    run_before: Workspace,
) -> None:
    assert (run_before.derived(SWIS, "effects") / "n.txt").read_text(encoding="utf-8") == "12 12"
    plan = run_before.params / "trials" / "swis.yml"
    text = plan.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "1.1"')
    plan.write_text(text, encoding="utf-8")
    assert {(job.authority, job.stage) for job in run_all(run_before)} == {
        (SWIS, "effects"),
        *FURTHER,
        (POOLED, "disclosure"),
        *REPORTS,
    }, "the tables let through are the same, but each report says what the plan is"


def test_effects_that_fail_leave_the_evaluation_without_them_and_say_so(run_before: Workspace) -> None:
    path = run_before.root / "notebooks" / "4_effects.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = "raise ValueError('a value')"
    nbformat.write(notebook, path)
    ended = {(job.authority, job.stage): job.exit_code for job in run_all(run_before)}
    assert ended == {(SWIS, "effects"): 1, **dict.fromkeys(FURTHER, 0), (POOLED, "disclosure"): 0}
    assert failures(run_before, [SWIS]) == {(SWIS, "effects"): ["cell 4 raised ValueError"]}
    assert run_before.finished_trials("effects", ["swis"]) == [], "older effects are used no more"


def test_no_report_is_made_where_the_door_stays_shut(run_before: Workspace) -> None:
    path = run_before.root / "notebooks" / "5_disclosure.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = "raise ValueError('a value')"
    nbformat.write(notebook, path)
    (run_before.returns("hull") / "return.txt").write_text("14", encoding="utf-8")
    ended = {(job.authority, job.stage): job.exit_code for job in run_all(run_before)}
    assert ended[POOLED, "disclosure"] == 1
    assert not {stage for _, stage in ended} & {"authority_report", "evaluation_report"}


def test_a_changed_policy_passes_the_door_again_and_counts_nothing_anew(run_before: Workspace) -> None:
    release = run_before.params / "release.yml"
    release.write_text(release.read_text(encoding="utf-8").replace("dfe_children_in_need ", "round_to_5 "), "utf-8")
    assert {(job.authority, job.stage) for job in run_all(run_before)} == {(POOLED, "disclosure"), *REPORTS}, (
        "each report names the policy"
    )


def test_the_word_of_a_job_is_heard_in_the_middle_of_another_line(tmp_path: Path) -> None:
    printed = f"Select jobs to execute...{SIGNAL} hull derive 0 2.5\n\n{SIGNAL} hull outcomes 0 3.5"
    log = tmp_path / "authorities.log"
    found = list(run_jobs([sys.executable, "-c", f"print({printed!r})"], log))
    assert found == [Job("hull", "derive", 0, 2.5), Job("hull", "outcomes", 0, 3.5)]
    assert log.read_text() == "Select jobs to execute...\n"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", [Job("further", "workflow", 1, 0.0)]),
        (f"{SIGNAL}hull derive 1 2.5", [Job("hull", "derive", 1, 2.5)]),
        (f"{SIGNAL}hull derive 0 2.5", [Job("hull", "derive", 0, 2.5), Job("further", "workflow", 1, 0.0)]),
    ],
)
def test_a_job_that_dies_without_a_word_fails_the_run(tmp_path: Path, printed: str, expected: list[Job]) -> None:
    command = [sys.executable, "-c", f"print({printed!r}); raise SystemExit(1)"]
    assert list(run_jobs(command, tmp_path / "further.log")) == expected
