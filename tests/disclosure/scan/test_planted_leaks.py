"""Every planted leak is found, as what it is, and no line of the report holds the value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from disclosure.scan.invented_child import CHILD, ignorant_judge, judge_of, scanned, write_returns
from disclosure.scan.leaks_by_hand import BY_HAND, Leak
from disclosure.scan.leaks_of_libraries import OF_LIBRARIES

from swis.scan import parts
from swis.scan.judge import Judge

LEAKS = [*BY_HAND, *OF_LIBRARIES]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return judge_of(write_returns(tmp_path_factory.mktemp("returns")))


@pytest.mark.filterwarnings("ignore")  # what other libraries warn of while they write is not ours
@pytest.mark.parametrize("leak", LEAKS, ids=[leak[0] for leak in LEAKS])
def test_planted_leak_is_found_without_telling_it(leak: Leak, judge: Judge, tmp_path: Path) -> None:
    name, kind, write = leak
    write(tmp_path / name)
    findings = scanned(tmp_path, judge).findings
    assert kind in {finding.kind for finding in findings}
    told = re.sub("[^A-Z0-9]", "", " ".join(f"{one.file} {one.place} {one.kind}" for one in findings).upper())
    for value in (CHILD.upn, CHILD.child_id, CHILD.surname.upper(), CHILD.birth_date.replace("-", "")):
        assert value not in told


def test_at_least_forty_leaks_are_planted_half_of_them_by_other_libraries() -> None:
    assert len(LEAKS) >= 40
    assert 2 * len(OF_LIBRARIES) >= len(LEAKS)


TELLS_ITSELF = {
    "lower_case.csv", "dashes.txt", "spaced.txt", "entities.html", "tags_within.html", "base64.txt", "hex.txt",
    "wide.txt", "full_width.txt", "invisible.txt", "birth.xml", "birth.txt", "name_under_heading.csv", "home.txt",
    "trace.txt", "plotly.html", "altair.json", "pandas.pkl", "matplotlib_scatter.svg", "pillow.jpg", "nested.zip",
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("leak", [leak for leak in LEAKS if leak[0] in TELLS_ITSELF], ids=lambda leak: leak[0])
def test_what_tells_itself_is_found_without_any_returns(leak: Leak, tmp_path: Path) -> None:
    name, kind, write = leak
    write(tmp_path / name)
    assert kind in {finding.kind for finding in scanned(tmp_path, ignorant_judge()).findings}


def test_the_kinds_of_leaks_planted_are_all_that_the_scanner_knows_but_a_few_tested_apart() -> None:
    every = {value for name, value in vars(parts).items() if name.isupper() and isinstance(value, str)}
    apart = {parts.STAFF_ID, parts.CODE, parts.UNREADABLE, parts.UNKNOWN, parts.TOO_DEEP, parts.LINK}
    assert every - {kind for _, kind, _ in LEAKS} == apart
