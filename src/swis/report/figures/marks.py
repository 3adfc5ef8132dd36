"""Marks shared by figures over academic years: the pandemic, breaks, hidden points, labels at line ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from swis.report.figures.style import BAND, DARK_GREY

COVID_YEARS = ("2019/20", "2020/21")
# What a hollow mark says about the point it stands on.
HOLLOW = frozenset({"teacher assessed", "break", "partly observed"})


def mark_pandemic(axes: Any, academic_years: Sequence[str]) -> None:
    """A grey band behind the two academic years of school closures, with its word at the top."""
    touched = [place for place, year in enumerate(academic_years) if year in COVID_YEARS]
    if touched:
        axes.axvspan(min(touched) - 0.5, max(touched) + 0.5, color=BAND, zorder=0, linewidth=0)
        axes.text(
            np.mean(touched), 0.985, "COVID-19", transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8.5,
            color=DARK_GREY,
        )  # fmt: skip


def label_years(axes: Any, academic_years: Sequence[str]) -> None:
    """Academic years in full along the axis, with room at both ends."""
    axes.set_xticks(range(len(academic_years)), academic_years)
    axes.set_xlim(-0.5, len(academic_years) - 0.5)
    axes.set_xlabel("")


def label_ends(axes: Any, ends: Mapping[str, tuple[float, str]], place: float) -> None:
    """Names at the right-hand ends of lines, moved apart where they would touch.

    `ends` maps a label to the height of its line's last point and the line's colour.
    """
    low, high = axes.get_ylim()
    gap = (high - low) * 0.085
    order = sorted(ends.items(), key=lambda item: item[1][0])
    heights = _apart([height for _, (height, _) in order], gap, high - gap / 2)
    for (label, (_, colour)), height in zip(order, heights, strict=True):
        axes.annotate(
            label, (place, height), xytext=(7, 0), textcoords="offset points", va="center", ha="left", fontsize=9.5,
            color=colour, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _apart(heights: Sequence[float], gap: float, top: float) -> list[float]:
    """Heights in order, each at least `gap` above the one before, the pile pushed down below `top`."""
    placed: list[float] = []
    for height in heights:
        placed.append(height if not placed else max(height, placed[-1] + gap))
    for index in range(len(placed) - 1, -1, -1):
        ceiling = top if index == len(placed) - 1 else placed[index + 1] - gap
        placed[index] = min(placed[index], ceiling)
    return placed
