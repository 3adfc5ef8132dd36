"""A page of a report, opened from its file in a browser that tells all that the page says and asks for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

WIDE = 1280
HEIGHT = 844


@dataclass(frozen=True)
class Opened:
    """The page, the file it came from, what was said on the console, and every address that was asked for."""

    page: Page
    file: Path
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def opened(browser: Browser, file: Path, width: int = WIDE, **options: Any) -> Iterator[Opened]:
    """The file in a window of its own, closed at the end; `options` are those of the window (`java_script_enabled`)."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, **options)
    try:
        page = context.new_page()
        one = Opened(page, file)
        context.on("request", lambda request: one.asked.append(request.url))
        page.on("console", lambda message: one.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: one.said.append(f"error: {error}"))
        page.goto(file.as_uri(), wait_until="load")
        yield one
    finally:
        context.close()
