"""The rules of axe-core, in the colours that a reader's system may ask for too."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from browser.opened import Opened

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOWN = 3

# Elements with text of their own whose colour is that of what is behind them.
UNREADABLE = """() => {
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/^rgba\\(.*, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const hasText = (one) => Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
  return Array.from(document.body.querySelectorAll('*'))
    .filter((one) => hasText(one) && one.checkVisibility() && getComputedStyle(one).color === behind(one))
    .map((one) => one.tagName.toLowerCase() + ' ' + one.textContent.trim().slice(0, 40));
}"""
# A gradient keeps its own colours where a system forces all others: text over it could not be read.
GRADIENTS = """() => Array.from(document.body.querySelectorAll('*'))
  .filter((one) => getComputedStyle(one).backgroundImage.includes('gradient')).length"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_rules(one: Opened) -> list[str]:
    """No rule of axe-core is broken, WCAG 2.2 A and AA and best practice."""
    return _broken(one, {"runOnly": {"type": "tag", "values": TAGS}})


def dark_and_forced_colours(one: Opened) -> list[str]:
    """Contrast holds where the system asks for dark pages; text is told from its ground where it forces its colours."""
    one.page.emulate_media(color_scheme="dark")
    faults = [f"dark: {fault}" for fault in _broken(one, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})]
    one.page.emulate_media(color_scheme="dark", forced_colors="active")
    faults += [f"forced colours: {text} cannot be read" for text in one.page.evaluate(UNREADABLE)]
    gradients = one.page.evaluate(GRADIENTS)
    one.page.emulate_media(color_scheme="light", forced_colors="none")
    return faults + ([f"forced colours: {gradients} gradients stay"] if gradients else [])


def _broken(one: Opened, options: dict[str, Any]) -> list[str]:
    # As an expression of the debugger, so that no element is added to the page.
    one.page.evaluate(_axe())
    found = one.page.evaluate("options => axe.run(document, {...options, resultTypes: ['violations']})", options)
    return [
        f"{rule['id']} ({rule['impact']}): {len(rule['nodes'])} times, such as {_nodes(rule)}"
        for rule in found["violations"]
    ]


def _nodes(rule: dict[str, Any]) -> str:
    return "; ".join(str(node["html"])[:160] for node in rule["nodes"][:SHOWN])
