"""Mean answers of a survey before and after: a panel a trial, both arms with their intervals, on the whole scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, ends_words, series_words
from swis.report.figures.by_year import draw_arms
from swis.report.figures.marks import label_ends
from swis.report.model import Figure

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 3.5, 2.6


def views_figure(
    views: Protected, titles: Mapping[str, str], *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Rows [trial, arm, wave, mean, lower, upper, lowest, highest, symbol]; `titles` names the trials to be drawn.

    Points: the mean by wave and arm, with its 95% interval; a mean that is hidden has no point.
    """
    shown = views.where(trial=list(titles))
    frame = shown.frame.rename(columns={"wave": "period", "mean": "value"})
    frame = frame.assign(comparability="", decimals=2)
    with style.settings():
        columns = min(COLUMNS, max(2, len(titles)))
        rows = -(-len(titles) // columns)
        made = style.canvas(PANEL_WIDTH * columns, PANEL_HEIGHT * rows + 0.2)
        panels = made.subplots(rows, columns, squeeze=False).ravel()
        for panel, (trial, title) in zip(panels, titles.items(), strict=False):
            _draw(panel, frame[frame["trial"] == trial], title)
        for unused in panels[len(titles) :]:
            unused.set_axis_off()
        return style.finished(
            made, _words(frame, titles), shown, id=id, caption=caption, source=source, is_synthetic=is_synthetic
        )


def _draw(axes: Any, frame: pd.DataFrame, title: str) -> None:
    waves = list(dict.fromkeys(frame["period"]))
    ends = draw_arms(axes, frame, waves, size=4.5)
    axes.set_title(style.wrapped(title, 32))
    axes.set_xticks(range(len(waves)), [wave.capitalize() for wave in waves])
    axes.set_xlim(-0.4, len(waves) - 0.6)
    axes.set_ylim(float(frame["lowest"].iloc[0]), float(frame["highest"].iloc[0]))
    axes.set(xlabel="", ylabel="")
    label_ends(axes, ends)


def _words(frame: pd.DataFrame, titles: Mapping[str, str]) -> Description:
    parts, message = [], []
    for trial, title in titles.items():
        own = frame[frame["trial"] == trial]
        arms = {series.label: own[own["arm"] == arm] for arm, series in style.ARMS.items()}
        parts.append(f"{title}. {'; '.join(series_words(label, rows) for label, rows in arms.items())}")
        message.append(f"{title}: {', '.join(ends_words(label.lower(), rows) for label, rows in arms.items())}")
    return described(
        "Line charts of mean answers before and after, of intervention and control schools, with 95% intervals",
        message,
        parts,
    )
