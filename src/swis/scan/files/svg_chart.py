"""Vector charts in SVG: the marks of the chart, found whatever library drew it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from swis.scan.files.marks import MOST_MARKS, too_many
from swis.scan.parts import CODE, MARKS, Found, Part, Text

SVG = re.compile(r"<svg\b.*?</svg\s*>", re.IGNORECASE | re.DOTALL)
NUMBER = re.compile(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?")
COMMANDS = re.compile(r"[A-Za-z]")
TRANSLATE = re.compile(r"(?:translate|matrix)\(([^)]*)\)")
# Letters drawn as shapes: matplotlib's text, and fonts as glyphs.
GLYPH = re.compile(r"#(?:DejaVu|glyph|font|cmr|cmmi|cmsy|STIX|g\d+-|[A-Z][A-Za-z]+-[0-9a-f]{2,5}$)")
LINKED = "{http://www.w3.org/1999/xlink}href"
DEFINITIONS = {"defs", "symbol", "clipPath", "marker"}
# A mark's outline is of a few strokes; a country's border is not.
MOST_STROKES_OF_A_MARK = 16
LEAST_POINTS_OF_A_LINE = 3


def read_svg(text: str) -> Iterator[Part]:
    """What each chart in the text shows by its form; its words are read with the text around it."""
    for match in SVG.finditer(text):
        try:
            root = etree.fromstring(match.group().encode("utf-8", "replace"), _parser())
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root is None:
            continue
        yield from _judged(root)


def _judged(root: Any) -> Iterator[Part]:
    marks = too_many(_marks(root))
    lines = _lines(root)
    if marks or lines > MOST_MARKS:
        yield Found("vector chart", MARKS, max(marks, lines))
    words = [value for element in root.iter() for value in element.attrib.values() if " " in value and len(value) < 200]
    if words:
        yield Text("attributes of a vector chart", "\n".join(words))
    if any(_name(one) == "script" for one in root.iter(etree.Element)):
        yield Found("vector chart", CODE)


def _parser() -> Any:
    return etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False, no_network=True)


def _marks(root: Any) -> Iterator[tuple[str, float, float]]:
    """Series and place of every element that may be a mark of its own; those that are letters are left out."""
    for element in root.iter(etree.Element):
        name = _name(element)
        if name == "use" and not GLYPH.match(element.get("href") or element.get(LINKED) or ""):
            yield _series(element), *_moved(element, _number(element, "x"), _number(element, "y"))
        elif name in {"circle", "ellipse"}:
            yield _series(element), *_moved(element, _number(element, "cx"), _number(element, "cy"))
        elif name == "path" and _is_mark(element.get("d", "")):
            points = NUMBER.findall(element.get("d", ""))
            yield _series(element), *_moved(element, float(points[0]), float(points[1]))


def _name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _series(element: Any) -> str:
    """Where the marks of one series stand together: the nearest element above with a name, else the parent.

    A definition (a letter, the shape of a marker) is drawn only where it is used: it is a series of its own.
    """
    for above in element.iterancestors():
        if _name(above) in DEFINITIONS:
            return f"defined {id(element)}"
        if above.get("id"):
            return str(above.get("id"))
    return str(element.getroottree().getpath(element.getparent())) if element.getparent() is not None else ""


def _is_mark(outline: str) -> bool:
    """A small closed or curved outline, or a stroke of two points (a rug's)."""
    strokes = COMMANDS.findall(outline)
    return 2 <= len(strokes) <= MOST_STROKES_OF_A_MARK and len(NUMBER.findall(outline)) >= 4 and not _is_box(outline)


def _is_box(outline: str) -> bool:
    """A rectangle with sides along the axes: a bar, a cell, a frame. Bars show counts, not children."""
    strokes = COMMANDS.findall(outline.upper())
    if set(strokes) <= {"M", "H", "V", "Z"}:
        return True
    if set(strokes) <= {"M", "L", "Z"}:
        numbers = [round(float(one), 2) for one in NUMBER.findall(outline)]
        return len(numbers) in {8, 10} and len(set(numbers[0::2])) == 2 and len(set(numbers[1::2])) == 2
    return False


def _moved(element: Any, across: float, down: float) -> tuple[float, float]:
    move = TRANSLATE.search(element.get("transform", ""))
    by = [float(one) for one in NUMBER.findall(move.group(1))][-2:] if move else []
    return (across + by[0], down + by[1]) if len(by) == 2 else (across, down)


def _number(element: Any, name: str) -> float:
    match = NUMBER.match(element.get(name, ""))
    return float(match.group()) if match else 0.0


def _lines(root: Any) -> int:
    """How many open lines of three points or more are drawn with the same parent's parent (one line a child)."""
    counted: dict[int, int] = {}
    for element in root.iter(etree.Element):
        outline = element.get("d", "") if _name(element) == "path" else element.get("points", "")
        if outline and _is_line(outline) and _name(element) in {"path", "polyline"}:
            above = element.getparent().getparent() if element.getparent() is not None else None
            counted[hash(above)] = counted.get(hash(above), 0) + 1
    return max(counted.values(), default=0)


def _is_line(outline: str) -> bool:
    if outline.rstrip().upper().endswith("Z") or re.search("[CcQqAaSsTt]", outline):
        return False
    return len(NUMBER.findall(outline)) >= 2 * LEAST_POINTS_OF_A_LINE and not _is_box(outline)
