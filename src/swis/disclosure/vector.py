"""The last look at a vector picture: that it draws no more points than there are numbers let through, and nothing else.

A vector picture holds the exact place of every point. It may go where the numbers behind it go, and nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from numbers import Number
from typing import Any

import pandas as pd
from lxml import etree

from swis.disclosure.proof import UPN_SHAPE
from swis.disclosure.protected import DisclosureError, Protected

SPACE = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
# What a drawing consists of. No script, no picture within the picture, no metadata, no text in a reader's own font.
DRAWN = frozenset({"svg", "title", "desc", "defs", "style", "g", "path", "use", "clipPath", "rect", "pattern"})
# Groups that matplotlib names after what it draws: lines, bars of intervals and marks, apart from axes and legends.
OF_POINTS = ("line2d_", "LineCollection_", "PathCollection_")
ASIDE = ("matplotlib.axis_", "legend_")
STEP = re.compile(r"[MLCQ]")
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?!#)|@import|javascript:", re.IGNORECASE)


def prove_vector(svg: bytes, behind: Protected, numbers: Collection[int]) -> None:
    """Refuse a drawing that is more than a drawing, or that shows more than the protected numbers `behind` it.

    `numbers` are those that passed the door. DisclosureError says how many of which fault, and never what they are.
    """
    prove_drawing(svg)
    root = _parsed(svg)
    counts = {int(number) for name in behind.counts for number in behind.frame[name].dropna().unique()}
    known = int(behind.frame.map(lambda cell: isinstance(cell, Number | date) and not pd.isna(cell)).to_numpy().sum())
    _refuse(
        {
            "counts behind it that did not pass the door": sum(number not in numbers for number in counts),
            # A number or date is drawn at most twice: as the corner of a line and as its mark, or as an interval's end.
            "points that no number behind it accounts for": max(0, sum(_points(root)) - 2 * known),
        }
    )


def prove_setting(svg: bytes, drawing: bytes) -> None:
    """Refuse a picture that is more than a drawing which was proven before, with words around it."""
    prove_drawing(svg)
    own, held = (Counter(etree.tostring(one) for one in _parsed(part).iter(SPACE + "path")) for part in (svg, drawing))
    points = [sum(_points(_parsed(part))) for part in (svg, drawing)]
    _refuse(
        {
            "lines of the drawing that are not in it": (held - own).total(),
            "points that are not in the drawing": max(0, points[0] - points[1]),
        }
    )


def prove_drawing(svg: bytes) -> None:
    """Refuse an SVG with anything but shapes and the words that stand for them."""
    root = _parsed(svg)
    elements = list(root.iter(etree.Element))
    texts = "\n".join(text for one in root.iter() for text in (one.text, one.tail, *_values(one)) if text)
    links = [value for one in elements for name in (LINK, "href") if (value := one.get(name)) is not None]
    named = [one.tag.removeprefix(SPACE) for one in elements]
    _refuse(
        {
            "document types": int(b"<!DOCTYPE" in svg.upper()),
            "elements that are no part of a drawing": sum(name not in DRAWN for name in named),
            "instructions to a program": len(list(root.iter(etree.PI))),
            "scripts in an attribute": sum(
                name.lower().startswith("on") for one in elements for name in map(str, one.attrib)
            ),
            "things loaded from outside": sum(not link.startswith("#") for link in links)
            + len(ELSEWHERE.findall(texts)),
            "texts in the shape of a pupil number": len(UPN_SHAPE.findall(texts)),
            "pictures without title or description": int(
                not all((root.findtext(f"{SPACE}{name}") or "").strip() for name in ("title", "desc"))
            ),
        }
    )


def _parsed(svg: bytes) -> Any:
    try:
        root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        raise DisclosureError("the picture is no well-formed SVG") from None
    if root.tag != f"{SPACE}svg":
        raise DisclosureError("the picture is no SVG")
    return root


def _values(element: Any) -> list[str]:
    return [str(value) for value in element.attrib.values()] if isinstance(element.tag, str) else []


def _points(element: Any, *, stands_for_numbers: bool = False) -> Iterator[int]:
    """Marks, and corners of lines, below an element, of all that stands for numbers."""
    for inner in element.iterchildren(*(f"{SPACE}{name}" for name in ("svg", "g", "use", "path"))):
        name, is_group = inner.get("id", ""), inner.tag in {f"{SPACE}svg", f"{SPACE}g"}
        if is_group and not name.startswith(ASIDE):
            yield from _points(inner, stands_for_numbers=stands_for_numbers or name.startswith(OF_POINTS))
        elif stands_for_numbers and not is_group:
            yield 1 if inner.tag == f"{SPACE}use" else len(STEP.findall(inner.get("d", "")))


def _refuse(faults: dict[str, int]) -> None:
    found = [f"{number} {what}" for what, number in faults.items() if number]
    if found:
        raise DisclosureError(f"the picture may not be released: {', '.join(found)}")
