"""A forest: one line an estimate, its interval across, the line of no effect down the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure

ROW_HEIGHT = 0.3
# Ticks by how far the axis reaches on either side of 1, finest first.
RATIO_TICKS: Sequence[tuple[float, tuple[float, ...]]] = (
    (1.6, (0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5)),
    (4.0, (0.25, 0.33, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0)),
    (30.0, (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)),
    (np.inf, (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)),
)
# Farther than this from 1 no axis goes: a few schools can leave an interval without end, which an arrow then shows.
FARTHEST_RATIO = 1500.0


@dataclass(frozen=True)
class ForestRow:
    """One line: what it is of, the ratio with its interval (nan where there is none), and the words at its right.

    `is_heading` is a line of words only; `is_main` draws the mark filled and larger.
    """

    label: str
    estimate: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    words: str = ""
    is_heading: bool = False
    is_main: bool = False


def forest_figure(
    rows: Sequence[ForestRow],
    *,
    id: str,
    caption: str,
    source: str,
    axis_title: str,
    sides: tuple[str, str],
    policy: str,
    is_synthetic: bool,
) -> Figure:
    """A forest of ratios on a log scale; `sides` are the words left and right of no effect.

    The rows are made of estimates that have passed the door; `policy` is the line under which they were protected.
    """
    with style.settings():
        made = style.canvas(10.2, ROW_HEIGHT * len(rows) + 1.25)
        axes = made.subplots()
        _draw(axes, rows)
        _axis(axes, rows, axis_title, sides)
        drawn = Protected(pd.DataFrame(map(asdict, rows)), (), policy)
        return style.finished(
            made, _words(caption, rows), drawn, id=id, caption=caption, source=source, is_synthetic=is_synthetic
        )


def _draw(axes: Any, rows: Sequence[ForestRow]) -> None:
    frame = pd.DataFrame([vars(row) for row in rows]).assign(place=range(len(rows)))
    drawn = frame[frame["estimate"].notna()]
    spans = frame[frame["lower"].notna()]
    axes.hlines(spans["place"], spans["lower"], spans["upper"], color=style.DARK_BLUE, linewidth=1.6, zorder=2)
    for is_main, size in ((True, 80), (False, 42)):
        some = drawn[drawn["is_main"] == is_main]
        sns.scatterplot(
            data=some, x="estimate", y="place", ax=axes, s=size, marker="D" if is_main else "s", linewidth=1.2,
            color=style.DARK_BLUE, edgecolor="white", legend=False, zorder=3,
        )  # fmt: skip
    axes.axvline(1.0, color=style.DARK_GREY, linewidth=1, zorder=1)
    for place, row in enumerate(rows):
        axes.text(-0.01, place, row.label, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  fontsize=9.5, fontweight="bold" if row.is_heading or row.is_main else "normal")  # fmt: skip
        axes.text(1.01, place, row.words, transform=axes.get_yaxis_transform(), ha="left", va="center", fontsize=9.5)


def _axis(axes: Any, rows: Sequence[ForestRow], title: str, sides: tuple[str, str]) -> None:
    low, high = _reach(rows)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    for place, row in enumerate(rows):
        for is_beyond, edge, mark in ((row.lower < low, low, "<"), (row.upper > high, high, ">")):
            if is_beyond:
                axes.plot([edge], [place], marker=mark, color=style.DARK_BLUE, markersize=7, clip_on=False, zorder=4)
    ticks = [tick for tick in next(held for widest, held in RATIO_TICKS if high <= widest) if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.4, -0.9)
    axes.set_ylabel("")
    axes.set_xlabel(title)
    axes.grid(visible=True, axis="x")
    axes.spines["left"].set_visible(False)
    axes.text(0.98, 1.0, f"{sides[1]} →", transform=axes.transAxes, ha="right", va="bottom", fontsize=9)
    axes.text(0.02, 1.0, f"← {sides[0]}", transform=axes.transAxes, ha="left", va="bottom", fontsize=9)


def _reach(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """How far the axis goes on either side of 1."""
    ends = [value for row in rows for value in (row.lower, row.upper, row.estimate) if 0 < value < np.inf] or [0.9, 1.1]
    reach = min(max(max(abs(np.log(value)) for value in ends) * 1.08, 0.12), np.log(FARTHEST_RATIO))
    return float(np.exp(-reach)), float(np.exp(reach))


def _words(caption: str, rows: Sequence[ForestRow]) -> Description:
    heading, parts = "", []
    for row in rows:
        if row.is_heading:
            heading = f"{row.label}, "
            parts += [f"{row.label}: {row.words}"] if row.words else []
            continue
        parts.append(f"{heading}{row.label}: {row.words or 'no estimate'}")
    return described(f"Forest plot. {caption}", _message(rows), parts)


def _message(rows: Sequence[ForestRow]) -> Iterator[str]:
    """How many intervals leave 1 out, and the lowest and the highest ratio."""
    spans = [row for row in rows if np.isfinite([row.lower, row.upper]).all()]
    apart = sum(row.lower > 1 or row.upper < 1 for row in spans)
    if spans:
        yield f"{apart} of {len(spans)} intervals {'leaves' if apart == 1 else 'leave'} out 1, no effect"
    drawn = sorted((row for row in rows if np.isfinite(row.estimate)), key=lambda row: row.estimate)
    if len(drawn) > 1:
        yield f"Lowest: {drawn[0].label}, {drawn[0].words}"
        yield f"Highest: {drawn[-1].label}, {drawn[-1].words}"
    elif drawn:
        yield f"{drawn[0].label}: {drawn[0].words}"
