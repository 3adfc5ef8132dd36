"""Each check can fail: a small sound page passes all of them, and one planted fault is found by the check for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.checks import CHECKS
from browser.opened import opened
from playwright.sync_api import Browser

STYLE = "src/swis/report/templates/style.css"
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
SOUND = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A sound page</title><style>STYLE</style></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header class="top"><h1>A sound page</h1></header>
<nav class="contents" aria-label="Contents"><a href="#one">One</a></nav>
<main id="content" tabindex="-1"><h2 id="one">One</h2>
<p>Words. <a href="#one">A link</a></p>
<div class="scroll" role="region" tabindex="0" aria-label="A table"><table id="table"><caption>A table</caption>
<thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><td>Hull</td></tr></tbody></table></div>
<figure><img src="DOT" alt="A dot" width="1" style="--least: 1px"></figure>
</main></body></html>
"""
# By check: what is replaced, by what, and a word of the fault that must be found.
PLANTED = {
    "quiet": [
        ("</main>", "<script>console.error('a fault')</script></main>", "a fault"),
        ("</main>", "<script>console.warn('a warning')</script></main>", "a warning"),
        ("</main>", "<script>undefinedName()</script></main>", "undefinedName"),
    ],
    "stays_on_this_machine": [
        ("</main>", '<img src="http://127.0.0.1:9/a.png" alt="Elsewhere"></main>', "127.0.0.1"),
        ("</main>", "<script>fetch('http://127.0.0.1:9/a').catch(() => 0)</script></main>", "127.0.0.1"),
    ],
    "pictures_load": [(DOT, "absent.png", "1 pictures"), (DOT, "data:image/png;base64,AAAA", "1 pictures")],
    "no_sideways_scroll": [("<p>Words", '<p style="width: 700px">Words', "in a window of 390")],
    "headings_in_order": [("h2", "h3", "level 3 after 1"), ("h1", "p", "not one first heading")],
    "links_resolve": [("#one", "#two", "no such place"), ("#one", "absent.html", "no such file")],
    "ids_are_unique": [('id="table"', 'id="one"', "id one twice")],
    "whole_without_script": [
        ("<p>Words", '<p id="late" hidden>Words', "Words."),
    ],
    "axe_rules": [
        ('alt="A dot"', "", "image-alt"),
        ('lang="en-GB"', "", "html-has-lang"),
        ("<p>Words", '<p style="color: #aaa">Words', "color-contrast"),
        (' aria-label="Contents"', ' aria-labelledby="absent" role="button"', "aria"),
    ],
    "dark_and_forced_colours": [
        ("<style>", "<style>@media (prefers-color-scheme: dark) { p { color: #eee } }", "dark: color-contrast"),
        ("<style>", "<style>p { forced-color-adjust: none; color: #fff; background: #fff }", "cannot be read"),
        ("</style>", ".scroll { forced-color-adjust: none }</style>", "gradients stay"),
    ],
    "focus_order": [
        ('<a href="#one">A link', '<a href="#one" tabindex="-1">A link', "does not lead to a A link"),
        ('<a href="#one">A link', '<a href="#one" tabindex="1">A link', "order of the page"),
        ('<a class="skip" href="#content">Skip to the content</a>', "", "first stop"),
        ('role="region" tabindex="0"', 'role="region" style="width: 1px"', "cannot be reached"),
        ('id="content" tabindex="-1"', 'id="other"', "does not lead there"),
    ],
    "focus_visible": [
        ("</style>", "a { outline: none !important }</style>", "no ring"),
        ('<a href="#one">A link', '<a href="#one" style="position: fixed; left: -900px">A link', "out of sight"),
    ],
    "printed_pages": [
        ("size: A4;", "size: A5;", "sheets of"),
        ("nav.contents, .forms", ".forms", "are printed"),
        (
            "<header",
            '<aside class="banner" aria-label="Note">Not to be seen.</aside><div style="height: 2000px"></div><header',
            "without the mark",
        ),
        (
            "<p>Words",
            '<p style="break-after: page"></p><p style="break-before: page; height: 4000px">Words',
            "empty sheets",
        ),
    ],
    "printed_tables": [("<td>Hull", '<td style="min-width: 900px">Hull', "table")],
}
FAULTS = [(check, *fault) for check, faults in PLANTED.items() for fault in faults]


@pytest.fixture(scope="session")
def sound(project_root: Path) -> str:
    return SOUND.replace("STYLE", (project_root / STYLE).read_text(encoding="utf-8")).replace("DOT", DOT)


def test_a_fault_is_planted_for_every_check() -> None:
    assert set(PLANTED) == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_the_sound_page_passes(check: str, sound: str, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(sound, encoding="utf-8")
    with opened(browser, tmp_path / "page.html") as one:
        assert CHECKS[check](one) == []


@pytest.mark.parametrize(("check", "old", "new", "word"), FAULTS, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(FAULTS)])
def test_a_planted_fault_is_found(
    check: str, old: str, new: str, word: str, sound: str, browser: Browser, tmp_path: Path
) -> None:
    assert old in sound
    (tmp_path / "page.html").write_text(sound.replace(old, new), encoding="utf-8")
    with opened(browser, tmp_path / "page.html") as one:
        found = CHECKS[check](one)
    assert [fault for fault in found if word in fault], found
