"""What a plain `make test` says of the checks that need a browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_the_checks_in_a_browser_have_what_they_need() -> None:
    if importlib.util.find_spec("playwright") is None:
        files = sorted(path.name for path in HERE.glob("test_*.py") if path.name != Path(__file__).name)
        pytest.skip(f"no browser is driven here: {', '.join(files)} were not run; `make test-browser` runs them")
    assert shutil.which("chromium") is not None
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["devDependencies"]["axe-core"]
    installed = json.loads((HERE / "node_modules" / "axe-core" / "package.json").read_text(encoding="utf-8"))
    assert installed["version"] == wanted


def test_the_rules_of_accessibility_are_pinned_by_version_and_hash() -> None:
    asked = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all(one["integrity"].startswith("sha512-") for name, one in locked.items() if name)
    assert not any("resolved" in one for one in locked.values())
