"""What a plain `make test` says of the checks that need a cluster, and `make test-cluster` where it cannot run them."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from cluster import one_node_slurm
from cluster.one_node_slurm import main, missing

from swis.execution.executor import PLUGIN


def test_the_checks_on_a_cluster_have_what_they_need(request: pytest.FixtureRequest) -> None:
    if importlib.util.find_spec(PLUGIN) is None:
        here = Path(__file__)
        files = sorted(path.name for path in here.parent.glob("test_*.py") if path != here)
        pytest.skip(f"no cluster is set up here: {', '.join(files)} were not run; `make test-cluster` runs them")
    running = request.getfixturevalue("slurm")
    assert one_node_slurm.CONFIGURATION.resolve().is_relative_to(running.folder), "no Slurm but the tests' own"


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that has all that is needed; the place of its configuration, where there is none yet."""
    monkeypatch.setattr(shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(one_node_slurm, "CONFIGURATION", tmp_path / "slurm.conf")
    return tmp_path / "slurm.conf"


def test_nothing_is_missing_on_a_machine_that_has_it_all(ready: Path) -> None:
    assert missing() is None
    assert main() == 0
    ready.symlink_to("gone")
    assert missing() is None, "what a test that was killed has left is no cluster"


def test_what_is_missing_is_said_in_a_line(
    ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ready.write_text("ClusterName=real\n", encoding="utf-8")
    assert main() == 2
    assert "a machine that is part of a cluster is left alone" in capsys.readouterr().out
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main() == 2
    assert "by root only" in capsys.readouterr().out
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None if name == "slurmd" else name)
    assert main() == 2
    assert capsys.readouterr().out.startswith("slurmd not on the path; Debian has them in the packages slurm-wlm")
