"""What a user gets for a command that cannot be carried out: one clear line each, code 2, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from swis.cli import SHOW_TRACEBACK, main
from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED

DEMO = "data_raw/demo"


@pytest.fixture
def checkout(tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("params", "notebooks", "workflow"):
        shutil.copytree(project_root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(project_root / "data_raw" / "demo", tmp_path / DEMO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def lines(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if line.startswith("swis: ")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "gatshead", "--dataset", "demo"], "did you mean gateshead?"),
        (["run", "hull", "--dataset", "demo"], "hull: no folder of returns"),
        (["run", "--dataset", "nowhere"], "data_raw/nowhere: no such folder"),
        (["run", "--data", "nowhere"], "--data: no such folder"),
        (["run", "--data", DEMO, "--dataset", "demo"], "both --dataset and --data"),
        (["run", "--data", DEMO], "a folder name kept for simulated data"),
        (["run", "--dataset", "demo", "--data-cut", "31/08/2023"], "--data-cut: not a date"),
        (["plan", "gatshead", "--dataset", "demo"], "did you mean gateshead?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_one_clear_line_and_code_2(checkout: Path, words: list[str], said: str) -> None:
    result = call(*words)
    assert result.exit_code == EXIT_BAD_INPUT, result.output
    assert any(said in line for line in lines(result)), result.stderr
    assert "Traceback" not in result.output
    assert not (checkout / "reports").exists()


def test_all_problems_of_the_parameters_come_at_once_and_nothing_runs(checkout: Path) -> None:
    for name, old, new in (("definitions.yml", "data_cut:", "data_ctu:"), ("trials/swis.yml", "SWIS", "SWISS")):
        path = checkout / "params" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = call("run", "--dataset", "demo")
    assert result.exit_code == EXIT_BAD_INPUT
    said = "\n".join(lines(result))
    assert "params/definitions.yml: unknown key data_ctu; expected a known parameter; did you mean data_cut?" in said
    assert "params/trials/swis.yml" in said
    assert not (checkout / "data_derived").exists()


def test_an_authority_folder_that_no_parameter_file_describes_is_named_with_the_nearest(checkout: Path) -> None:
    (checkout / DEMO / "gateshed").mkdir()
    result = call("plan", "--dataset", "demo")
    assert "gateshed" in result.stderr
    assert "gateshead" in result.stderr


def test_help_teaches_the_first_commands() -> None:
    result = call("--help")
    for word in ("swis run --dataset demo", "swis plan", "--data DIR", "Exit codes"):
        assert word in result.stdout


def test_templates_are_written_once_and_never_over_a_filled_form(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    first = call("templates", str(forms))
    assert first.exit_code == 0, first.output
    assert (forms / "allocation.csv").exists()
    again = call("templates", str(forms))
    assert again.exit_code == EXIT_BAD_INPUT
    assert lines(again)


def test_a_fault_of_the_program_shows_no_value_unless_its_owner_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> int:
        raise ValueError("invalid literal for int() with base 10: 'A123456789012'")

    monkeypatch.setattr("swis.commands.plan.plan_authorities", fails)
    result = CliRunner().invoke(main, ["plan"])
    assert result.exit_code == EXIT_FAILED
    assert "ValueError (test_cli_bad_input.py, line" in result.stderr
    assert "A123456789012" not in result.output + result.stderr
    monkeypatch.setenv(SHOW_TRACEBACK, "1")
    assert "A123456789012" in str(CliRunner().invoke(main, ["plan"]).exception)
