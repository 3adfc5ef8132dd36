"""One outcome in every authority: a small panel each, on one scale, with the pooled line behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from swis.disclosure import Protected
from swis.report.figures import style
from swis.report.figures.alt import joined, series_words
from swis.report.figures.by_year import draw_arms, limits
from swis.report.figures.marks import COVID_YEARS
from swis.report.measures import MeasureText
from swis.report.model import Figure

COLUMNS = 4
PANEL_WIDTH, PANEL_HEIGHT = 2.65, 1.9


def authorities_figure(
    outcomes: Protected,
    measure: MeasureText,
    names: Mapping[str, str],
    academic_years: Sequence[str],
    *,
    id: str,
    caption: str,
    source: str,
    is_synthetic: bool,
) -> Figure:
    """A panel an authority (`names`: slug to name) of one measure by academic year and arm; all share both axes.

    `outcomes` holds the protected rows of one trial for each authority. The scale holds every interval.
    """
    frame = outcomes.where(
        period_kind="academic year", measure=measure.name, arm=list(style.ARMS), authority=list(names)
    ).frame
    with style.settings():
        rows = -(-len(names) // COLUMNS)
        columns = min(COLUMNS, max(2, len(names)))
        made = style.canvas(PANEL_WIDTH * columns, PANEL_HEIGHT * rows + 0.45)
        grid = np.atleast_1d(made.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)).ravel()
        scale = limits(frame, starts_at_zero=True)
        for axes, (slug, name) in zip(grid, names.items(), strict=False):
            _draw(axes, frame[frame["authority"] == slug], name, academic_years, scale)
        for axes in grid[len(names) :]:
            axes.set_axis_off()
        for axes in grid[max(0, len(names) - columns) : len(names)]:
            axes.tick_params(labelbottom=True)
        _legend(made)
        picture = style.png(made, is_synthetic=is_synthetic)
    return Figure(id, caption, _alt(frame, measure, names), picture, source, style.shown_width(made), frame)


def _draw(axes: Any, frame: pd.DataFrame, name: str, academic_years: Sequence[str], scale: tuple[float, float]) -> None:
    draw_arms(axes, frame, academic_years, size=4.5)
    touched = [place for place, year in enumerate(academic_years) if year in COVID_YEARS]
    if touched:
        axes.axvspan(min(touched) - 0.5, max(touched) + 0.5, color=style.BAND, zorder=0, linewidth=0)
    axes.set_title(name, fontsize=10)
    axes.set_ylim(*scale)
    axes.set_xlim(-0.5, len(academic_years) - 0.5)
    axes.set_xticks(range(len(academic_years)), [year[2:] for year in academic_years], fontsize=8.5)
    axes.set_xlabel("")
    axes.set_ylabel("")
    if frame["value"].notna().sum() == 0:
        axes.text(
            0.5,
            0.5,
            "no figure",
            transform=axes.transAxes,
            ha="center",
            va="center",
            fontsize=9.5,
            color=style.DARK_GREY,
        )


def _legend(made: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    lines = [
        Line2D(
            [],
            [],
            color=series.colour,
            marker=series.marker,
            linestyle=(0, series.dashes) if series.dashes else "-",
            label=f"{series.label} schools",
        )
        for series in style.ARMS.values()
    ]
    band = Patch(color=style.BAND, label="COVID-19 years")
    made.legend(handles=[*lines, band], loc="outside upper left", ncols=3, frameon=False, fontsize=10, handlelength=3.2)


def _alt(frame: pd.DataFrame, measure: MeasureText, names: Mapping[str, str]) -> str:
    parts = []
    for slug, name in names.items():
        rows = frame[frame["authority"] == slug].sort_values("period")
        arms = [series_words(series.label.lower(), rows[rows["arm"] == arm]) for arm, series in style.ARMS.items()]
        parts.append(f"{name}, {'; '.join(arms)}")
    return joined(
        f"{len(names)} small line charts, one an authority: {measure.heading}, by academic year and arm.", parts
    )
