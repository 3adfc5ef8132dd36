"""The flow diagram: a box a step and arm, schools and pupils in every box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.patches import FancyBboxPatch

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure
from swis.report.wording import count_cell

STEPS: Mapping[str, str] = {
    "allocated": "Allocated",
    "analysed": "In the primary analysis",
    "stayed to the end": "Of these, stayed to the end",
}
LEFT_OUT = "left out"
WIDTH, HEIGHT, GAP = 0.42, 0.24, 0.11


def flow_figure(flow: Protected, *, id: str, caption: str, source: str, is_synthetic: bool) -> Figure:
    """Boxes from allocation down to those that stayed, intervention at the left and control at the right."""
    words = {(row["step"], row["arm"]): _words(row) for row in flow.frame.to_dict("records")}
    with style.settings():
        made = style.canvas(9.4, 4.6)
        axes = made.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.06)
        for column, (arm, series) in enumerate(style.ARMS.items()):
            left = 0.04 + column * 0.5
            axes.text(left + WIDTH / 2, 1.045, f"{series.label} schools", ha="center", fontweight="bold", fontsize=11,
                      color=style.lettering(series.colour))  # fmt: skip
            for place, (step, title) in enumerate(STEPS.items()):
                aside = f"not in it: {words[LEFT_OUT, arm]}" if step == "analysed" else ""
                lines = (title, words[step, arm], aside)
                _box(axes, left, 1 - (place + 1) * HEIGHT - place * GAP, lines, series.colour)
                if place:
                    _arrow(axes, left + WIDTH / 2, 1 - place * HEIGHT - (place - 1) * GAP)
        drawn = flow.where(step=[*STEPS, LEFT_OUT])
        return style.finished(
            made, _described(words), drawn, id=id, caption=caption, source=source, is_synthetic=is_synthetic
        )


def _described(words: Mapping[tuple[str, str], str]) -> Description:
    titles = {**STEPS, LEFT_OUT: "Not in the primary analysis"}
    parts = [f"{titles[step]}, {arm} schools: {text}" for (step, arm), text in words.items() if step in titles]
    message = [
        f"{titles[step]}: {', '.join(f'{arm} {words[step, arm]}' for arm in style.ARMS)}"
        for step in ("allocated", "analysed")
    ]
    return described("Flow diagram of schools and pupils by arm", message, parts)


def _words(row: Mapping[str, Any]) -> str:
    schools = f"{count_cell(row['schools'])} schools"
    return (
        f"{schools}, {count_cell(row['pupils'])} pupils" if pd.notna(row["pupils"]) else f"{schools}, pupils not known"
    )


def _box(axes: Any, left: float, bottom: float, lines: tuple[str, str, str], colour: str) -> None:
    shape = FancyBboxPatch((left, bottom), WIDTH, HEIGHT, boxstyle="round,pad=0.004,rounding_size=0.012",
                           linewidth=1.4, edgecolor=colour, facecolor="white")  # fmt: skip
    axes.add_patch(shape)
    heights = (0.76, 0.5, 0.22) if lines[2] else (0.66, 0.34, 0.0)
    for place, (text, height) in enumerate(zip(lines, heights, strict=True)):
        axes.text(left + WIDTH / 2, bottom + HEIGHT * height, text, ha="center", va="center",
                  fontsize=9.5 if place == 2 else 10.5, fontweight="bold" if place == 1 else "normal")  # fmt: skip


def _arrow(axes: Any, x: float, top: float) -> None:
    axes.annotate("", xy=(x, top - GAP + 0.006), xytext=(x, top - 0.006),
                  arrowprops={"arrowstyle": "-|>", "color": style.DARK_GREY, "linewidth": 1.2})  # fmt: skip
