"""The timeline: windows of the trials and closures of schools as bars over the academic years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import matplotlib.dates as dates
import pandas as pd

from swis.disclosure.protected import Protected
from swis.in_words import long_date
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure

ROW_INCHES = 0.4
LEAST_DAYS_FOR_WORDS = 150
# How a kind of bar is filled; its words stand beside it, so that no meaning hangs on the filling.
FILLS = {
    "baseline": {"facecolor": style.BAND, "edgecolor": style.DARK_GREY, "hatch": "...."},
    "window": {"facecolor": style.DARK_BLUE, "edgecolor": style.DARK_BLUE, "hatch": ""},
    "extension": {"facecolor": "white", "edgecolor": style.DARK_BLUE, "hatch": "////"},
    "closure": {"facecolor": style.ORANGE, "edgecolor": style.ORANGE, "hatch": ""},
}


def timeline_figure(
    spans: pd.DataFrame, academic_years: Sequence[str], *, id: str, caption: str, source: str, policy: str,
    is_synthetic: bool,
) -> Figure:  # fmt: skip
    """One line a name: `spans` has name, kind (of FILLS), words, side, first_day, last_day, in order."""
    names = list(dict.fromkeys(spans["name"]))
    with style.settings():
        made = style.canvas(10.2, ROW_INCHES * len(names) + 0.8)
        axes = made.subplots()
        for row in spans.to_dict("records"):
            _bar(axes, names.index(row["name"]), row)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        _years(axes, academic_years)
        return style.finished(
            made, _described(spans, academic_years), Protected(spans, (), policy), id=id, caption=caption,
            source=source, is_synthetic=is_synthetic,
        )  # fmt: skip


def _bar(axes: Any, place: int, row: dict[str, Any]) -> None:
    """A bar with its words inside where there is room, else at that side of it where the row is empty."""
    first, last = (float(dates.date2num(row[name])) for name in ("first_day", "last_day"))
    axes.barh(place, last - first, left=first, height=0.62, linewidth=1, zorder=3, **FILLS[row["kind"]])
    if last - first >= LEAST_DAYS_FOR_WORDS:
        is_dark = row["kind"] == "window"
        around = {} if is_dark else {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1.2}}
        axes.text((first + last) / 2, place, row["words"], ha="center", va="center", fontsize=8.5, zorder=4,
                  color="white" if is_dark else style.DARK_GREY, **around)  # fmt: skip
        return
    edge, side = (last + 8, "left") if row["side"] == "right" else (first - 8, "right")
    axes.text(edge, place, row["words"], ha=side, va="center", fontsize=8.5, zorder=4)


def _years(axes: Any, academic_years: Sequence[str]) -> None:
    starts = [date(int(year[:4]), 9, 1) for year in academic_years]
    end = date(starts[-1].year + 1, 8, 31)
    for start in [*starts, end]:
        axes.axvline(dates.date2num(start), color="#C3CAD3", linewidth=0.8, zorder=1)
    middles = [dates.date2num(start) + 182 for start in starts]
    axes.set_xticks(middles, academic_years)
    axes.tick_params(axis="both", length=0)
    axes.grid(visible=False)
    axes.set_xlim(dates.date2num(starts[0]) - 5, dates.date2num(end) + 5)
    axes.set_xlabel("Academic year (1 September to 31 August)")


def _described(spans: pd.DataFrame, academic_years: Sequence[str]) -> Description:
    parts = [
        f"{row.name}: {row.words}, {long_date(row.first_day)} to {long_date(row.last_day)}"
        for row in spans.itertuples(index=False)
    ]
    names = ", ".join(dict.fromkeys(spans["name"]))
    years = f"{academic_years[0]} to {academic_years[-1]}"
    return described(f"Timeline by academic year, {years}, one line each", [f"Lines: {names}"], parts)
