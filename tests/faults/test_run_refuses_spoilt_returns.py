"""`swis run` over a spoilt copy of the demo: one clear line, code 2, and the other authority is run as if alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from swis.cli import main
from swis.commands import run as run_command
from swis.errors import EXIT_BAD_INPUT
from swis.io import read_json
from swis.simulate.fixtures import spoilt_copy, stopping_kinds
from swis.stage_list import AUTHORITY_STAGES, POOLED_STAGES
from swis.workspace import POOLED

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow"))

from scratch import make_scratch  # noqa: E402

SPOILT, OTHER = "gateshead", "tameside"
REFUSED = [kind for kind in stopping_kinds().values() if kind.by == "refused"]
OF_AUTHORITY = [kind.name for kind in REFUSED if kind.stops == "authority"]
OF_DATA_SET = [kind.name for kind in REFUSED if kind.stops == "data set"]


@pytest.fixture
def asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A checkout to stand in, and in place of the notebooks a list of the authorities that would be run."""
    for folder in ("params", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / "checkout" / folder)
    shutil.copyfile(ROOT / "requirements.lock", tmp_path / "checkout" / "requirements.lock")
    monkeypatch.chdir(tmp_path / "checkout")
    slugs: list[str] = []
    monkeypatch.setattr(run_command, "carry_out", lambda workspace, params, sound, *rest: slugs.extend(sound) or [])
    return slugs


def said(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if line.startswith("swis: ")]


@pytest.mark.parametrize("kind", OF_AUTHORITY)
def test_a_spoilt_file_is_one_clear_line_and_only_its_authority_is_left_out(
    kind: str, asked_for: list[str], tmp_path: Path
) -> None:
    spoilt = spoilt_copy(ROOT / "data_raw" / "demo", tmp_path / "returns", kind, SPOILT)
    result = CliRunner().invoke(main, ["run", "--data", str(tmp_path / "returns")])
    assert result.exit_code == EXIT_BAD_INPUT, result.output
    (line,) = said(result.stderr)
    assert spoilt.relative_to(tmp_path / "returns").as_posix() in line
    assert "; expected " in line
    assert asked_for == [OTHER]
    assert "Traceback" not in result.output


@pytest.mark.parametrize("kind", OF_DATA_SET)
def test_a_spoilt_file_that_is_everybodys_stops_all_with_its_name(
    kind: str, asked_for: list[str], tmp_path: Path
) -> None:
    spoilt_copy(ROOT / "data_raw" / "demo", tmp_path / "returns", kind, SPOILT)
    result = CliRunner().invoke(main, ["run", "--data", str(tmp_path / "returns")])
    assert result.exit_code == EXIT_BAD_INPUT, result.output
    assert said(result.stderr)
    assert all("national/" in line for line in said(result.stderr))
    assert asked_for == []
    assert "Traceback" not in result.output


@pytest.mark.slow
def test_the_other_authority_is_run_to_its_report(tmp_path: Path) -> None:
    scratch = make_scratch(ROOT, tmp_path / "checkout")
    spoilt_copy(ROOT / "data_raw" / "demo", tmp_path / "returns", "truncated", SPOILT)
    command = [sys.executable, "-m", "swis.cli", "run", "--data", str(tmp_path / "returns"), "--jobs", "2"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
    assert done.returncode == EXIT_BAD_INPUT, done.stdout + done.stderr
    (line,) = said(done.stderr)
    assert f"{SPOILT}/cin/CIN_2021.xml: cut off after child" in line
    assert "1 authorities complete, 0 stopped, 1 refused before the run" in done.stdout
    derived = scratch / "data_derived" / "returns"
    finished = {(path.parent.parent.name, path.parent.name) for path in derived.glob("*/*/done.json")}
    of_other = {(OTHER, stage.name) for stage in AUTHORITY_STAGES}
    assert finished == of_other | {(POOLED, stage.name) for stage in POOLED_STAGES}
    assert read_json(derived / OTHER / "validate" / "verdict.json")["status"] != "fail"
    left = [path.name for path in (derived / SPOILT).iterdir()]
    assert left == ["refused.failure.json"], "of the refused one only why it was"
