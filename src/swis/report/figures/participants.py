"""How many pupils were on the roll of trial schools, by trial and arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described, span_words
from swis.report.model import Figure
from swis.report.wording import count_text

HATCH = {"intervention": "", "control": "///"}


def participants_figure(
    participants: Protected,
    titles: Mapping[str, str],
    *,
    id: str,
    caption: str,
    source: str,
    is_synthetic: bool,
) -> Figure:
    """Bars of January headcount by academic year and arm, numbers on top, one panel a trial of `titles`."""
    shown = participants.where(arm=list(style.ARMS))
    frame = shown.frame
    trials = [trial for trial in titles if frame.loc[frame["trial"] == trial, "pupils"].notna().any()]
    years = sorted(frame["academic_year"].unique())
    with style.settings():
        made = style.canvas(10.2, 2.5 * len(trials) + 0.4)
        grid = np.atleast_1d(made.subplots(len(trials), 1, squeeze=False)).ravel()
        for axes, trial in zip(grid, trials, strict=True):
            _draw(axes, frame[frame["trial"] == trial], titles[trial], years)
        _legend(made)
        return style.finished(
            made, _words(frame, trials, titles), shown.where(trial=trials), id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _draw(axes: Any, frame: pd.DataFrame, title: str, years: list[str]) -> None:
    data = frame.assign(pupils=frame["pupils"].astype(float))
    sns.barplot(
        data=data,
        x="academic_year",
        y="pupils",
        hue="arm",
        order=years,
        hue_order=list(style.ARMS),
        ax=axes,
        legend=False,
        palette=[series.colour for series in style.ARMS.values()],
        errorbar=None,
        saturation=1,
        width=0.7,
    )
    for bars, arm in zip(axes.containers, style.ARMS, strict=False):
        for bar in bars:
            bar.set_hatch(HATCH[arm])
            bar.set_edgecolor("white")
        axes.bar_label(bars, fmt=lambda height: f"{height:,.0f}" if height else "", fontsize=9, padding=2)
    _mark_hidden(axes, data, years)
    axes.set_title(title)
    axes.set_xlabel("")
    axes.set_ylabel("Pupils")
    axes.margins(y=0.16)
    axes.yaxis.set_major_formatter(lambda height, _: f"{height:,.0f}")


def _mark_hidden(axes: Any, data: pd.DataFrame, years: list[str]) -> None:
    """The symbol where a bar would stand."""
    for row in data[data["pupils"].isna()].itertuples():
        place = years.index(row.academic_year) + (0.175 if row.arm == "control" else -0.175)
        axes.text(place, 0.03, row.symbol, transform=axes.get_xaxis_transform(), ha="center", fontsize=9)


def _legend(made: Any) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=series.colour, hatch=HATCH[arm], edgecolor="white", label=f"{series.label} schools")
        for arm, series in style.ARMS.items()
    ]
    made.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False, fontsize=10)


def _words(frame: pd.DataFrame, trials: list[str], titles: Mapping[str, str]) -> Description:
    parts, message = [], []
    for trial in trials:
        latest = []
        for arm, series in style.ARMS.items():
            rows = frame[(frame["trial"] == trial) & (frame["arm"] == arm)].sort_values("academic_year")
            known = rows[rows["pupils"].notna()].tail(1)
            latest += [f"{arm} {count_text(row.pupils)} in {row.academic_year}" for row in known.itertuples()]
            numbers = [f"{row.academic_year} {count_text(row.pupils, row.symbol)}" for row in rows.itertuples()]
            parts.append(f"{titles[trial]}, {series.label.lower()} schools: {', '.join(numbers)}")
        message.append(f"{titles[trial]}: {', '.join(latest)}")
    span = span_words(sorted(frame["academic_year"].unique()))
    return described(f"Bar charts of pupils on roll in January, by academic year, {span}, and arm", message, parts)
