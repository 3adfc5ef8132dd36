"""What a run would cost: lines of size, this machine's share of them, all of England, requests to a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from swis.cli import main
from swis.execution.cost.england import england_costs
from swis.execution.cost.estimate import Cost, cost_of, memory_megabytes, wall_seconds
from swis.execution.cost.lines import Line, StageLines, load_measured, scaled
from swis.execution.cost.requests import memory_megabytes as memory_asked
from swis.execution.cost.requests import minutes
from swis.execution.cost.sizes import england_megabytes, sizes_of, trial_megabytes
from swis.execution.use import Use, last_use, note_job, note_kernel, use_file
from swis.io import read_csv, read_json
from swis.params import load_params
from swis.stage_list import STAGES
from swis.workflow import TARGET_STAGES
from swis.workspace import Workspace

LINES = StageLines(Line(10.0, 0.5), Line(500.0, 4.0))


def test_each_stage_has_a_line_that_grows_with_the_returns() -> None:
    measured = load_measured()
    assert set(measured.stages) == set(STAGES)
    for lines in measured.stages.values():
        assert lines.cpu_seconds.fixed > 0 and lines.peak_megabytes.fixed > 0
        assert lines.cpu_seconds.per_megabyte >= 0 and lines.peak_megabytes.per_megabyte >= 0


def test_the_cost_of_a_stage_is_its_line_at_each_size() -> None:
    cost = cost_of("validate", LINES, [100.0, 20.0], more_seconds=1.0)
    assert cost == Cost("validate", 2, cpu_seconds=61.0 + 21.0, longest_seconds=61.0, peak_megabytes=900.0)


def test_time_by_the_clock_is_no_shorter_than_the_longest_authority() -> None:
    stages = ("validate", "derive", "outcomes")
    costs = {stage: Cost(stage, 10, 100.0, 30.0, 1000.0) for stage in stages}
    assert wall_seconds(costs, {"authorities": stages}, 2) == 150.0
    assert wall_seconds(costs, {"authorities": stages}, 100) == 90.0, "its stages follow each other"
    reports = {"authority_report": Cost("authority_report", 10, 100.0, 30.0, 600.0)}
    assert wall_seconds(costs | reports, {"authorities": stages, "reports": ("authority_report",)}, 100) == 120.0


def test_memory_is_that_of_the_largest_notebooks_at_one_time() -> None:
    costs = {"evaluation_report": Cost("e", 1, 30.0, 30.0, 1000.0), "authority_report": Cost("a", 9, 90.0, 10.0, 600.0)}
    targets = {"reports": ("authority_report", "evaluation_report")}
    assert memory_megabytes(costs, targets, 1) == 1000.0
    assert memory_megabytes(costs, targets, 3) == 1000.0 + 2 * 600.0
    assert memory_megabytes(costs, {"further": ("speed",)}, 3) == 0.0


def test_lines_are_scaled_by_the_middle_of_what_was_used_here() -> None:
    measured = load_measured()
    line = measured.stages["derive"].cpu_seconds
    used = {
        (slug, "derive"): Use(9.0, factor * line.at(50.0), 700.0) for slug, factor in zip("abc", (1, 2, 9), strict=True)
    }
    here = scaled(measured, used, dict.fromkeys(used, 50.0))
    assert here["derive"].cpu_seconds.at(80.0) == pytest.approx(2 * line.at(80.0))
    assert here["validate"] == measured.stages["validate"], "a stage that was not run here keeps its line"


def test_england_has_153_authorities_and_the_children_that_are_published(project_root: Path) -> None:
    measured = load_measured()
    sizes = england_megabytes(measured)
    assert len(sizes) == 153
    published = read_csv(project_root / "data_raw" / "published" / "published_figures_population.csv")
    national = published[published["geographic_level"].eq("National") & published["time_period"].eq(2023)]
    children = (sum(sizes.values()) - 153 * measured.megabytes_of_schools) / measured.megabytes_per_child
    assert round(children) == int(national["children_0_to_17"].iloc[0])


def test_trials_take_their_share_of_authorities_without_parameters(project_root: Path) -> None:
    params = load_params(project_root / "params")
    known = dict.fromkeys(params.authorities, 10.0)
    members = sum("swis" in authority.trials for authority in params.authorities.values())
    assert trial_megabytes(known, params)["swis"] == 10.0 * members
    invented = {f"authority {number}": 10.0 for number in range(len(known))}
    assert trial_megabytes(invented, params)["swis"] == pytest.approx(10.0 * members)
    found = sizes_of(known, params, [("hull", "derive"), ("_pooled", "speed"), ("_swis", "effects"), ("x", "derive")])
    assert found == {
        ("hull", "derive"): 10.0,
        ("_pooled", "speed"): 10.0 * len(known),
        ("_swis", "effects"): 10.0 * members,
    }


def test_costs_of_england_grow_by_what_each_notebook_costs_more_on_a_cluster(project_root: Path) -> None:
    params, measured = load_params(project_root / "params"), load_measured()
    here = england_costs(measured, measured.stages, params)
    there = england_costs(measured, measured.stages, params, more_seconds=5.0)
    assert set(here) == {stage for stages in TARGET_STAGES.values() for stage in stages}
    assert {stage: cost.notebooks for stage, cost in here.items()}["validate"] == 153
    for stage, cost in here.items():
        assert there[stage].cpu_seconds == pytest.approx(cost.cpu_seconds + 5.0 * cost.notebooks)


def test_a_job_asks_for_more_than_was_measured_and_for_twice_as_much_at_its_second_attempt() -> None:
    lines = load_measured().stages["derive"]
    asked = memory_asked("derive", 200.0, 1)
    assert asked > lines.peak_megabytes.at(200.0) * 1.2
    assert asked % 100 == 0
    assert memory_asked("derive", 200.0, 2) == pytest.approx(2 * asked, abs=100)
    assert minutes("derive", 200.0, 2) == 2 * minutes("derive", 200.0, 1)
    assert minutes("derive", 200.0, 1) * 60 > lines.cpu_seconds.at(200.0)


def test_the_use_of_a_stage_is_that_of_its_kernel_and_of_the_process_that_started_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, "demo")
    note_job(workspace, "hull", "derive", 3.0)
    assert last_use(workspace) == {}, "a stage that never came to its end has used nothing that can be planned by"
    note_kernel(workspace, "hull", "derive")
    kernel = read_json(use_file(workspace, "hull", "derive"))
    assert last_use(workspace) == {}, "half of it is none"
    note_job(workspace, "hull", "derive", 3.0)
    ((key, use),) = last_use(workspace).items()
    assert key == ("hull", "derive")
    assert use.wall_seconds == 3.0
    assert use.cpu_seconds > kernel["cpu_seconds"] > 0
    assert use.peak_megabytes > kernel["peak_megabytes"] > 1, "megabytes, and of both"


def test_a_plan_of_england_says_what_it_costs_and_what_that_rests_on(
    project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("params", "notebooks"):
        (tmp_path / name).symlink_to(project_root / name)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(main, ["plan", "--england", "--jobs", "8"])
    assert said.exit_code == 0, said.output
    assert said.output.startswith("England: 153 authorities, ")
    assert "Here, 8 at a time" in said.output
    assert "On a cluster, at most 100 at a time" in said.output
    assert "nothing has been run here yet" in said.output
    assert CliRunner().invoke(main, ["plan", "--england", "hull"]).exit_code == 2
