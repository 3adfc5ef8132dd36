"""Of the planted faults at least 95 % are found, and clean rows raise few alarms.

On the demo by default; `SWIS_SCORE_DATASET=synthetic` scores the full simulation (half an hour and more). Faults that
must stop a run stand in `test_stopping_faults_fail_validation.py` and `test_simulate_stopping.py`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from swis.commands.simulate import FULL_SEED
from swis.params import load_params
from swis.score import Alarms, Score, page_text, planted, pooled, score_of
from swis.score.__main__ import score_dataset
from swis.simulate.faults import kinds
from swis.workspace import Workspace

DATASET = os.environ.get("SWIS_SCORE_DATASET", "demo")
FEWEST_KINDS = 30
FEWEST_OF_A_KIND = 20


@pytest.fixture(scope="module")
def score(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Score:
    params = load_params(project_root / "params")
    scratch = Workspace(tmp_path_factory.mktemp("scores"), DATASET)
    scratch.register(project_root / "data_raw" / DATASET)
    return pooled(score_dataset(scratch, params, keep=False))


def total(counts: dict[str, int], *states: str) -> int:
    return sum(count for name, count in counts.items() if kinds()[name].detectable in states)


def test_there_are_at_least_thirty_kinds_of_planted_fault(score: Score) -> None:
    of_kind = {name: count for name, count in score.planted.items() if kinds()[name].detectable != "tolerated"}
    assert len(of_kind) >= FEWEST_KINDS
    if DATASET == "synthetic":
        assert sum(count >= FEWEST_OF_A_KIND for count in of_kind.values()) >= FEWEST_KINDS


def test_at_least_95_percent_of_the_planted_faults_are_found(score: Score) -> None:
    share = total(score.found, "yes", "no") / total(score.planted, "yes", "no")
    assert share >= 0.95, score.missed


def test_what_is_missed_says_why(score: Score) -> None:
    assert [name for name in score.missed if not kinds()[name].when_missed] == []


def test_oddities_are_read_as_meant(score: Score) -> None:
    # One may share its record with an alarm of another cause.
    assert total(score.found, "tolerated") >= 0.98 * total(score.planted, "tolerated")


def test_every_oddity_that_has_a_note_is_noted(score: Score) -> None:
    with_note = {name for name in score.planted if kinds()[name].note}
    assert {name: score.noted.get(name) for name in with_note} == {name: score.planted[name] for name in with_note}


def test_faults_of_severity_set_aside_take_their_row_out_of_use(score: Score) -> None:
    # Where a census tells absence by reason, a pupil whose possible sessions cannot be read has no row to set aside.
    without_row = {"roll_sessions_not_a_number"}
    grave = {name for name in score.planted if kinds()[name].severity == "set aside"} - without_row
    assert {name: score.aside.get(name) for name in grave} == {name: score.planted[name] for name in grave}


def test_at_least_99_percent_of_clean_rows_raise_no_alarm(score: Score) -> None:
    assert score.rows_aside <= 0.001 * score.rows
    assert score.rows_alarmed <= 0.01 * score.rows


PLACED = {"kind": "cin_need_missing", "authority": "gateshead", "source_file": "cin/CIN_2021.xml", "source_record": 3}
NO_NOTES = pd.DataFrame({"file": [], "kind": []})


def alarms(rule: str, record: int) -> Alarms:
    place = {"authority": "gateshead", "table": "referrals", "source_file": "cin/CIN_2021.xml"}
    rows = pd.DataFrame([place | {"source_record": record, "rule": rule, "severity": "note"}])
    records = pd.DataFrame([place | {"source_record": number} for number in (2, 3, 4)])
    return Alarms(rows, {"month_missing": "referrals 2020-11"}, records)


@pytest.mark.parametrize(("rule", "record", "found"), [("8610", 3, 1), ("8610", 4, 0), ("8805", 3, 0)])
def test_only_a_named_rule_on_the_very_record_finds_a_fault(rule: str, record: int, found: int) -> None:
    scored = score_of(pd.DataFrame([PLACED]), alarms(rule, record), NO_NOTES)
    assert scored.found.get("cin_need_missing", 0) == found
    assert scored.rows == 2
    assert scored.rows_alarmed == (record == 4)


@pytest.mark.parametrize(("year", "found"), [(2021, 1), (2022, 0)])
def test_a_missing_month_is_found_where_that_month_is_named(year: int, found: int) -> None:
    fault = PLACED | {"kind": "file_month_missing", "source_file": f"cin/CIN_{year}.xml", "source_record": 0}
    scored = score_of(pd.DataFrame([fault]), alarms("8610", 4), NO_NOTES)
    assert scored.found.get("file_month_missing", 0) == found


def test_the_page_names_what_is_missed_without_a_reason() -> None:
    one = score_of(pd.DataFrame([PLACED]), alarms("8610", 4), NO_NOTES)
    assert "| 1 | 0 | **not explained** |" in page_text(one, dataset="demo", seed=1, authorities=1)
    found = replace(one, found=one.planted, missed={})
    assert "not explained" not in page_text(found, dataset="demo", seed=1, authorities=1)


def test_the_committed_page_is_of_the_full_simulation_and_explains_every_miss(project_root: Path) -> None:
    page = (project_root / "docs" / "reference" / "fault-scores.md").read_text(encoding="utf-8")
    # The page says of how many of the 42 authorities it is.
    assert f"data set `synthetic` (seed {FULL_SEED}, " in page
    assert "not explained" not in page
    assert planted(Workspace(project_root, "demo"))["kind"].map(lambda kind: f"`{kind}`" in page).all()
