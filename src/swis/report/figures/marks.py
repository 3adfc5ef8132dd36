"""Marks shared by figures over academic years: the pandemic, breaks, hidden points, labels at line ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from swis.report.figures.style import BAND, DARK_GREY, Series, lettering

COVID_YEARS = ("2019/20", "2020/21")
# Height of a label and the room above it, as a share of the axis.
LABEL_GAP = 0.1
# What a hollow mark says about the point it stands on.
HOLLOW = frozenset({"teacher assessed", "break", "partly observed"})


def mark_pandemic(axes: Any, academic_years: Sequence[str]) -> None:
    """A grey band behind the two academic years of school closures, with its word at the top."""
    touched = [place for place, year in enumerate(academic_years) if year in COVID_YEARS]
    if touched:
        axes.axvspan(min(touched) - 0.5, max(touched) + 0.5, color=BAND, zorder=0, linewidth=0)
        axes.text(
            np.mean(touched),
            0.985,
            "COVID-19",
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=8.5,
            color=DARK_GREY,
        )


def label_years(axes: Any, academic_years: Sequence[str]) -> None:
    """Academic years in full along the axis, with room at both ends."""
    axes.set_xticks(range(len(academic_years)), academic_years)
    axes.set_xlim(-0.5, len(academic_years) - 0.5)
    axes.set_xlabel("")


def number_heights(axes: Any) -> None:
    """Ticks along the height as it stands, at round numbers with at most two decimals, thousands with commas."""
    low, high = axes.get_ylim()
    ticks = [tick for tick in MaxNLocator(nbins=6, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high]
    decimals = next((places for places in (0, 1) if np.allclose(np.round(ticks, places), ticks)), 2)
    axes.set_yticks(ticks, [f"{tick:z,.{decimals}f}".replace("-", "−") for tick in ticks])


def draw_lines(axes: Any, lines: Sequence[tuple[Series, np.ndarray, np.ndarray]]) -> None:
    """The lines of one panel (series, places, heights); each breaks where a height is missing.

    Nothing is known of the years between two points on either side of a gap.
    """
    known = [line for line in lines if not np.isnan(line[2]).all()]
    if not known:
        return
    parts = [
        pd.DataFrame({"x": places, "y": heights, "series": series.label, "stretch": np.cumsum(np.isnan(heights))})
        for series, places, heights in known
    ]
    # To know whether to name an axis seaborn lays out all its ticks; it leaves an axis alone that has a name.
    axes.set(xlabel="x", ylabel="y")
    sns.lineplot(
        data=pd.concat(parts, ignore_index=True),
        x="x",
        y="y",
        hue="series",
        style="series",
        units="stretch",
        estimator=None,
        palette={series.label: series.colour for series, _, _ in known},
        dashes={series.label: series.dashes for series, _, _ in known},
        linewidth=2,
        legend=False,
        ax=axes,
    )
    axes.set(xlabel="", ylabel="")


def label_ends(axes: Any, ends: Mapping[str, tuple[float, str]]) -> None:
    """Names beside the right edge, at the height of each line's last point, moved apart where they would touch.

    `ends` maps a label to the height of its line's last point and the line's colour.
    """
    low, high = axes.get_ylim()
    gap = (high - low) * LABEL_GAP
    order = sorted(ends.items(), key=lambda item: item[1][0])
    heights = _apart([height for _, (height, _) in order], gap, high - gap / 2)
    for (label, (_, colour)), height in zip(order, heights, strict=True):
        axes.annotate(
            label,
            (1.0, height),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=9.5,
            color=lettering(colour),
            fontweight="bold",
            annotation_clip=False,
        )


def _apart(heights: Sequence[float], gap: float, top: float) -> list[float]:
    """Heights in order, each at least `gap` above the one before, the pile pushed down below `top`."""
    placed: list[float] = []
    for height in heights:
        placed.append(height if not placed else max(height, placed[-1] + gap))
    for index in range(len(placed) - 1, -1, -1):
        ceiling = top if index == len(placed) - 1 else placed[index + 1] - gap
        placed[index] = min(placed[index], ceiling)
    return placed
