"""A drawing as SVG: the same lines as its pixels, lettering as outlines, and the words that stand for it inside."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import matplotlib as mpl
from markupsafe import escape
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

# Names within the file are hashes of what they name with this salt, which otherwise is drawn at random. Lettering is
# drawn as outlines: text would be set in whatever font a reader has, in other widths than the layout allowed for.
SETTINGS = {"svg.hashsalt": "swis", "svg.fonttype": "path"}
# Of what matplotlib would say of itself and of the day, nothing.
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
# A hundredth of a point is finer than any press; the size of lettering (its scale) is left as it is.
BEYOND_HUNDREDTHS = re.compile(r"(?<!scale\()(\b\d+\.\d\d)\d+(?=[ \n\"])")
INDENT = re.compile(r"\n +")


def lines_of(drawn: bytes) -> str:
    """What a drawing made here consists of, without its words."""
    return drawn.decode().partition("</desc>\n")[2].removesuffix("</svg>\n")


def svg(made: Canvas, *, id: str, caption: str, texts: Sequence[str]) -> bytes:
    """The laid out drawing as SVG bytes, `caption` its title and `texts` the lines of its description.

    No date, no version, no outside address; the same drawing has the same bytes.
    """
    with mpl.rc_context(SETTINGS):
        drawn = io.StringIO()
        FigureCanvasSVG(made).print_svg(drawn, metadata=NO_METADATA)
    # Without what stands before the picture: its document type is an outside address.
    attributes, _, lines = INDENT.sub("\n", drawn.getvalue()).partition("<svg ")[2].partition(">\n")
    lines = BEYOND_HUNDREDTHS.sub(r"\1", lines)
    words = "\n".join(escape(text) for text in texts)
    return (
        f'<svg {attributes} role="img" aria-labelledby="{id}-title" aria-describedby="{id}-words">\n'
        f'<title id="{id}-title">{escape(caption)}</title>\n<desc id="{id}-words">{words}</desc>\n{lines}'
    ).encode()
