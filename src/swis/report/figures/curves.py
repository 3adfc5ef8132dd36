"""Two small pictures of the primary model: its standard error over the spread between schools, and how it fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from swis.report.figures import style
from swis.report.figures.alt import joined
from swis.report.model import Figure


def error_curve_figure(
    curve: pd.DataFrame, published: pd.Series, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Standard error of the log rate ratio over the between-school SD, with the published and our own point marked."""
    marks = [
        ("Published interval", published["implied_between_school_sd"], published["published_standard_error"],
         style.ORANGE, "D"),
        ("This report", published["our_between_school_sd"], published["our_standard_error"], style.DARK_BLUE, "o"),
    ]  # fmt: skip
    with style.settings():
        made = style.canvas(8.6, 3.9)
        axes = made.subplots()
        sns.lineplot(data=curve, x="between_school_sd", y="standard_error", color=style.DARK_GREY, linewidth=2, ax=axes)
        for label, spread, error, colour, marker in marks:
            if np.isfinite([spread, error]).all():
                axes.scatter([spread], [error], color=colour, marker=marker, s=70, zorder=3, edgecolor="white")
                axes.annotate(
                    f"{label}: SD {spread:.2f}, SE {error:.3f}", (spread, error), xytext=(8, -14),
                    textcoords="offset points", fontsize=9.5, color=colour, fontweight="bold",
                )  # fmt: skip
        axes.set_xlabel("Standard deviation of the log rate between schools, not explained by covariates")
        axes.set_ylabel("Standard error of the log rate ratio")
        axes.set_ylim(bottom=0)
        axes.set_xlim(0, float(curve["between_school_sd"].max()))
        picture = style.png(made, is_synthetic=is_synthetic)
    points = [f"at {row.between_school_sd:.2f} it is {row.standard_error:.3f}" for row in curve.iloc[::5].itertuples()]
    said = [f"{label}: spread {spread:.2f}, standard error {error:.3f}" for label, spread, error, *_ in marks]
    alt = joined("A curve that rises with the spread between schools.", [", ".join(points), *said])
    return Figure(id, caption, alt, picture, source, style.shown_width(made), curve)


def rootogram_figure(
    bins: pd.DataFrame, title: str, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Schools by number of events, whose title is given: bars observed, a line what the model expects."""
    words = [
        f"{low}–{high}" if low < high else f"{low}"
        for low, high in zip(bins["from_count"], bins["to_count"], strict=True)
    ]
    data = bins.assign(bin=words, observed=bins["observed_schools"].astype(float))
    with style.settings():
        made = style.canvas(8.6, 3.4)
        axes = made.subplots()
        sns.barplot(data=data, x="bin", y="observed", color="#B8C7D9", ax=axes, errorbar=None, saturation=1, width=0.8)
        sns.lineplot(
            x=range(len(data)), y=data["expected_schools"], color=style.ORANGE, marker="o", linewidth=2, ax=axes
        )
        axes.set_xlabel(f"{title} at a school over the window")
        axes.set_ylabel("Schools")
        axes.text(0.99, 0.97, "bars: observed\nline: expected by the model", transform=axes.transAxes,
                  ha="right", va="top", fontsize=9.5)  # fmt: skip
        picture = style.png(made, is_synthetic=is_synthetic)
    parts = [
        f"{row.bin}: observed {row.observed:.0f}, expected {row.expected_schools:.0f}"
        for row in data.itertuples()
        if np.isfinite(row.observed)
    ]
    alt = joined(f"Bars of schools by number of events ({title}), with the expected number.", parts)
    return Figure(id, caption, alt, picture, source, style.shown_width(made), bins)
