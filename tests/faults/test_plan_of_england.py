"""A plan of as many authorities as England has, each with a parameter file and returns of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from cluster.small_runs import small_notebooks

from swis.commands.cost import say_cost
from swis.execution.cost.lines import load_measured
from swis.execution.cost.sizes import england_megabytes
from swis.params import load_params
from swis.staleness.plan import plan_of

STAGES = ("validate", "derive", "outcomes", "authority_report")


def test_every_stage_of_every_authority_is_planned_and_costed(
    tmp_path: Path, project_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = small_notebooks()
    workspace = small.make_workspace(tmp_path, project_root)
    one = (workspace.params / "authorities" / "hull.yml").read_text(encoding="utf-8")
    slugs = [f"authority-{number:03}" for number in range(len(england_megabytes(load_measured())))]
    for slug in slugs:
        place = workspace.params / "authorities" / f"{slug}.yml"
        place.write_text(one.replace("slug: hull", f"slug: {slug}"), encoding="utf-8")
        workspace.returns(slug).mkdir(parents=True)
        (workspace.returns(slug) / "return.txt").write_text("12", encoding="utf-8")
    params = load_params(workspace.params)
    plan = plan_of(workspace, params, small.CUT, slugs, ())
    assert {(slug, stage) for slug in slugs for stage in STAGES} <= {(step.slug, step.stage) for step in plan.stale}
    say_cost(workspace, params, plan.stale, 8)
    assert "validate                 153" in capsys.readouterr().out
