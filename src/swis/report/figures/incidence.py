"""Cumulative incidence of one wait in one trial: a panel an academic year, both arms, at the steps that are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from swis.disclosure import Protected
from swis.report.figures import style
from swis.report.figures.alt import joined, series_words
from swis.report.figures.marks import draw_lines
from swis.report.model import Figure

PANEL_WIDTH, PANEL_HEIGHT = 2.9, 3.0


def incidence_figure(curves: Protected, *, id: str, caption: str, source: str, is_synthetic: bool) -> Figure:
    """Rows of one wait and trial [arm, academic_year, step, incidence, symbol]; steps that are hidden are gaps.

    Steps are joined by lines to be told apart; nothing is known between two of them.
    """
    frame = curves.frame
    drawn = frame[frame["incidence"].notna()]
    years = sorted(drawn["academic_year"].unique())
    with style.settings():
        made = style.canvas(PANEL_WIDTH * max(len(years), 2), PANEL_HEIGHT)
        panels = made.subplots(1, len(years), squeeze=False, sharey=True).ravel()
        for panel, year in zip(panels, years, strict=True):
            _draw(panel, frame[frame["academic_year"] == year], str(year))
        panels[0].set_ylabel("% ended")
        panels[-1].legend(frameon=False, loc="lower right", fontsize=9)
        picture = style.png(made, is_synthetic=is_synthetic)
    return Figure(id, caption, _alt(frame, years), picture, source, style.shown_width(made), drawn)


def _draw(axes: Any, frame: pd.DataFrame, year: str) -> None:
    steps = sorted(frame["step"].unique())
    lines = [(series, np.array(steps), _heights(frame, arm, steps)) for arm, series in style.ARMS.items()]
    draw_lines(axes, lines)
    for series, places, heights in lines:
        axes.plot(places, heights, series.marker, color=series.colour, markersize=5, label=series.label)
    axes.set_title(year)
    axes.set_xticks(steps)
    axes.set_xlabel("Working days")
    axes.set_ylabel("")
    axes.set_ylim(0, 103)


def _heights(frame: pd.DataFrame, arm: str, steps: list[int]) -> np.ndarray:
    own = frame[frame["arm"] == arm].drop_duplicates("step").set_index("step")["incidence"]
    return own.reindex(steps).astype("Float64").to_numpy(float, na_value=np.nan)


def _alt(frame: pd.DataFrame, years: list[str]) -> str:
    told = frame.assign(value=frame["incidence"], decimals=0, day="day " + frame["step"].astype(str))
    parts = [
        f"{year}: " + series_words(series.label, own, "day")
        for year in years
        for arm, series in style.ARMS.items()
        if len(own := told[(told["academic_year"] == year) & (told["arm"] == arm)])
    ]
    return joined("Lines of the percentage ended by working day, by academic year and arm.", parts)
