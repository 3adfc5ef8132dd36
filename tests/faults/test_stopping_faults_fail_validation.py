"""Every rule that can stop an authority does, on a copy of the demo with that one fault; nothing hides behind it.

The copies are cut down to a few periods first: what is tested is the verdict, and it does not depend on the years.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.simulate.fixtures import STOPPING, spoilt_copy, stopping_kinds
from swis.sources.national import check_national
from swis.sources.return_checks import check_returns
from swis.validate import Report, check_plausibility, check_statutory, conclude
from swis.validate.plausibility import plausibility_checks, plausibility_rules
from swis.validate.results import Finding
from swis.validate.returns import Returns
from swis.validate.run import read_returns
from swis.validate.shape import column_checks, judge_table_shape, severities, severity_of
from swis.validate.shape_tables import judge_repeats, judge_tables_present
from swis.validate.statutory import statutory_rules
from swis.workspace import Workspace

pytestmark = pytest.mark.slow
SLUG = "gateshead"
TODAY = date(2024, 5, 1)
KEPT = ("2021", "2022_autumn", "2022_spring")
COLUMNS_THAT_STOP = ("allocation",)
VALIDATED = sorted(name for name, kind in stopping_kinds().items() if kind.rules)


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def few_periods(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's national files and one authority, with the returns of a few periods only."""
    folder = tmp_path_factory.mktemp("few") / "demo"
    shutil.copytree(project_root / "data_raw" / "demo", folder, ignore=shutil.ignore_patterns("tameside", "truth"))
    dated = [
        *folder.glob(f"{SLUG}/cin/*"),
        *folder.glob(f"{SLUG}/school_census/*"),
        *folder.glob(f"{SLUG}/ssda903/*/*"),
    ]
    for path in dated:
        if not any(period in path.relative_to(folder).as_posix() for period in KEPT):
            path.unlink()
    return folder


def report_of(folder: Path, root: Path, params: Params) -> Report:
    workspace = Workspace(root, "demo")
    workspace.register(folder)
    returns = read_returns(workspace, params.authorities[SLUG], params.definitions, params.trials)
    layers = [layer(returns) for layer in (shape_that_can_stop, check_statutory, check_plausibility)]
    return conclude(returns, workspace, [SLUG], *layers, on=TODAY)


def shape_that_can_stop(returns: Returns) -> list[Finding]:
    """Layer 1 without the columns of tables none of whose columns can stop anything, which take most of the time."""
    return [
        *judge_tables_present(returns.tables, returns.expected_tables),
        *[one for name in COLUMNS_THAT_STOP if name in returns.tables for one in shape_of(returns, name)],
        *judge_repeats(returns.tables),
    ]


def shape_of(returns: Returns, name: str) -> list[Finding]:
    return judge_table_shape(returns.tables[name], name) if len(returns.tables[name]) else []


@pytest.fixture(scope="module")
def sound(few_periods: Path, params: Params, project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(few_periods, root_with_waivers(project_root, tmp_path_factory.mktemp("sound")), params)


def root_with_waivers(project_root: Path, root: Path) -> Path:
    """A checkout of its own, so that the tested one learns of no data set."""
    (root / "params").mkdir()
    (root / "params" / "waivers.yml").write_bytes((project_root / "params" / "waivers.yml").read_bytes())
    return root


def outcomes(report: Report) -> pd.Series:
    """Outcome of each rule and table of the layers that look at rows and counts."""
    rows = report.results[report.results["layer"] != "shape"]
    return rows.set_index(["rule", "table"])["outcome"]


def test_without_a_fault_nothing_stops(sound: Report) -> None:
    assert sound.verdict["stopped_by"] == []
    assert sound.verdict["status"] != "fail"


@pytest.mark.parametrize("kind", VALIDATED)
def test_a_stopping_fault_gives_the_verdict_fail_by_its_rule_alone(
    kind: str, sound: Report, few_periods: Path, params: Params, project_root: Path, tmp_path: Path
) -> None:
    spoilt_copy(few_periods, tmp_path / "demo", kind, SLUG)
    report = report_of(tmp_path / "demo", root_with_waivers(project_root, tmp_path), params)
    expected = stopping_kinds()[kind].rules
    assert report.verdict["status"] == "fail"
    assert report.verdict["stopped_by"] == sorted(expected)
    assert report.verdict["crashed"] == []
    assert set(outcomes(sound).index) <= set(outcomes(report).index), "no rule is dropped in silence"
    absent = {rule.split(" ")[1] for rule in expected if rule.endswith(" present")}
    assert rules_without_a_table(report, absent) == []


def rules_without_a_table(report: Report, absent: set[str]) -> list[str]:
    """Rules that passed or failed although a table they look at has no rows."""
    ran = set(report.results.loc[report.results["outcome"].isin(["passed", "failed"]), "rule"])
    of_rows = [rule for rule in (*statutory_rules(), *plausibility_rules()) if set(rule.tables) <= absent]
    of_counts = [check for check in plausibility_checks() if check.table in absent]
    return sorted(ran & {one.code for one in (*of_rows, *of_counts)})


def test_every_rule_that_can_stop_has_a_fault_planted_for_it(sound: Report) -> None:
    planted = {rule for kind in stopping_kinds().values() for rule in kind.rules}
    checks = [check for name in sound.returns.tables for check in column_checks(name)]
    stops = {check.rule.code for check in checks if check.rule.severity == "stop"}
    assert {check.rule.tables[0] for check in checks if check.rule.severity == "stop"} == set(COLUMNS_THAT_STOP)
    wanted = set(sound.returns.expected_tables) - set(severities()["may_be_absent"])
    stops |= {f"shape {name} present" for name in wanted}
    stops |= {
        f"shape {name} key repeat" for name in sound.returns.tables if severity_of(name, "key", "key repeat") == "stop"
    }
    stops |= {one.code for one in (*statutory_rules(), *plausibility_rules()) if one.severity == "stop"}
    stops |= {one.code for one in plausibility_checks() if one.severity == "stop"}
    assert severities()["kinds"]["present"] == severities()["kinds"]["has rows"] == "stop"
    assert stops == planted


@pytest.mark.parametrize("kind", [name for name, kind in stopping_kinds().items() if kind.stops == "data set"])
def test_a_fault_of_a_file_that_is_everybodys_is_named_before_anything_is_read(
    kind: str, few_periods: Path, params: Params, tmp_path: Path
) -> None:
    path = spoilt_copy(few_periods, tmp_path / "demo", kind, SLUG)
    workspace = Workspace(tmp_path, "demo")
    workspace.register(tmp_path / "demo")
    lines = [problem.line() for problem in check_national(workspace, params)]
    assert lines, kind
    assert all("national/" in line for line in lines), path


@pytest.mark.parametrize("kind", [name for name, kind in stopping_kinds().items() if kind.by == "stopped"])
def test_what_validation_must_stop_is_not_refused_before(
    kind: str, few_periods: Path, params: Params, tmp_path: Path
) -> None:
    spoilt_copy(few_periods, tmp_path / "demo", kind, SLUG)
    assert check_returns(tmp_path / "demo" / SLUG, params.authorities[SLUG], params.definitions) == []


def test_every_stopping_kind_is_described_and_can_be_planted() -> None:
    assert set(stopping_kinds()) == set(STOPPING)
