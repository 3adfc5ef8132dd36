"""Two pictures of value: how likely the programme is to be worth its cost, and where the replicates lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure
from swis.report.wording import number_text, pounds_text, sentence_case

CURVES = {
    "probability": style.Series("Prices as given", style.DARK_BLUE, "o", ""),
    "with_uncertain_prices": style.Series("Uncertain prices", style.ORANGE, "s", (4, 2)),
}
PUBLISHED = style.Series("Published trial", style.DARK_GREY, "D", "")
MONEY = FuncFormatter(lambda value, _: pounds_text(round(value)))


def acceptability_figure(chances: Protected, *, id: str, caption: str, source: str, is_synthetic: bool) -> Figure:
    """Chance of a net benefit above 0 by what one event prevented is worth; the published chances as marks.

    `chances` [pounds, probability, with_uncertain_prices, published], the chances in whole per cents.
    """
    curve = chances.frame
    with style.settings():
        made = style.canvas(8.6, 3.9)
        axes = made.subplots()
        for name, series in CURVES.items():
            sns.lineplot(
                x=curve["pounds"], y=curve[name], color=series.colour, marker=series.marker, linewidth=2,
                linestyle=(0, series.dashes) if series.dashes else "-", label=series.label, ax=axes,
            )  # fmt: skip
        known = curve[curve["published"].notna()]
        axes.scatter(
            known["pounds"], 100 * known["published"], color=PUBLISHED.colour, marker=PUBLISHED.marker, s=55, zorder=3,
            label=PUBLISHED.label, clip_on=False,
        )  # fmt: skip
        axes.set_xlabel("What one enquiry prevented is worth")
        axes.set_ylabel("Chance of a net benefit (%)")
        axes.set_ylim(0, 100)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(MONEY)
        axes.legend(frameon=False, loc="upper left")
        return style.finished(
            made, _curve_words(curve, known), chances, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _curve_words(curve: pd.DataFrame, known: pd.DataFrame) -> Description:
    parts = [f"{series.label}: {_chances(curve, name)}" for name, series in CURVES.items()]
    printed = [f"{100 * row.published:.1f}% at £{row.pounds:,.0f}" for row in known.itertuples()]
    most = curve.tail(1)
    return described(
        "Curves of the chance that the programme is worth its cost",
        [f"{series.label}: {_chances(most, name)}" for name, series in CURVES.items()],
        [*parts, f"{PUBLISHED.label}: {', '.join(printed)}"] if printed else parts,
    )


def _chances(curve: pd.DataFrame, name: str) -> str:
    pairs = zip(curve["pounds"], curve[name], strict=True)
    return ", ".join(f"{chance:.0f}% at £{pounds:,.0f}" for pounds, chance in pairs)


def plane_figure(
    replicates: Protected, quadrants: Protected, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """The cost-effectiveness plane as shaded cells, darker where more of the replicates lie; both axes through 0.

    `replicates` [cost_from, cost_to, prevented_from, prevented_to, share] and `quadrants` [quadrant, share]; shares are
    per cents.
    """
    plane = replicates.frame
    with style.settings():
        made = style.canvas(7.2, 4.6)
        axes = made.subplots()
        _shade(axes, plane)
        axes.axhline(0, color=style.DARK_GREY, linewidth=1)
        axes.axvline(0, color=style.DARK_GREY, linewidth=1)
        axes.set_xlabel("Enquiries prevented per 1,000 pupils a year")
        axes.set_ylabel("Incremental cost per 1,000 pupils a year")
        axes.yaxis.set_major_formatter(MONEY)
        return style.finished(
            made, _plane_words(plane, quadrants.frame), replicates, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _plane_words(plane: pd.DataFrame, quadrants: pd.DataFrame) -> Description:
    ends = [
        f"incremental cost from {pounds_text(plane['cost_from'].min())} to {pounds_text(plane['cost_to'].max())}",
        "enquiries prevented from "
        f"{number_text(plane['prevented_from'].min())} to {number_text(plane['prevented_to'].max())}",
    ]
    shares = [f"{row.share:.0f}% {row.quadrant}" for row in quadrants.itertuples()]
    cells = [
        f"{cell.share:.0f}% at {pounds_text(cell.cost_from)} to {pounds_text(cell.cost_to)} and "
        f"{number_text(cell.prevented_from)} to {number_text(cell.prevented_to)} prevented"
        for cell in plane.sort_values("share", ascending=False, kind="stable").itertuples()
    ]
    return described(
        "Cells of cost by enquiries prevented, shaded by the share of the replicates",
        [f"Shares: {', '.join(shares)}"],
        [sentence_case("; ".join(ends)), f"Shares: {', '.join(shares)}", f"Cells: {'; '.join(cells)}"],
    )


def _shade(axes: Any, plane: pd.DataFrame) -> None:
    most, least = float(plane["share"].max()), float(plane["share"].min())
    axes.set_title(f"Darkest: {most:.0f}% of the replicates in a cell, palest: {least:.0f}%", fontweight="normal")
    for cell in plane.itertuples():
        corner = (cell.prevented_from, cell.cost_from)
        size = (cell.prevented_to - cell.prevented_from, cell.cost_to - cell.cost_from)
        shade = 0.12 + 0.88 * cell.share / most
        axes.add_patch(Rectangle(corner, *size, color=style.DARK_BLUE, alpha=shade, linewidth=0))
    spans = {"x": ("prevented_from", "prevented_to"), "y": ("cost_from", "cost_to")}
    for name, (first, last) in spans.items():
        low, high = min(float(plane[first].min()), 0.0), max(float(plane[last].max()), 0.0)
        edge = 0.04 * max(high - low, np.finfo(float).tiny)
        (axes.set_xlim if name == "x" else axes.set_ylim)(low - edge, high + edge)
