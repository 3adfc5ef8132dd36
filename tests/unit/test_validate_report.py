"""From returns to verdict: rows set aside once, missing tables never pass, nothing kept quotes a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import validate_sound_returns as sound

from swis.params import Params, load_params
from swis.sources.result import empty_faults, fault_rows, stack_faults
from swis.validate import Report, check_plausibility, check_shape, check_statutory, conclude, failures, save, summary
from swis.validate import row_rules as row_rules_module
from swis.validate.results import Finding
from swis.validate.returns import Returns
from swis.validate.rule import Rule
from swis.validate.set_aside import separate
from swis.validate.shape_tables import judge_repeats, judge_tables_present, judge_unreadable
from swis.validate.statutory import statutory_rules
from swis.validate.tables import Tables
from swis.workspace import Workspace

PLANTED = "PLANTEDVALUE42"
TODAY = date(2024, 5, 1)


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def returns_of(
    params: Params,
    changes: dict[str, list[dict[str, Any]]],
    *,
    without: tuple[str, ...] = (),
    faults: pd.DataFrame | None = None,
) -> Returns:
    two_arms = [{}, {"urn": "900002", "arm": "control"}]
    tables = dict(sound.returns_with({"allocation": two_arms, "schools": [{}, {"urn": "900002"}]} | changes))
    completeness = pd.DataFrame(
        [("gateshead", "cin_census", "2021", "received", ""), ("gateshead", "ssda903", "2021", "received", "")],
        columns=["authority", "returns", "period", "status", "reason"],
    ).astype("string")
    return Returns(
        authority=params.authorities["gateshead"],
        definitions=params.definitions,
        tables=Tables({name: frame for name, frame in tables.items() if name not in without}),
        faults=faults if faults is not None else empty_faults(),
        reading_notes=pd.DataFrame({"file": [], "kind": [], "count": [], "message": []}),
        completeness=completeness,
        published=None,
        is_synthetic=True,
    )


Layer = Callable[[Returns], list[Finding]]
ALL: tuple[Layer, ...] = (check_shape, check_statutory, check_plausibility)


def presence(returns: Returns) -> list[Finding]:
    return judge_tables_present(returns.tables, returns.expected_tables)


def report_of(returns: Returns, project_root: Path, layers: Sequence[Layer] = ALL) -> Report:
    """The report; a test names the layers it is about, because judging all of them takes seconds."""
    workspace = Workspace(project_root, "demo")
    return conclude(returns, workspace, ["gateshead"], *[layer(returns) for layer in layers], on=TODAY)


def failed_rules(report: Report) -> set[str]:
    return set(report.results.loc[report.results["outcome"] == "failed", "rule"])


def test_sound_returns_have_no_row_set_aside_and_nothing_stops_them(params: Params, project_root: Path) -> None:
    report = report_of(returns_of(params, {"cin_plans": [{"return_year": 2022}]}), project_root)
    assert report.verdict["stopped_by"] == []
    assert report.verdict["rows_set_aside"] == 0
    assert report.verdict["crashed"] == []


@pytest.mark.parametrize("missing", ["section47", "care_episodes", "pupils", "allocation"])
def test_a_missing_table_stops_the_authority_and_its_rules_are_not_run(
    params: Params, project_root: Path, missing: str
) -> None:
    report = report_of(returns_of(params, {}, without=(missing,)), project_root, [presence, check_plausibility])
    of_table = report.results[report.results["table"] == missing]
    assert report.verdict["status"] == "fail"
    assert f"shape {missing} present" in report.verdict["stopped_by"]
    assert "passed" not in set(of_table["outcome"])


def test_an_empty_table_stops_the_authority(params: Params, project_root: Path) -> None:
    returns = returns_of(params, {})
    emptied = Tables({name: frame.iloc[:0] if name == "section47" else frame for name, frame in returns.tables.items()})
    report = report_of(Returns(**{**vars(returns), "tables": emptied}), project_root, [presence])
    assert report.verdict["stopped_by"] == ["shape section47 present"]


def test_a_table_whose_returns_are_all_known_gaps_is_not_asked_for(params: Params, project_root: Path) -> None:
    returns = returns_of(params, {}, without=("care_episodes", "looked_after_children"))
    gaps = returns.completeness.assign(status=["received", "known gap"])
    report = report_of(Returns(**{**vars(returns), "completeness": gaps}), project_root, [presence])
    assert report.verdict["stopped_by"] == []


def test_a_row_caught_by_two_rules_is_set_aside_once_with_both_rules(params: Params, project_root: Path) -> None:
    changes = {"assessments": [{"assessment_start_date": "2020-05-31", "assessment_end_date": "2020-05-30"}]}
    report = report_of(returns_of(params, changes), project_root, [check_statutory])
    aside = report.separated.set_aside["assessments"]
    assert aside["rule"].tolist() == ["CIN 1103; CIN 8608"]
    assert len(report.separated.clean["assessments"]) == 0
    assert aside["reason"].str.contains("ends before it starts").all()


def test_clean_and_set_aside_rows_add_up_to_what_was_read(params: Params, project_root: Path) -> None:
    changes = {"section47": [{}, {"section47_start_date": "2020-05-01"}, {"section47_start_date": "2020-04-01"}]}
    returns = returns_of(params, changes)
    report = report_of(returns, project_root, [check_statutory])
    both = len(report.separated.clean["section47"]) + len(report.separated.set_aside["section47"])
    assert both == len(returns.tables["section47"])
    assert len(report.separated.set_aside["section47"]) == 2


def test_an_event_stays_in_use_when_only_its_referral_is_set_aside(params: Params, project_root: Path) -> None:
    report = report_of(
        returns_of(params, {"referrals": [{"closure_date": "2020-05-31"}]}), project_root, [check_statutory]
    )
    assert len(report.separated.set_aside["referrals"]) == 1
    assert "section47" not in report.separated.set_aside


def test_a_school_in_two_arms_stops_the_authority(params: Params, project_root: Path) -> None:
    report = report_of(
        returns_of(params, {"allocation": [{}, {"arm": "control"}]}), project_root, [lambda r: judge_repeats(r.tables)]
    )
    assert "shape allocation key repeat" in report.verdict["stopped_by"]


def test_an_arm_contradicted_by_what_happened_stops_the_authority(params: Params, project_root: Path) -> None:
    control = {"urn": "900002", "arm": "control", "reason": "post vacant"}
    swapped = {"allocation": [{"reason": "later given a worker"}, control]}
    report = report_of(returns_of(params, swapped), project_root, [check_plausibility])
    assert "trial arm contradicted" in report.verdict["stopped_by"]


def test_a_waived_failure_sets_no_row_aside(params: Params, project_root: Path, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "waivers.yml").write_text(
        "waivers:\n  - {rule: CIN 1103, authority: gateshead, reason: known slip of one team, "
        "approved_by: A. Person, expires_on: 2025-01-01}\n"
    )
    returns = returns_of(params, {"assessments": [{"assessment_start_date": "2020-05-31"}]})
    found = check_statutory(returns)
    report = conclude(returns, Workspace(tmp_path, "demo"), ["gateshead"], found, on=TODAY)
    assert report.verdict["rows_set_aside"] == 0
    assert report.results.set_index("rule").loc["CIN 1103", "outcome"] == "waived"


def test_a_cell_that_could_not_be_read_is_a_failure_of_shape(params: Params, project_root: Path) -> None:
    faults = fault_rows(
        "section47", "conference_date", "not a date", [1], authority="gateshead", source_file="cin/2021.xml"
    )
    returns = returns_of(params, {}, faults=stack_faults([faults]))
    report = report_of(returns, project_root, [lambda r: judge_unreadable(r.tables, r.faults)])
    assert "shape section47.conference_date not a date" in failed_rules(report)


def test_a_rule_that_raises_is_crashed_and_the_verdict_says_so(
    params: Params, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = {rule.code: rule for rule in statutory_rules()}

    def raising(tables: Tables) -> pd.Series:
        raise ValueError(f"could not read {tables['section47']['la_child_id'].iloc[0]}")

    broken = Rule(**{**vars(rules["CIN 2889"]), "find": raising})
    found = row_rules_module.judge_rules(sound.returns_with({}), [broken, rules["CIN 1103"]])
    assert {one.rule: one.outcome for one in found} == {"CIN 2889": "crashed", "CIN 1103": "passed"}
    assert "SYN1" not in repr(found)
    returns = returns_of(params, {})
    report = conclude(returns, Workspace(project_root, "demo"), ["gateshead"], found, on=TODAY)
    assert report.verdict["status"] == "fail"
    assert report.verdict["crashed"] == ["CIN 2889"]


def test_nothing_that_is_kept_for_people_quotes_a_value(params: Params, project_root: Path, tmp_path: Path) -> None:
    spoiled = {
        "children": [{"la_child_id": PLANTED, "ethnicity": PLANTED, "upn": PLANTED, "sex": PLANTED}],
        "referrals": [{"la_child_id": PLANTED, "referral_source": PLANTED, "primary_need": PLANTED}],
        "pupils": [{"upn": PLANTED, "enrolment_status": PLANTED, "urn": "900009"}],
        "attendance": [{"sessions_authorised": 140, "upn": PLANTED}],
        "care_episodes": [{"la_child_id": PLANTED, "placement": PLANTED, "episode_end_date": "2020-08-01"}],
    }
    report = report_of(returns_of(params, spoiled), project_root)
    save(report, tmp_path)
    told = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name for path in told} >= {"results.parquet", "verdict.json", "validation.html"}
    assert all(PLANTED.encode() not in path.read_bytes() for path in told)
    assert PLANTED not in pd.read_parquet(tmp_path / "results.parquet").to_csv()
    assert PLANTED not in summary(report).to_csv() + failures(report).to_csv()


def test_saved_twice_the_same_report_has_the_same_bytes(params: Params, project_root: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(
            report_of(returns_of(params, {"children": [{"sex": None}]}), project_root, [check_statutory]),
            tmp_path / name,
        )
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files)


@pytest.fixture(scope="module")
def page(params: Params, project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    save(report_of(returns_of(params, {"children": [{"sex": None}]}), project_root, [check_statutory]), folder)
    return (folder / "validation.html").read_text(encoding="utf-8")


def test_the_page_needs_no_network(page: str) -> None:
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)", page)
    assert "<script" not in page
    assert "@import" not in page


def test_the_page_says_that_it_is_restricted_and_synthetic(page: str) -> None:
    assert "Restricted" in page
    assert "Synthetic data" in page


def test_every_table_of_the_page_has_a_caption_and_scoped_headers(page: str) -> None:
    assert page.count("<table>") == page.count("<caption>") > 0
    assert not re.findall(r"<th(?![^>]*scope=)[^>]*>", page.replace("<thead>", ""))
    assert '<html lang="en-GB">' in page


def test_the_page_says_how_to_mend_a_failure_at_source(page: str) -> None:
    assert "CIN 4180" in page
    assert "fill GenderCurrent" in page


def test_set_aside_takes_only_failures_of_that_severity() -> None:
    tables = sound.returns_with({"children": [{"sex": None}]})
    found = row_rules_module.judge_rules(tables, statutory_rules())
    assert separate(tables, found).set_aside == {}
