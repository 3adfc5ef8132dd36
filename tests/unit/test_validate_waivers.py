"""Waivers accept a failure for one authority until a day; they never hide it, and never outlive it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from swis.errors import InputError
from swis.validate.results import Finding, Outcome
from swis.validate.rule import Severity
from swis.validate.waivers import apply_waivers, load_waivers

TODAY = date(2024, 5, 1)
ENTRY = """
waivers:
  - rule: CIN 8875
    authority: gateshead
    reason: conferences were held on Saturdays during the strike
    approved_by: A. Person
    expires_on: {expires_on}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "waivers.yml"
    path.write_text(text, encoding="utf-8")
    return path


def failed(rule: str, severity: Severity = "set aside", outcome: Outcome = "failed") -> Finding:
    return Finding(
        "statutory", rule, "conferences", "title", severity, "owner", outcome, "why", "mend", 2, 1, rows=np.array([0])
    )


def test_the_shipped_file_holds_no_waiver(project_root: Path) -> None:
    assert load_waivers(project_root / "params" / "waivers.yml", on=TODAY, authorities=[]) == []


def test_a_waiver_marks_the_failure_of_its_authority_only(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY.format(expires_on="2024-05-01"))
    waivers = load_waivers(path, on=TODAY, authorities=["gateshead"])
    assert [one.outcome for one in apply_waivers([failed("CIN 8875"), failed("CIN 1103")], waivers, "gateshead")] == [
        "waived",
        "failed",
    ]
    assert apply_waivers([failed("CIN 8875")], waivers, "devon")[0].outcome == "failed"


def test_a_waived_failure_says_who_accepted_it_and_keeps_its_count(tmp_path: Path) -> None:
    waivers = load_waivers(
        written(tmp_path, ENTRY.format(expires_on="2025-01-01")), on=TODAY, authorities=["gateshead"]
    )
    waived = apply_waivers([failed("CIN 8875")], waivers, "gateshead")[0]
    assert "A. Person" in waived.message
    assert waived.rows_failed == 1


def test_a_crash_cannot_be_waived(tmp_path: Path) -> None:
    waivers = load_waivers(
        written(tmp_path, ENTRY.format(expires_on="2025-01-01")), on=TODAY, authorities=["gateshead"]
    )
    assert apply_waivers([failed("CIN 8875", outcome="crashed")], waivers, "gateshead")[0].outcome == "crashed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format(expires_on="2024-04-30"), "expired on 2024-04-30"),
        (ENTRY.format(expires_on="soon"), "entry 1, expires_on"),
        (ENTRY.format(expires_on="2025-01-01") + "    until: 2026-01-01\n", "entry 1, until"),
        (ENTRY.format(expires_on="2025-01-01").replace("gateshead", "gatshead"), "an authority of params/authorities"),
        (ENTRY.format(expires_on="2025-01-01") + ENTRY.format(expires_on="2025-01-01")[10:], "stands twice"),
        ("waivers: [", "not readable as YAML"),
        ("exceptions: []", "no list under 'waivers'"),
    ],
)
def test_a_faulty_or_expired_waiver_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        load_waivers(written(tmp_path, text), on=TODAY, authorities=["gateshead"])
