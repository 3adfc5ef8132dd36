"""How large a figure is on paper, and the words that stand for it."""

from __future__ import annotations

import struct

from swis.report.model import Figure, ReportError
from swis.report.paper.widths import SIDEWAYS, UPRIGHT

# A CSS pixel is three quarters of a point: at that size a figure has the lettering of the page's small print.
POINTS_PER_PIXEL = 0.75
# What is left of a page under a heading and a caption of two lines each, and over a source of four: a heading that did
# not fit with its figure would stand alone on a page.
TALLEST_UPRIGHT, TALLEST_SIDEWAYS = 570.0, 340.0
# A figure that would have to shrink to less than this on an upright page is shown on one that lies on its side.
SMALLEST = 0.55


def shown_size(figure: Figure) -> tuple[float, float, bool]:
    """Width and height in points, and whether its page lies on its side."""
    pixels_wide, pixels_high = _pixels(figure)
    natural = figure.width * POINTS_PER_PIXEL
    shape = pixels_high / pixels_wide
    upright = min(natural, UPRIGHT, TALLEST_UPRIGHT / shape)
    sideways = min(natural, SIDEWAYS, TALLEST_SIDEWAYS / shape)
    is_sideways = upright < SMALLEST * natural and sideways > upright
    width = sideways if is_sideways else upright
    return width, width * shape, is_sideways


def alt_of(figure: Figure) -> str:
    """What is read out in place of the picture: its alt text, then its long description."""
    return f"{figure.alt} {figure.long_description}"


def _pixels(figure: Figure) -> tuple[int, int]:
    """Size of the PNG, from its first bytes."""
    if figure.png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ReportError(f"figure {figure.id} is not a PNG picture")
    wide, high = struct.unpack(">II", figure.png[16:24])
    return wide, high
