"""Every page of the demo's reports passes every check in Debian's Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.checks import CHECKS
from browser.opened import opened
from playwright.sync_api import Browser

PAGES = ("../index.html", "index.html", "evaluation.html", "authorities/gateshead.html", "authorities/tameside.html")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("check", CHECKS)
def test_a_page_passes(check: str, page: str, browser: Browser, reports: Path) -> None:
    with opened(browser, (reports / page).resolve()) as one:
        assert CHECKS[check](one) == []


def test_every_report_of_the_demo_is_among_the_pages(reports: Path) -> None:
    made = {path.relative_to(reports).as_posix() for path in reports.rglob("*.html")}
    assert made == set(PAGES) - {"../index.html"}
