"""The logic model of a programme: what was given, done and expected, column by column, and what of it is measured."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.patches import FancyBboxPatch

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure

LINE_LETTERS = 20
BOX_INCHES, TITLE_INCHES, KEY_INCHES = 0.92, 0.45, 0.35
WIDTH_INCHES = 10.2
MEASURED, NOT_MEASURED = "counted in this report", "not counted"


def logic_model_figure(
    model: Mapping[str, Any], *, id: str, caption: str, source: str, policy: str, is_synthetic: bool
) -> Figure:
    """Columns of boxes from left to right; a full frame is counted in this report, a broken one is not."""
    columns = model["columns"]
    boxes = pd.DataFrame(
        [
            {"column": column["title"], "box": box["words"], "status": MEASURED if box["measured"] else NOT_MEASURED}
            for column in columns
            for box in column["boxes"]
        ]
    )
    tallest = int(boxes["column"].value_counts().max())
    with style.settings():
        made = style.canvas(WIDTH_INCHES, tallest * BOX_INCHES + TITLE_INCHES + KEY_INCHES)
        axes = made.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, len(columns))
        axes.set_ylim(0, tallest + (TITLE_INCHES + KEY_INCHES) / BOX_INCHES)
        for place, column in enumerate(columns):
            _column(axes, place, column, tallest, is_last=place == len(columns) - 1)
        _key(axes, tallest)
        return style.finished(
            made, _described(model["title"], boxes), Protected(boxes, (), policy), id=id, caption=caption,
            source=source, is_synthetic=is_synthetic,
        )  # fmt: skip


def _column(axes: Any, place: int, column: Mapping[str, Any], tallest: int, *, is_last: bool) -> None:
    foot = KEY_INCHES / BOX_INCHES
    axes.text(place + 0.46, tallest + foot + 0.25, column["title"], ha="center", fontweight="bold", fontsize=10.5)
    share = tallest / len(column["boxes"])
    for row, box in enumerate(column["boxes"]):
        _box(axes, place + 0.03, foot + tallest - (row + 0.5) * share - 0.42, box["words"], is_measured=box["measured"])
    if not is_last:
        axes.annotate("", xy=(place + 1.025, foot + tallest / 2), xytext=(place + 0.895, foot + tallest / 2),
                      arrowprops={"arrowstyle": "-|>", "color": style.DARK_GREY, "linewidth": 1.6})  # fmt: skip


def _box(axes: Any, left: float, bottom: float, words: str, *, is_measured: bool) -> None:
    axes.add_patch(_frame(left, bottom, 0.86, 0.84, is_measured=is_measured))
    axes.text(left + 0.43, bottom + 0.42, "\n".join(textwrap.wrap(words, LINE_LETTERS)), ha="center", va="center",
              fontsize=9.5, linespacing=1.15)  # fmt: skip


def _frame(left: float, bottom: float, width: float, height: float, *, is_measured: bool) -> FancyBboxPatch:
    return FancyBboxPatch(
        (left, bottom), width, height, boxstyle="round,pad=0,rounding_size=0.04", linewidth=1.6 if is_measured else 1.1,
        linestyle="-" if is_measured else (0, (4, 3)), edgecolor=style.DARK_BLUE if is_measured else style.DARK_GREY,
        facecolor=style.BAND if is_measured else "white",
    )  # fmt: skip


def _key(axes: Any, tallest: int) -> None:
    for left, words, is_measured in ((0.03, MEASURED, True), (1.6, NOT_MEASURED, False)):
        axes.add_patch(_frame(left, 0.02, 0.16, 0.2, is_measured=is_measured))
        axes.text(left + 0.21, 0.12, words.capitalize(), va="center", fontsize=9.5)


def _described(title: str, boxes: pd.DataFrame) -> Description:
    columns = list(boxes.groupby("column", sort=False))
    message = [f"Columns: {', '.join(str(name).lower() for name, _ in columns)}"]
    parts = [f"{name}: {'; '.join(f'{row.box} ({row.status})' for row in rows.itertuples())}" for name, rows in columns]
    return described(f"Logic model of {title}, read from left to right", message, parts)
