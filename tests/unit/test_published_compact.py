"""The command that makes the compact tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.errors import EXIT_BAD_INPUT
from swis.io import read_yaml
from swis.published.compact import SPECIFICATION, main
from swis.sources.published_measures import measures


def test_every_missing_file_is_named_at_once(
    tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project_root)
    assert main([str(tmp_path), str(tmp_path / "out")]) == EXIT_BAD_INPUT
    said = capsys.readouterr().out
    specification = read_yaml(SPECIFICATION)
    assert all(name in said for name in [*specification["files"], specification["lait"], specification["neighbours"]])
    assert not (tmp_path / "out").exists()


def test_command_without_a_folder_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == EXIT_BAD_INPUT
    assert "usage" in capsys.readouterr().out


def test_specification_names_known_measures_and_publications() -> None:
    specification = read_yaml(SPECIFICATION)
    for table in specification["tables"].values():
        assert set(table["columns"]) <= set(measures())
        assert {short for shorts in table["columns"].values() for short in shorts} <= set(specification["publications"])
