"""How every figure looks, and the one way a figure becomes bytes.

Colours are the Government Analysis Function's palette for charts; two series take its first and fourth. Marks and
line styles say the same as colours, so that no meaning hangs on colour alone.
"""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from PIL import Image

from swis.disclosure.protected import Protected
from swis.garbage import uncollected
from swis.report.figures.alt import Description
from swis.report.figures.vector import svg
from swis.report.model import Figure
from swis.report.render import SYNTHETIC_WORDS

DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
BAND = "#ECEFF3"
PIXELS_PER_INCH = 140
SHOWN_PIXELS_PER_INCH = 92
COLOURS = 160
# Lettering needs more contrast to white than a line does: 4.5 to 1 (WCAG 2.2, 1.4.3).
LETTERING: Mapping[str, str] = {ORANGE: "#B5460F", TURQUOISE: "#1A6E67"}
WHITE, NEARLY_WHITE = 255, 252

SETTINGS: Mapping[str, Any] = {
    **sns.axes_style("white"),
    # Ships inside matplotlib, so that the same figure has the same bytes on every machine.
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    # Said outright, because matplotlib otherwise lays out all ticks, many times a figure, to find that it is so.
    "axes.titley": 1.0,
    "axes.labelsize": 10,
    "axes.edgecolor": "#6B7684",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#E1E6EC",
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "text.color": "#1b2430",
    "axes.labelcolor": "#1b2430",
    "text.parse_math": False,
    "path.simplify": False,
}


@dataclass(frozen=True)
class Series:
    """How one series is drawn; `dashes` are lengths of dash and gap in line widths, '' for a whole line."""

    label: str
    colour: str
    marker: str
    dashes: tuple[float, ...] | str


ARMS: Mapping[str, Series] = {
    "intervention": Series("Intervention", DARK_BLUE, "o", ""),
    "control": Series("Control", ORANGE, "s", (4, 2)),
}
AREAS: Mapping[str, Series] = {
    "own": Series("This return", DARK_BLUE, "o", ""),
    "authority": Series("DfE: authority", ORANGE, "s", (4, 2)),
    "England": Series("England", DARK_GREY, "^", (6, 2, 1, 2)),
    "statistical neighbours": Series("Neighbours", TURQUOISE, "D", (1, 1.5)),
}


def canvas(width: float, height: float) -> Canvas:
    """An empty figure of that size in inches, bound to no window and to no global state."""
    return Canvas(
        figsize=(width, height),
        dpi=PIXELS_PER_INCH,
        facecolor="white",
        layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.06),
    )


def lettering(colour: str) -> str:
    """The colour for words that belong to a line of this colour."""
    return LETTERING.get(colour, colour)


def wrapped(words: str, width: int) -> str:
    """Words in lines of at most so many letters; a hyphen keeps its word whole ('pupil-years')."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False))


@contextlib.contextmanager
def settings() -> Iterator[None]:
    """Context in which figures are drawn.

    Meanwhile nothing is searched for garbage: a figure is ten thousand objects, all of them needed until it is drawn.
    """
    with uncollected(), mpl.rc_context(dict(SETTINGS)):
        yield


def as_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with plain objects for text: a panel picks few rows many times, which Arrow's text makes slow."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("string").columns, object))


def finished(
    made: Canvas, words: Description, behind: Protected, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """The drawing as a figure: watermarked where the data are simulated, then as pixels and as lines.

    To be called within `settings`, for ticks are made when they are drawn.
    """
    if is_synthetic:
        _watermark(made)
    pixels = FigureCanvasAgg(made)
    _lay_out(made)
    picture = png(pixels)
    lines = svg(made, id=id, caption=caption, texts=(words.alt, words.long, f"Source: {source}"))
    return Figure(id, caption, words.alt, words.long, picture, lines, source, shown_width(made), behind)


def png(pixels: FigureCanvasAgg) -> bytes:
    """The laid out picture as PNG bytes, with no date and no version inside."""
    # Drawn once, straight to pixels: savefig would draw it twice and pack a PNG only for it to be unpacked again.
    pixels.draw()
    drawn = Image.fromarray(np.asarray(pixels.buffer_rgba())).convert("RGB")
    # A chart has few colours: a palette makes the file a third of the size, and a page carries a dozen of them.
    palette = drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # Reducing the colours shades pure white by a step, which would show as a box on the page.
    palette.putpalette([WHITE if level >= NEARLY_WHITE else level for level in palette.getpalette() or []])
    small = io.BytesIO()
    palette.save(small, format="png")
    return small.getvalue()


def legend_of_arms(made: Canvas, *more: Artist) -> None:
    """Both arms with line and mark, and what else is given, in a row above the panels."""
    lines = [
        Line2D(
            [], [], color=series.colour, marker=series.marker, linestyle=(0, series.dashes) if series.dashes else "-",
            label=f"{series.label} schools",
        )
        for series in ARMS.values()
    ]  # fmt: skip
    handles = [*lines, *more]
    made.legend(
        handles=handles, loc="outside upper left", ncols=len(handles), frameon=False, fontsize=10, handlelength=3.2
    )


def shown_width(made: Canvas) -> int:
    """Width in CSS pixels at which the lettering has the size of the page's small print."""
    return round(float(made.get_size_inches()[0]) * SHOWN_PIXELS_PER_INCH)


def _lay_out(made: Canvas) -> None:
    """Find the place of everything, once for pixels and lines: it is most of the work.

    Labels of axes that have no words are put anywhere, for matplotlib would measure all ticks to place each of them;
    once there is a layout, the ticks of such an axis are measured no more.
    """
    wordless = [axis for axes in made.axes for axis in (axes.xaxis, axes.yaxis) if not axis.label.get_text()]
    for axis in wordless:
        axis.set_label_coords(0, 0)
    engine = made.get_layout_engine()
    assert engine is not None  # `canvas` gives every figure one
    engine.execute(made)
    made.set_layout_engine("none")
    for axis in wordless:
        for tick in axis.get_major_ticks():
            tick.label1.set_in_layout(False)
            tick.label2.set_in_layout(False)


def _watermark(made: Canvas) -> None:
    """Large and pale across the picture, and small and plain at its foot, where nothing is beneath it."""
    made.supxlabel(SYNTHETIC_WORDS, x=0.995, ha="right", fontsize=9.5, fontweight="bold", color=DARK_PINK)
    outline = [Stroke(linewidth=3, foreground="white", alpha=0.07), Normal()]
    width, height = made.get_size_inches()
    rows = max(1, round(height / 4))
    for row in range(rows):
        made.text(
            0.5,
            (row + 0.5) / rows,
            SYNTHETIC_WORDS,
            ha="center",
            va="center",
            rotation=min(24.0, 60 * height / rows / width),
            fontsize=26,
            fontweight="bold",
            color=DARK_PINK,
            alpha=0.1,
            zorder=50,
            path_effects=outline,
        )
