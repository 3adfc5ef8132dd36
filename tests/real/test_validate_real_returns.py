"""The returns that other people made run through every rule without a crash, and show what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.sources.cin_census import read_cin_census
from swis.sources.result import ReadResult
from swis.sources.ssda903 import read_ssda903
from swis.validate.row_rules import judge_rules
from swis.validate.shape import judge_shape
from swis.validate.statutory import statutory_rules
from swis.validate.tables import Tables

pytestmark = pytest.mark.real


def outcomes(result: ReadResult, family: str) -> dict[str, tuple[str, int]]:
    """Outcome and failing rows of each rule of a family, with the shape of every table judged too."""
    tables = Tables(result.tables)
    rules = [rule for rule in statutory_rules() if rule.code.startswith(family)]
    findings = [*judge_shape(tables), *judge_rules(tables, rules)]
    assert not [one.rule for one in findings if one.outcome == "crashed"]
    return {one.rule: (one.outcome, one.rows_failed) for one in findings if one.layer == "statutory"}


def test_the_fake_903_set_breaks_the_rules_of_its_random_episodes(real_data: Path) -> None:
    folder = real_data / "d2i-903-fake"
    paths = (folder / "header.csv", folder / "episodes.csv")
    found = outcomes(read_ssda903(paths, authority="x", return_year=2018, folder=folder), "903")
    assert found["903 148"] == ("failed", 1413), "as a plain count of the file says"
    assert found["903 501"][1] > 0
    assert found["903 302"] == ("passed", 0)
    assert found["903 INT32"] == ("passed", 0)


@pytest.mark.parametrize(
    "name", ["fake_CIN_data.xml", "CIN_Census_2021.xml", "CIN_Census_2024.xml", "CIN_Census_2026.xml"]
)
def test_the_census_files_of_others_run_through_every_rule(real_data: Path, name: str) -> None:
    path = real_data / "d2i-cin-fake" / name
    found = outcomes(read_cin_census(path, authority="x", source_file=name), "CIN")
    assert {outcome for outcome, _ in found.values()} <= {"passed", "failed", "not run"}
    assert any(outcome == "failed" for outcome, _ in found.values())
