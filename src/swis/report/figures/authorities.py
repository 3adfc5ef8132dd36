"""One outcome in every authority: a small panel each, on one scale, with the pooled line behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, series_words, span_words
from swis.report.figures.by_year import draw_arms, limits
from swis.report.figures.marks import COVID_YEARS
from swis.report.measures import MeasureText
from swis.report.model import Figure
from swis.report.wording import number_text

COLUMNS = 4
PANEL_WIDTH, PANEL_HEIGHT, SECOND_LINE = 2.55, 1.85, 0.2
NAME_LETTERS = 26


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
    drawn = outcomes.where(
        period_kind="academic year", measure=measure.name, arm=list(style.ARMS), authority=list(names)
    )
    frame = drawn.frame
    with style.settings():
        rows = -(-len(names) // COLUMNS)
        columns = min(COLUMNS, max(2, len(names)))
        height = PANEL_HEIGHT + (SECOND_LINE if any(len(name) > NAME_LETTERS for name in names.values()) else 0)
        made = style.canvas(PANEL_WIDTH * columns, height * rows + 0.8)
        grid = np.atleast_1d(made.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)).ravel()
        scale = limits(frame, starts_at_zero=True)
        for axes, (slug, name) in zip(grid, names.items(), strict=False):
            _draw(axes, frame[frame["authority"] == slug], name, academic_years, scale)
        for axes in grid[len(names) :]:
            axes.set_axis_off()
        for axes in grid[max(0, len(names) - columns) : len(names)]:
            axes.tick_params(labelbottom=True)
        style.legend_of_arms(made, Patch(color=style.BAND, label="COVID-19 years"))
        return style.finished(
            made, _words(frame, measure, names, academic_years), drawn, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _draw(axes: Any, frame: pd.DataFrame, name: str, academic_years: Sequence[str], scale: tuple[float, float]) -> None:
    draw_arms(axes, frame, academic_years, size=4.5)
    touched = [place for place, year in enumerate(academic_years) if year in COVID_YEARS]
    if touched:
        axes.axvspan(min(touched) - 0.5, max(touched) + 0.5, color=style.BAND, zorder=0, linewidth=0)
    axes.set_title(style.wrapped(name, NAME_LETTERS), fontsize=10)
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


def _words(
    frame: pd.DataFrame, measure: MeasureText, names: Mapping[str, str], academic_years: Sequence[str]
) -> Description:
    parts = []
    for slug, name in names.items():
        rows = frame[frame["authority"] == slug].sort_values("period")
        arms = [series_words(series.label.lower(), rows[rows["arm"] == arm]) for arm, series in style.ARMS.items()]
        parts.append(f"{name}, {'; '.join(arms)}")
    return described(
        f"{len(names)} small line charts, one an authority: {measure.heading}, by academic year, "
        f"{span_words(academic_years)}, and arm",
        _extremes(frame, names),
        parts,
    )


def _extremes(frame: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    """In which authority intervention schools had the lowest and the highest value of the latest year with any."""
    offered = frame[(frame["arm"] == "intervention") & frame["value"].notna()]
    if offered.empty:
        return
    latest = offered[offered["period"] == offered["period"].max()].sort_values(["value", "authority"])
    told = [
        f"{number_text(row.value, decimals=row.decimals)} in {names[row.authority]}"
        for row in (latest.iloc[0], latest.iloc[-1])
    ]
    yield f"Intervention schools in {latest['period'].iloc[0]}: from {' to '.join(dict.fromkeys(told))}"
