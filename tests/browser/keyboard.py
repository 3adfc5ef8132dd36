"""The page by keyboard alone: where Tab leads, in which order, and whether the eye can follow."""

from __future__ import annotations

from browser.opened import Opened

# More than any page has: a page in which Tab is caught would go round for ever.
MOST_STOPS = 5000

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  if (!one.dataset.stop) one.dataset.stop = String(document.querySelectorAll('[data-stop]').length + 1);
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const seen = box.width > 0 && box.height > 0 && isInside;
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const name = one.tagName.toLowerCase() + ' ' + (one.textContent || one.id).trim().slice(0, 40);
  return { stop: +one.dataset.stop, name, seen, ring };
}"""
# What a reader must be able to reach, in the order of the page: links, buttons, boxes that scroll.
WANTED = """() => {
  const shown = (one) => one.checkVisibility();
  const all = Array.from(document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')).filter(shown);
  const scrolls = Array.from(document.querySelectorAll('.scroll, pre'))
    .filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex !== 0).length;
  const name = (one) => one.tagName.toLowerCase() + ' ' + one.textContent.trim().slice(0, 40);
  const missed = all.filter((one) => !one.dataset.stop).map(name);
  return { missed, order: all.map((one) => +one.dataset.stop), scrolls };
}"""


def _stops(one: Opened) -> list[dict[str, object]]:
    """Every place that Tab leads to from the top of the page, in order."""
    found: list[dict[str, object]] = []
    while len(found) < MOST_STOPS:
        one.page.keyboard.press("Tab")
        stop = one.page.evaluate(FOCUSED)
        if stop is None or (found and stop["stop"] <= len(found)):
            return found
        found.append(stop)
    return found


def focus_order(one: Opened) -> list[str]:
    """Tab leads first to the link past the contents, then in the order of the page to all that can be used."""
    stops = _stops(one)
    wanted = one.page.evaluate(WANTED)
    faults = [f"Tab does not lead to {name}" for name in wanted["missed"]]
    faults += ["a box that scrolls cannot be reached"] * wanted["scrolls"]
    if not stops or not str(stops[0]["name"]).startswith("a Skip to the content"):
        faults.append("the first stop is not the link to the content")
    if wanted["order"] != sorted(wanted["order"]):
        faults.append("Tab does not follow the order of the page")
    return faults + _skip(one)


def _skip(one: Opened) -> list[str]:
    """The link to the content leads past all before it: the next stop is in the content."""
    one.page.reload()
    one.page.keyboard.press("Tab")
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Tab")
    is_inside = one.page.evaluate("!!document.activeElement.closest('main')")
    return [] if is_inside else ["the link to the content does not lead there"]


def focus_visible(one: Opened) -> list[str]:
    """What has the focus is in the window and has a ring of two pixels or more."""
    stops = _stops(one)
    faults = [f"{stop['name']} is out of sight" for stop in stops if not stop["seen"]]
    return faults + [f"{stop['name']} has no ring" for stop in stops if not stop["ring"]]
