"""The browser and the pages; without a driver of browsers only the test that says so is collected."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HAS_DRIVER = importlib.util.find_spec("playwright") is not None
collect_ignore = [] if HAS_DRIVER else ["test_pages.py", "test_front_page.py", "test_planted.py"]
REPORTS = Path(__file__).resolve().parents[2] / "reports"


@pytest.fixture(scope="session")
def reports() -> Path:
    """The reports of the demo, which `make test-browser` makes first."""
    folder = REPORTS / "demo"
    assert (folder / "evaluation.html").is_file(), "the demo has no reports: make test-browser makes them"
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; its sandbox needs a user that is not root."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path is not None, "chromium is not on the path: Debian has it in the package of that name"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()
