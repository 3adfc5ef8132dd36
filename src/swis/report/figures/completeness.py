"""Which return of which period came from which authority: one cell each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure

# Sign and colour of each status; the sign alone is enough to read the figure.
STATUSES: Mapping[str, tuple[str, str, str]] = {
    "received": ("", style.DARK_BLUE, "received"),
    "missing": ("×", style.ORANGE, "missing"),
    "known gap": ("g", style.LIGHT_PURPLE, "known gap"),
    "not expected": ("", "#FFFFFF", "not expected"),
    "not read": ("?", "#DDE2E8", "not read, checks not finished"),
}
ORDER = list(STATUSES)
# Width of a cell in inches: a line of turned lettering.
CELL = 0.2


def completeness_figure(
    received: Protected,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    *,
    id: str,
    caption: str,
    source: str,
    is_synthetic: bool,
) -> Figure:
    """The matrix of authorities (`names`: slug to name) by returns (`titles`: kind to title) and periods.

    `received` [authority, returns, period, status, reason] counts nobody.
    """
    completeness = received.frame
    read = set(completeness["authority"])
    with style.settings():
        # The widths are what the lettering needs: a cell as wide as a line of turned labels, plus the names.
        panels = _panels(completeness, titles, names, read)
        width = 2.2 + CELL * sum(matrix.shape[1] for _, matrix in panels) + 0.25 * len(panels)
        made = style.canvas(max(width, 7.5), 0.22 * len(names) + 3.1)
        widths = [matrix.shape[1] for _, matrix in panels]
        grid = made.subplots(1, len(panels), squeeze=False, sharey=True, width_ratios=widths)[0]
        for axes, (title, matrix) in zip(grid, panels, strict=True):
            _draw(axes, matrix, title, names)
        _legend(made, is_whole=read.issuperset(names))
        return style.finished(
            made, _words(completeness, names, titles), received, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _panels(
    completeness: pd.DataFrame, titles: Mapping[str, str], names: Mapping[str, str], read: Collection[str]
) -> list[tuple[str, pd.DataFrame]]:
    """A panel a kind of return, its periods as columns; those returned once stand in one, each a column."""
    found = {kind: completeness[completeness["returns"] == kind] for kind in titles}
    periods = {kind: sorted(rows["period"].unique(), key=_in_time) for kind, rows in found.items() if len(rows)}
    panels = [
        (titles[kind], _matrix(found[kind], names, columns, read))
        for kind, columns in periods.items()
        if len(columns) > 1
    ]
    once = [kind for kind, columns in periods.items() if len(columns) == 1]
    if once:
        rows = pd.concat([found[kind].assign(period=titles[kind]) for kind in once])
        panels.append(("Once", _matrix(rows, names, [titles[kind] for kind in once], read)))
    return panels


def _in_time(period: str) -> tuple[str, int]:
    """Order of periods: by year, then spring, summer, autumn."""
    year = "".join(character for character in period if character.isdigit() or character == "/")
    terms = {"spring": 1, "summer": 2, "autumn": 3}
    return year, next((place for term, place in terms.items() if term in period.lower()), 0)


def _matrix(
    completeness: pd.DataFrame, names: Mapping[str, str], periods: Sequence[str], read: Collection[str]
) -> pd.DataFrame:
    codes = completeness.assign(code=completeness["status"].map(ORDER.index))
    matrix = (
        codes.pivot_table(index="authority", columns="period", values="code", aggfunc="max")
        .reindex(index=list(names), columns=list(periods))
        .fillna(ORDER.index("not expected"))
        .astype(int)
    )
    is_read = pd.Series(matrix.index.isin(list(read)), index=matrix.index)
    return matrix.where(is_read, ORDER.index("not read"), axis=0)


def _draw(axes: Any, matrix: pd.DataFrame, title: str, names: Mapping[str, str]) -> None:
    signs = np.array([STATUSES[status][0] for status in ORDER])[matrix.to_numpy()]
    colours = ListedColormap([STATUSES[status][1] for status in ORDER])
    sns.heatmap(
        matrix,
        ax=axes,
        cmap=colours,
        vmin=0,
        vmax=len(ORDER) - 1,
        cbar=False,
        linewidths=0.8,
        linecolor="#C9D1DA",
        annot=signs,
        fmt="",
        annot_kws={"fontsize": 10, "fontweight": "bold", "color": "#1b2430"},
    )
    # A column is about as wide as two letters of the title.
    axes.set_title(style.wrapped(title, max(8, 2 * matrix.shape[1])), fontsize=9.5)
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.set_xticks(np.arange(matrix.shape[1]) + 0.5, list(matrix.columns), rotation=90, fontsize=9)
    axes.set_yticks(np.arange(len(names)) + 0.5, list(names.values()), rotation=0, fontsize=9)
    axes.tick_params(length=0)


def _legend(made: Any, *, is_whole: bool) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=colour, edgecolor="#6B7684", label=f"{words} ({sign})" if sign else words)
        for status, (sign, colour, words) in STATUSES.items()
        if not (is_whole and status == "not read")
    ]
    made.legend(handles=handles, loc="outside upper left", ncols=len(handles), frameon=False, fontsize=10)


def _words(completeness: pd.DataFrame, names: Mapping[str, str], titles: Mapping[str, str]) -> Description:
    parts = []
    for kind, title in titles.items():
        rows = completeness[completeness["returns"] == kind]
        if rows.empty:
            continue
        parts.append(f"{title}: {_totals(rows)}")
    absent = completeness[completeness["status"].isin(["missing", "known gap"])].sort_values(
        ["authority", "returns", "period"]
    )
    named = [
        f"{names.get(row.authority, row.authority)}, {titles.get(row.returns, row.returns)} {row.period}: {row.status}"
        for row in absent.itertuples()
    ]
    unread = [f"Not read: {name}" for slug, name in names.items() if slug not in set(completeness["authority"])]
    return described(
        f"Matrix of {len(names)} {'authorities' if len(names) > 1 else 'authority'} by returns and periods",
        [f"Of all its cells: {_totals(completeness)}", *unread],
        [*parts, *named[:40], *unread],
    )


def _totals(rows: pd.DataFrame) -> str:
    totals = rows["status"].value_counts()
    return ", ".join(f"{totals[status]:,} {status}" for status in ORDER if status in totals)
