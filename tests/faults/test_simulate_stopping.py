"""Faults that must stop a run do: each is planted in a copy of the demonstration and named in one clear line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from swis.params import Params, load_params
from swis.simulate.fixtures import STOPPING, spoilt_copy
from swis.sources.returns import check_returns

FOUND_IN_RETURNS = [
    "truncated",
    "wrong_year",
    "wrong_authority",
    "empty_file",
    "column_missing",
    "synthetic_and_real_mixed",
]


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.mark.parametrize("kind", FOUND_IN_RETURNS)
def test_a_stopping_fault_is_found_and_the_other_authority_is_untouched(
    kind: str, params: Params, project_root: Path, tmp_path: Path
) -> None:
    spoilt = spoilt_copy(project_root / "data_raw" / "demo", tmp_path / "demo", kind, "gateshead")
    problems = check_returns(tmp_path / "demo" / "gateshead", params.authorities["gateshead"], params.definitions)
    assert any(spoilt.name in problem.line() for problem in problems), problems
    assert check_returns(tmp_path / "demo" / "tameside", params.authorities["tameside"], params.definitions) == []


def test_swapped_arms_leave_everything_else_as_it_was(project_root: Path, tmp_path: Path) -> None:
    source = project_root / "data_raw" / "demo"
    spoilt = spoilt_copy(source, tmp_path / "demo", "swapped_arms", "tameside")
    with (source / "national" / "allocation.csv").open() as before, spoilt.open() as after:
        pairs = list(zip(csv.DictReader(before), csv.DictReader(after), strict=True))
    changed = [one["stratum"] for one, other in pairs if one["arm"] != other["arm"]]
    assert set(changed) == {"tameside"}
    assert len(changed) == sum(one["stratum"] == "tameside" for one, _ in pairs)


def test_every_stopping_kind_can_be_planted(project_root: Path, tmp_path: Path) -> None:
    for kind in STOPPING:
        spoilt_copy(project_root / "data_raw" / "demo", tmp_path / kind, kind, "gateshead")
    with pytest.raises(KeyError):
        spoilt_copy(project_root / "data_raw" / "demo", tmp_path / "none", "no such kind", "gateshead")
