"""The page on paper: as PDF, and in a window as wide as the text of an A4 page."""

from __future__ import annotations

import io
import re

from browser.opened import HEIGHT, Opened
from pypdf import PdfReader

# A4 in points, to the nearest point: Chromium rounds to its own pixels.
A4_POINTS = (595, 842)
POINTS_PER_MM = 72 / 25.4
# 210 mm less 14 mm on each side at 96 pixels an inch, as in the style sheet.
PAPER_PIXELS = round((210 - 2 * 14) / 25.4 * 96)
# No page of the compendium is longer; one with a picture that was not held to the page would be.
MOST_PAGES = 600

# What stands in the margin of every sheet.
MARGIN = re.compile(r"\d+ of \d+")
AWAY = (
    "() => Array.from(document.querySelectorAll('nav, .skip, .search')).filter((one) => one.checkVisibility()).length"
)
CUT = """() => {
  const main = document.querySelector('main').getBoundingClientRect();
  return Array.from(document.querySelectorAll('table, figure img, pre'))
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > Math.max(main.right, innerWidth) + 1)
    .map((one) => one.id || one.tagName.toLowerCase());
}"""


def printed_pages(one: Opened) -> list[str]:
    """It prints on A4, on no more sheets than a report has, none of them empty, without what only a screen needs."""
    reader = PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True)))
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages}
    texts, mark = [" ".join(page.extract_text().split()) for page in reader.pages], _mark_of(one)
    empty = sum(
        not MARGIN.sub("", text.replace(mark, "")).strip() and not page.images.keys()
        for text, page in zip(texts, reader.pages, strict=True)
    )
    faults = [] if sizes == {A4_POINTS} else [f"sheets of {sorted(sizes)} points"]
    faults += [f"{len(reader.pages)} sheets"] if len(reader.pages) > MOST_PAGES else []
    faults += [f"{empty} empty sheets"] if empty else []
    unmarked = sum(mark not in text for text in texts)
    faults += [f"{unmarked} sheets without the mark of synthetic data"] if unmarked else []
    one.page.emulate_media(media="print")
    away = one.page.evaluate(AWAY)
    one.page.emulate_media(media="screen")
    return faults + ([f"{away} parts for the screen are printed"] if away else [])


def _mark_of(one: Opened) -> str:
    """The first words of the page's banner, nothing where it has none: each sheet says them."""
    words = one.page.evaluate("document.querySelector('.banner')?.firstChild.data ?? ''")
    return str(words).strip().rstrip(".")


def printed_tables(one: Opened) -> list[str]:
    """No table and no picture is wider than the paper."""
    one.page.emulate_media(media="print")
    one.page.set_viewport_size({"width": PAPER_PIXELS, "height": HEIGHT})
    cut = one.page.evaluate(CUT)
    one.page.emulate_media(media="screen")
    return [f"cut at the edge of the paper: {name}" for name in cut]
