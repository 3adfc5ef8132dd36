"""What was planned and what was delivered of it by academic year: a panel a programme or trial, a bar within a bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import seaborn as sns

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure
from swis.report.wording import count_cell

COLUMNS = 2
COUNTS = ("planned", "delivered")
PANEL_WIDTH, BAR_HEIGHT, ROOM = 5.1, 0.42, 0.75
PLANNED, DELIVERED = style.BAND, style.DARK_BLUE
# Room to the right of the longest bar for the words beside it, as a share of that bar.
BESIDE = 0.75


def planned_figure(
    panels: Mapping[str, pd.DataFrame], *, policy: str, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Panels by title, each with protected rows [academic_year, planned, delivered, symbol, verb] under one policy.

    The pale bar is what was planned, the dark one within it what was delivered; both numbers stand beside them.
    Hidden numbers are missing.
    """
    with style.settings():
        columns = min(COLUMNS, len(panels))
        grid = [list(panels)[first : first + columns] for first in range(0, len(panels), columns)]
        most = [max(len(panels[title]) for title in row) for row in grid]
        made = style.canvas(PANEL_WIDTH * columns + (2 - columns) * 2, sum(most) * BAR_HEIGHT + ROOM * len(grid) + 0.3)
        axes = made.subplots(
            len(grid), columns, squeeze=False, gridspec_kw={"height_ratios": [one + 0.6 for one in most]}
        )
        for place, title in enumerate(panels):
            _draw(axes.ravel()[place], panels[title], title)
        for unused in axes.ravel()[len(panels) :]:
            unused.set_axis_off()
        drawn = pd.concat([rows.assign(panel=title) for title, rows in panels.items()], ignore_index=True)
        return style.finished(
            made, _described(panels), Protected(drawn, COUNTS, policy), id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _draw(axes: Any, rows: pd.DataFrame, title: str) -> None:
    amounts = rows.assign(**{name: rows[name].astype("Float64").astype(float) for name in COUNTS})
    longest = float(amounts[list(COUNTS)].max().max())
    longest = longest if longest > 0 else 1.0
    for name, colour, width in (("planned", PLANNED, 0.78), ("delivered", DELIVERED, 0.42)):
        known = amounts.assign(**{name: amounts[name].fillna(0.0)})
        sns.barplot(
            data=known, x=name, y="academic_year", order=list(known["academic_year"]), color=colour, saturation=1,
            width=width, ax=axes, orient="h", edgecolor="#6B7684" if name == "planned" else colour, linewidth=0.8,
        )  # fmt: skip
    for place, row in enumerate(rows.to_dict("records")):
        end = max(float(amounts[name].fillna(0.0).iloc[place]) for name in COUNTS)
        axes.text(end + 0.02 * longest, place, _words(row), va="center", ha="left", fontsize=9.5)
    axes.set_title(style.wrapped(title, 48))
    axes.set_xlim(0, longest * (1 + BESIDE))
    axes.set(xlabel="", ylabel="")
    axes.grid(visible=False)
    axes.tick_params(bottom=False, labelbottom=False)
    axes.spines["bottom"].set_visible(False)


def _words(row: Mapping[str, Any]) -> str:
    symbol = str(row["symbol"])
    return f"{count_cell(row['delivered'], symbol)} {row['verb']} of {count_cell(row['planned'], symbol)}"


def _described(panels: Mapping[str, pd.DataFrame]) -> Description:
    parts = [
        f"{title}: " + ", ".join(f"{row['academic_year']} {_words(row)}" for row in rows.to_dict("records"))
        for title, rows in panels.items()
    ]
    message = []
    for title, rows in panels.items():
        latest = rows.sort_values("academic_year").to_dict("records")[-1]
        message.append(f"{title}, {latest['academic_year']}: {_words(latest)}")
    return described("Bars of what was planned, with what was delivered within them, by academic year", message, parts)
