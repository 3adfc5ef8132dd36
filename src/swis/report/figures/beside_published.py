"""An authority's whole return beside the DfE's published figures, by the kind of year it is published by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, last_words, series_words, span_words
from swis.report.figures.marks import draw_lines, label_ends, number_heights
from swis.report.measures import MeasureText
from swis.report.model import Figure

COLUMNS = 2
PANEL_WIDTH, PANEL_HEIGHT = 5.1, 2.9
# Published scores around zero have two decimals: a shorter axis would show differences that they do not tell.
SHORTEST = 0.1
DECIMALS = 2


def context_figure(
    published: Protected,
    measures: Sequence[MeasureText],
    axis: str,
    *,
    id: str,
    caption: str,
    source: str,
    is_synthetic: bool,
) -> Figure:
    """One panel a measure with up to four lines: this data set, the DfE's figure, England, statistical neighbours.

    `published` [measure, area, time_period, value, symbol] joins protected figures of the return (area 'own') with
    those of the DfE; `time_period` is in the kind of year that `axis` names.
    """
    kept = published.where(measure=[measure.name for measure in measures])
    # A mean of neighbours has more digits than any table prints.
    drawn = kept.with_frame(kept.frame.assign(value=kept.frame["value"].astype("Float64").round(DECIMALS)))
    lines = style.as_objects(drawn.frame)
    with style.settings():
        columns = min(COLUMNS, len(measures))
        rows = -(-len(measures) // columns)
        made = style.canvas(PANEL_WIDTH * columns + (2 - columns) * 2, PANEL_HEIGHT * rows + 0.2)
        grid = made.subplots(rows, columns, squeeze=False).ravel()
        years = sorted(lines["time_period"].unique())
        for axes, measure in zip(grid, measures, strict=False):
            _draw(axes, lines[lines["measure"] == measure.name], measure, years, axis)
        for axes in grid[len(measures) :]:
            axes.set_axis_off()
        return style.finished(
            made, _words(lines, measures, axis, years), drawn, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _draw(axes: Any, lines: pd.DataFrame, measure: MeasureText, years: Sequence[str], axis: str) -> None:
    ends: dict[str, tuple[float, str]] = {}
    lines_of_panel: list[tuple[style.Series, np.ndarray, np.ndarray]] = []
    for area, series in style.AREAS.items():
        values = lines[lines["area"] == area].drop_duplicates("time_period").set_index("time_period")["value"]
        heights = values.reindex(years).to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(heights).all():
            continue
        places = np.arange(len(years))
        lines_of_panel.append((series, places, heights))
        axes.plot(places, heights, series.marker, color=series.colour, markersize=6, zorder=3, clip_on=False)
        last = np.flatnonzero(~np.isnan(heights))[-1]
        ends[series.label] = (float(heights[last]), series.colour)
    draw_lines(axes, lines_of_panel)
    axes.margins(y=0.1)
    axes.set_title(style.wrapped(measure.heading, 44))
    if not (lines["value"].astype("Float64") < 0).any():
        axes.set_ylim(0, 1.1 * axes.dataLim.ymax)
    low, high = axes.get_ylim()
    spare = max(SHORTEST - (high - low), 0) / 2
    axes.set_ylim(low - spare if low < 0 else low, high + spare)
    number_heights(axes)
    axes.set_xticks(range(len(years)), years)
    axes.set_xlim(-0.4, len(years) - 0.6)
    axes.set_xlabel(axis, fontsize=9)
    axes.set_ylabel("")
    label_ends(axes, ends)


def _words(lines: pd.DataFrame, measures: Sequence[MeasureText], axis: str, years: Sequence[str]) -> Description:
    parts, message = [], []
    for measure in measures:
        rows = lines[lines["measure"] == measure.name].sort_values("time_period")
        areas = {
            series.label: own
            for area, series in style.AREAS.items()
            if len(own := rows[rows["area"] == area].drop_duplicates("time_period"))
        }
        told = (series_words(label, own, "time_period") for label, own in areas.items())
        parts.append(f"{measure.heading}. {'; '.join(told)}")
        latest = (last_words(label, own, "time_period") for label, own in areas.items())
        message.append(f"{measure.heading}: {', '.join(latest)}")
    kind = "Line charts" if len(measures) > 1 else "Line chart"
    return described(f"{kind} of published figures. {axis}, {span_words(years)}", message, parts)
