"""The package of warm kernels needs nothing else of this project, and gives plain ones where it cannot work."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import swis
from swis.kernels import ask, names, provisioner
from swis.kernels.owner import template_process

PACKAGE = Path(swis.__file__).parent / "kernels"


def imported(path: Path) -> set[str]:
    """The modules a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(node.module or "")
    return found


def test_no_module_imports_anything_else_of_the_project() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 8
    own = {module for path in files for module in imported(path) if module.split(".")[0] == "swis"}
    assert own
    assert [module for module in own if not module.startswith("swis.kernels.")] == []


JOB = """
import os, sys, swis
print(os.getppid(), swis.__file__, "json.tool" in sys.modules)
"""
OWNER = """
import os, subprocess, sys
sys.platform = sys.argv[1]
from swis.kernels import ask
from swis.kernels.owner import THREADS, template_process
with template_process(["json.tool"], dict(os.environ)) as found:
    command = [sys.executable, "-S", "-E", ask.__file__, "job"]
    print(subprocess.run(command, env={**os.environ, **THREADS, **found}, stdout=-1, text=True, check=True).stdout)
"""


@pytest.mark.parametrize("system", [sys.platform, "darwin"])
def test_it_works_where_nothing_else_of_the_project_is(tmp_path: Path, system: str) -> None:
    """Warm on Linux; on any other system the same job runs in the plain way."""
    shutil.copytree(PACKAGE, tmp_path / "swis" / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "swis" / "__init__.py").touch()
    (tmp_path / "job.py").write_text(JOB, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", OWNER, system], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    _, file, is_warm = done.stdout.split()
    assert Path(file) == tmp_path / "swis" / "__init__.py"
    assert is_warm == str(system.startswith("linux"))


def test_on_another_system_there_are_plain_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ask.SOCKET, "/nowhere")
    monkeypatch.setenv("JUPYTER_PATH", str(names.SHARE))
    command = ["python", "-m", "ipykernel_launcher", "-f", "kernel.json"]
    asked: list[str] = []
    monkeypatch.setattr(provisioner, "ask", lambda path, *_: asked.append(path))
    if sys.platform.startswith("linux"):
        assert names.kernel_name() == names.WARM
        provisioner.ask_for_kernel(command, {"env": {ask.SOCKET: "/nowhere"}})
        assert asked == ["/nowhere"]
    monkeypatch.setattr(sys, "platform", "darwin")
    with template_process(["json"], dict(os.environ)) as found:
        assert found == {}
    assert names.kernel_name() == names.PLAIN
    assert ask.run_module("json.tool", []) is None
    assert provisioner.ask_for_kernel(command, {"env": {ask.SOCKET: "/nowhere"}}) is None
    assert len(asked) <= 1


def test_an_environment_that_knows_no_warm_kernels_gets_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "entry_points", lambda **_: ())
    with template_process(["json"], dict(os.environ)) as found:
        assert found == {}
