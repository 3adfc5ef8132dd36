"""Setting up: hash-locked packages by uv or by pip, bytecode in every case, and no half-made environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow"))

import set_up


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be run, none of which is."""
    kept: list[list[str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        kept.append(command)
        return subprocess.CompletedProcess(command, 0, stdout="somewhere\n", stderr="")

    monkeypatch.setattr(set_up.subprocess, "run", run)
    return kept


@pytest.mark.parametrize("uv", ["/usr/bin/uv", None])
def test_both_installers_take_the_lock_with_its_hashes_and_nothing_else(
    uv: str | None, calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up.shutil, "which", lambda name: uv)
    set_up.install(tmp_path, tmp_path / "requirements.lock")
    own_python = str(tmp_path / "bin" / "python")
    installer = [uv, "pip"] if uv else [own_python, "-m", "pip"]
    locked, editable = (call for call in calls if "install" in call)
    assert locked[: len(installer)] == editable[: len(installer)] == installer
    assert {"--require-hashes", "--no-deps", str(tmp_path / "requirements.lock")} <= set(locked)
    assert {"--no-deps", "--no-build-isolation", "-e"} <= set(editable)
    compiled = [call[-1] for call in calls if "compileall" in call]
    assert compiled == ["somewhere", str(set_up.ROOT / "src")]


def test_bytecode_is_compiled_where_python_is_told_to_write_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    (tmp_path / "sound.py").write_text("VALUE = 1\n", encoding="utf-8")
    (tmp_path / "template.py").write_text("{{ not python }}\nclass", encoding="utf-8")
    set_up.compile_bytecode(Path(sys.executable), tmp_path)
    assert [path.name.split(".")[0] for path in tmp_path.glob("__pycache__/*.pyc")] == ["sound"]


def test_an_environment_that_cannot_be_made_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_pip(folder: Path, **options: Any) -> None:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()
        raise subprocess.CalledProcessError(1, ["python", "-m", "ensurepip"])

    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up.venv, "create", without_pip)
    monkeypatch.setattr(sys, "argv", ["set_up.py"])
    assert set_up.main() == 2
    assert capsys.readouterr().out.splitlines()[-1].startswith(".venv cannot be made; expected ")
    assert not (tmp_path / ".venv").exists()
