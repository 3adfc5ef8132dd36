"""One released drawing set alone: caption above, source below, as wide as a column of a journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import typst
from lxml import etree
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from swis.report.figures import style
from swis.report.figures.vector import lines_of, svg

# Widths of a column and of two in millimetres, and the smallest lettering in points, as journals ask for.
SINGLE_MM, DOUBLE_MM = 89.0, 183.0
SMALLEST_POINTS = 6.0
PIXELS_PER_INCH = 300.0
MM_PER_POINT = 25.4 / 72
CAPTION_POINTS, SOURCE_POINTS = 8.0, 6.5
LEADING, MARGIN_POINTS = 1.35, 4.0
# Matplotlib scales outlines of letters by a hundredth of their size.
LETTER_SCALE = re.compile(r"scale\((\d*\.\d+) -")
SPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawing:
    """A released drawing with its words, its width and height in points, and its smallest lettering in points."""

    svg: bytes
    caption: str
    alt: str
    long_description: str
    source: str
    width: float
    height: float
    smallest: float

    @property
    def column_mm(self) -> float:
        """The narrowest width at which all lettering can be read; two columns where none is."""
        return SINGLE_MM if self.smallest_at(SINGLE_MM) >= SMALLEST_POINTS else DOUBLE_MM

    def smallest_at(self, width_mm: float) -> float:
        """The smallest lettering in points, the drawing being that wide."""
        return self.smallest * width_mm / MM_PER_POINT / self.width


def read_drawing(content: bytes) -> Drawing:
    """The words and measures that a figure's SVG carries."""
    root = etree.fromstring(content)
    alt, long_description, source = root.findtext(f"{SPACE}desc").split("\n")
    _, _, width, height = map(float, root.get("viewBox").split())
    smallest = 100 * min(float(scale) for scale in LETTER_SCALE.findall(content.decode()))
    caption = root.findtext(f"{SPACE}title")
    return Drawing(content, caption, alt, long_description, source, width, height, smallest)


def set_alone(drawing: Drawing, id: str) -> tuple[bytes, float]:
    """The drawing with caption and source as SVG, and its height in millimetres."""
    width = drawing.column_mm / MM_PER_POINT
    caption = _lines(drawing.caption, CAPTION_POINTS, "bold", width)
    source = _lines(drawing.source, SOURCE_POINTS, "normal", width)
    above, below = _height(caption, CAPTION_POINTS), _height(source, SOURCE_POINTS)
    inner = drawing.height * width / drawing.width
    height = above + inner + below
    words = _words(width, height, caption, source, id, drawing)
    placed = (
        f'<svg x="0" y="{above:.2f}" width="{width:.2f}" height="{inner:.2f}" '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}">\n{lines_of(drawing.svg)}</svg>\n</svg>\n'
    )
    return words.removesuffix(b"</svg>\n") + placed.encode(), height * MM_PER_POINT


def as_pixels(set_svg: bytes, width_mm: float) -> bytes:
    """The picture in pixels, 300 to the inch."""
    page = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("set.svg", width: {width_mm}mm)'
    # Files by name, which typst takes and its hints do not know of.
    sources: Any = {"main.typ": page.encode(), "set.svg": set_svg}
    made = typst.compile(sources, format="png", ppi=PIXELS_PER_INCH)
    assert isinstance(made, bytes)  # several pages would come as a list
    return made


def _words(width: float, height: float, caption: list[str], source: list[str], id: str, drawing: Drawing) -> bytes:
    """An empty picture with the caption at its head and the source at its foot."""
    with style.settings():
        made = style.canvas(width / 72, height / 72)
        made.set_layout_engine("none")
        for lines, size, weight, top in (
            (caption, CAPTION_POINTS, "bold", height - MARGIN_POINTS),
            (source, SOURCE_POINTS, "normal", _height(source, SOURCE_POINTS) - MARGIN_POINTS),
        ):
            for place, line in enumerate(lines):
                x, y = MARGIN_POINTS / width, (top - place * size * LEADING) / height
                made.text(x, y, line, fontsize=size, fontweight=weight, va="top")
        texts = (drawing.alt, drawing.long_description, drawing.source)
        return svg(made, id=id, caption=drawing.caption, texts=texts)


def _lines(text: str, size: float, weight: str, width: float) -> list[str]:
    """The text in lines that fit between the margins."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        wide = text_to_path.get_text_width_height_descent(longer, font, ismath=False)[0]
        if lines and wide <= width - 2 * MARGIN_POINTS:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _height(lines: list[str], size: float) -> float:
    return len(lines) * size * LEADING + 2 * MARGIN_POINTS
