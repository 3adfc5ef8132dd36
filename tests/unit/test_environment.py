"""The environment is made from one lock, says so everywhere, and names no host."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_environment_yml_is_made_from_pyproject_and_the_lock(project_root: Path) -> None:
    script = project_root / "workflow" / "environment.py"
    made = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, encoding="utf-8")
    assert (project_root / "environment.yml").read_text(encoding="utf-8") == made.stdout


def test_the_locks_carry_a_hash_for_every_requirement_and_no_host(project_root: Path) -> None:
    endings = ("", "-lab", "-browser", "-cluster")
    for name in (f"requirements{ending}.lock" for ending in endings):
        text = (project_root / name).read_text(encoding="utf-8")
        requirements = [block for block in text.split("\n") if block and block[0].isalnum()]
        assert len(requirements) > 100
        assert all(block.endswith("\\") for block in requirements), "every requirement is followed by its hashes"
        assert "://" not in text


def test_the_run_environment_leaves_jupyterlab_out_and_environment_yml_has_it(project_root: Path) -> None:
    assert "\njupyterlab==" not in (project_root / "requirements.lock").read_text(encoding="utf-8")
    assert '"jupyterlab==' in (project_root / "environment.yml").read_text(encoding="utf-8")
