"""Outcomes by academic year and arm: one panel a measure, both arms with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, ends_words, series_words, span_words
from swis.report.figures.marks import HOLLOW, draw_lines, label_ends, label_years, mark_pandemic, number_heights
from swis.report.measures import MeasureText
from swis.report.model import Figure

COLUMNS = 2
PANEL_WIDTH, PANEL_HEIGHT = 5.1, 2.75
DODGE = {"intervention": -0.07, "control": 0.07}


def outcomes_figure(
    outcomes: Protected,
    measures: Sequence[MeasureText],
    academic_years: Sequence[str],
    *,
    id: str,
    caption: str,
    source: str,
    is_synthetic: bool,
) -> Figure:
    """Small multiples of one group of measures; `outcomes` are the protected rows of one trial and one area.

    Points: value by academic year and arm. Bars: 95% intervals. Hollow marks: a break, grades given by teachers, or a
    year only partly observed. A year without a figure carries its symbol.
    """
    drawn = outcomes.where(
        period_kind="academic year", arm=list(style.ARMS), measure=[measure.name for measure in measures]
    )
    frame = style.as_objects(drawn.frame)
    with style.settings():
        columns = min(COLUMNS, len(measures))
        rows = -(-len(measures) // columns)
        made = style.canvas(PANEL_WIDTH * columns + (2 - columns) * 2, PANEL_HEIGHT * rows + 0.2)
        panels = made.subplots(rows, columns, squeeze=False).ravel()
        for panel, measure in zip(panels, measures, strict=False):
            _draw(panel, frame[frame["measure"] == measure.name], measure, academic_years)
        for unused in panels[len(measures) :]:
            unused.set_axis_off()
        return style.finished(
            made, _words(frame, measures, academic_years), drawn, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def draw_arms(
    axes: Any, frame: pd.DataFrame, academic_years: Sequence[str], *, size: float = 6.5
) -> dict[str, tuple[float, str]]:
    """Both arms' lines, intervals and marks on one panel; gives the height and colour of each line's end."""
    ends, lines = {}, []
    for arm, series in style.ARMS.items():
        points = frame[frame["arm"] == arm].set_index("period").reindex(academic_years)
        places = np.arange(len(academic_years)) + DODGE[arm]
        value = points["value"].to_numpy(dtype=float, na_value=np.nan)
        reach = points[["lower", "upper"]].to_numpy(dtype=float, na_value=np.nan)
        axes.vlines(places, reach[:, 0], reach[:, 1], color=series.colour, linewidth=1.3, alpha=0.75)
        lines.append((series, places, value))
        hollow = points["comparability"].isin(HOLLOW).to_numpy(dtype=bool)
        known = ~np.isnan(value)
        for selected, face in ((hollow & known, "white"), (~hollow & known, series.colour)):
            # A line without a point lies at the corner of the canvas, and the layout would make room for it there.
            if not selected.any():
                continue
            axes.plot(
                places[selected],
                value[selected],
                series.marker,
                color=series.colour,
                markerfacecolor=face,
                markersize=size,
                markeredgewidth=1.6,
                zorder=3,
                clip_on=False,
            )
        if known.any():
            ends[series.label] = (float(value[known][-1]), series.colour)
    draw_lines(axes, lines)
    return ends


def limits(frame: pd.DataFrame, *, starts_at_zero: bool) -> tuple[float, float]:
    """Both ends of an axis that holds every value and the whole of every interval, with room for words at the top."""
    ends = frame[["value", "lower", "upper"]].to_numpy(dtype=float, na_value=np.nan)
    known = ends[~np.isnan(ends)]
    if not known.any():
        return (0.0, 1.0)
    low, high = (0.0 if starts_at_zero else float(known.min())), float(known.max())
    span = (high - low) or abs(high)
    return (low if starts_at_zero else low - 0.1 * span, high + 0.2 * span)


def _draw(axes: Any, frame: pd.DataFrame, measure: MeasureText, academic_years: Sequence[str]) -> None:
    ends = draw_arms(axes, frame, academic_years)
    axes.set_title(style.wrapped(measure.heading, 44))
    axes.set_ylabel("")
    axes.set_ylim(*limits(frame, starts_at_zero=not measure.may_be_negative))
    number_heights(axes)
    label_years(axes, academic_years)
    mark_pandemic(axes, academic_years)
    _mark_absent(axes, frame, academic_years)
    label_ends(axes, ends)


def _mark_absent(axes: Any, frame: pd.DataFrame, academic_years: Sequence[str]) -> None:
    """The symbol of every year without a figure, at the foot: once for both arms, else under its own arm."""
    cells = frame.to_dict("records")
    for place, year in enumerate(academic_years):
        of_year = [cell for cell in cells if cell["period"] == year]
        absent = {cell["arm"]: cell["symbol"] for cell in of_year if pd.isna(cell["value"])}
        both = len(absent) == len(style.ARMS) or not of_year
        for arm in ["both"] if both else absent:
            symbol = next(iter(absent.values()), "[x]") if both else absent[arm]
            colour = style.DARK_GREY if both else style.lettering(style.ARMS[arm].colour)
            axes.text(
                place + 3 * DODGE.get(arm, 0),
                0.05,
                symbol,
                transform=axes.get_xaxis_transform(),
                ha="center",
                fontsize=9,
                color=colour,
            )


def _words(frame: pd.DataFrame, measures: Sequence[MeasureText], academic_years: Sequence[str]) -> Description:
    parts, message = [], []
    for measure in measures:
        rows = frame[frame["measure"] == measure.name].sort_values("period")
        arms = {series.label: rows[rows["arm"] == arm] for arm, series in style.ARMS.items()}
        parts.append(f"{measure.heading}. {'; '.join(series_words(label, own) for label, own in arms.items())}")
        message.append(f"{measure.heading}: {', '.join(ends_words(label.lower(), own) for label, own in arms.items())}")
    kind = "Line charts" if len(measures) > 1 else "Line chart"
    return described(
        f"{kind} by academic year, {span_words(academic_years)}, of both arms with 95% intervals",
        message,
        parts,
    )
