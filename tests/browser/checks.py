"""What every page must hold in a browser: each check gives the faults it found in words, none where all is well."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from browser.accessible import axe_rules, dark_and_forced_colours
from browser.keyboard import focus_order, focus_visible
from browser.opened import HEIGHT, WIDE, Opened
from browser.printed import printed_pages, printed_tables
from lxml import html

# A phone, the narrowest width that WCAG 2.2 asks for (1.4.10), 1,280 pixels at a zoom of 200 %, and plain.
WIDTHS = (390, 320, WIDE // 2, WIDE)
NOISE = ("error", "warning", "assert")
HERE = ("file:", "data:")


def quiet(one: Opened) -> list[str]:
    """The page says nothing on the console that is an error or a warning."""
    return [text for text in one.said if text.startswith(NOISE)]


def stays_on_this_machine(one: Opened) -> list[str]:
    """Nothing is asked for but files of this machine and what the page holds."""
    return [address for address in one.asked if not address.startswith(HERE)]


def pictures_load(one: Opened) -> list[str]:
    """Every picture has loaded and has a size of its own."""
    script = (
        "Array.from(document.images).filter(i => !(i.complete && i.naturalWidth > 0 && i.naturalHeight > 0)).length"
    )
    broken = one.page.evaluate(script)
    return [f"{broken} pictures did not load"] if broken else []


def no_sideways_scroll(one: Opened) -> list[str]:
    """No width of window makes the page itself wider than the window: tables scroll in boxes of their own."""
    faults = []
    for width in WIDTHS:
        one.page.set_viewport_size({"width": width, "height": HEIGHT})
        wide = one.page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{wide} pixels wide in a window of {width}"] if wide > width else []
    return faults


def headings_in_order(one: Opened) -> list[str]:
    """One first heading, and none that skips a level."""
    levels = one.page.evaluate("Array.from(document.querySelectorAll('h1,h2,h3,h4,h5,h6')).map(h => +h.tagName[1])")
    skipped = [f"level {after} after {before}" for before, after in itertools.pairwise(levels) if after > before + 1]
    return skipped + ([] if levels.count(1) == 1 and levels[0] == 1 else ["not one first heading at the top"])


def links_resolve(one: Opened) -> list[str]:
    """Every link names a file that is there and, where it names a place, a place that is there."""
    page = Path(one.file)
    hrefs = one.page.evaluate("Array.from(document.querySelectorAll('a[href]')).map(a => a.getAttribute('href'))")
    places = cache(_places)
    return sorted({fault for href in hrefs if (fault := _dead(page, href, places))})


def _dead(page: Path, href: str, places: Callable[[Path], frozenset[str]]) -> str | None:
    parts = urlsplit(href)
    if parts.scheme in {"http", "https", "mailto"}:
        return None
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_file():
        return f"{href}: no such file"
    if parts.fragment and parts.fragment not in places(target):
        return f"{href}: no such place"
    return None


def _places(page: Path) -> frozenset[str]:
    return frozenset(html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//@id"))


def ids_are_unique(one: Opened) -> list[str]:
    """No two elements share an id: a link would lead to the first only."""
    ids = one.page.evaluate("Array.from(document.querySelectorAll('[id]')).map(e => e.id)")
    return sorted({f"id {name} twice" for name in ids if ids.count(name) > 1})


def whole_without_script(one: Opened) -> list[str]:
    """With scripts off, all text of the page is there (what only the script serves is away)."""
    shown = _text_of(one)
    source = html.document_fromstring(one.file.read_text(encoding="utf-8"))
    for part in source.xpath("//*[contains(@class, 'with-script')] | //script | //style"):
        part.drop_tree()
    missing = [words for words in map(_plain, source.xpath("//body//text()")) if words and words not in shown]
    return [f"not there without scripts: {words[:60]}" for words in missing[:5]]


def _text_of(one: Opened) -> str:
    browser = one.page.context.browser
    assert browser is not None
    # In a window in which the words for narrow ones are shown too.
    context = browser.new_context(java_script_enabled=False, viewport={"width": WIDTHS[0], "height": HEIGHT})
    try:
        page = context.new_page()
        page.goto(one.file.as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        return _plain(page.locator("body").inner_text())
    finally:
        context.close()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


CHECKS: Mapping[str, Callable[[Opened], list[str]]] = {
    check.__name__: check
    for check in (
        quiet,
        stays_on_this_machine,
        pictures_load,
        no_sideways_scroll,
        headings_in_order,
        links_resolve,
        ids_are_unique,
        whole_without_script,
        axe_rules,
        dark_and_forced_colours,
        focus_order,
        focus_visible,
        printed_pages,
        printed_tables,
    )
}
