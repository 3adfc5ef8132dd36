"""Cumulative incidence of one wait in one trial: a panel an academic year, both arms, at the steps that are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, series_words, span_words
from swis.report.figures.marks import draw_lines
from swis.report.model import Figure
from swis.report.wording import number_text

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 3.4, 2.6


def incidence_figure(curves: Protected, *, id: str, caption: str, source: str, is_synthetic: bool) -> Figure:
    """Rows of one wait and trial [arm, academic_year, step, incidence, symbol]; steps that are hidden are gaps.

    Steps are joined by lines to be told apart; nothing is known between two of them.
    """
    frame = curves.frame
    years = sorted(frame.loc[frame["incidence"].notna(), "academic_year"].unique())
    with style.settings():
        columns = min(COLUMNS, max(len(years), 2))
        rows = -(-len(years) // columns)
        made = style.canvas(PANEL_WIDTH * columns, PANEL_HEIGHT * rows + 0.4)
        panels = made.subplots(rows, columns, squeeze=False, sharey=True)
        for panel, year in zip(panels.ravel(), years, strict=False):
            _draw(panel, frame[frame["academic_year"] == year], str(year))
        for unused in panels.ravel()[len(years) :]:
            unused.set_axis_off()
        for first in panels[:, 0]:
            first.set_ylabel("% ended")
        style.legend_of_arms(made)
        return style.finished(
            made, _words(frame, years), curves, id=id, caption=caption, source=source, is_synthetic=is_synthetic
        )


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


def _words(frame: pd.DataFrame, years: list[str]) -> Description:
    told = frame.assign(value=frame["incidence"], decimals=0, day="day " + frame["step"].astype(str))
    parts = [
        f"{year}: " + series_words(series.label, own, "day")
        for year in years
        for arm, series in style.ARMS.items()
        if len(own := told[(told["academic_year"] == year) & (told["arm"] == arm)])
    ]
    return described(
        f"Lines of the percentage ended by working day, by academic year, {span_words(years)}, and arm",
        _latest(told[told["value"].notna()]),
        parts,
    )


def _latest(known: pd.DataFrame) -> Iterator[str]:
    """What had ended at the last step of the latest year, by arm."""
    if known.empty:
        return
    own = known[known["academic_year"] == known["academic_year"].max()]
    own = own[own["step"] == own["step"].max()]
    told = [f"{row.arm} schools {number_text(row.value, decimals=0)}%" for row in own.itertuples()]
    yield f"By working day {own['step'].iloc[0]}, waits that began in {own['academic_year'].iloc[0]}: {', '.join(told)}"
