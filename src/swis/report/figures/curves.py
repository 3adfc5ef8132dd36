"""Two small pictures of the primary model: its standard error over the spread between schools, and how it fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from swis.disclosure.protected import Protected
from swis.report.figures import style
from swis.report.figures.alt import Description, described
from swis.report.model import Figure
from swis.report.wording import number_text, sentence_case


def error_curve_figure(
    curve: Protected, published: pd.Series, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Standard error of the log rate ratio over the between-school SD, with the published and our own point marked.

    `curve` [between_school_sd, standard_error, lower, upper]; both points are added to it as rows of their own.
    """
    marks = [
        ("Published interval", published["implied_between_school_sd"], published["published_standard_error"],
         style.ORANGE, "D"),
        ("This report", published["our_between_school_sd"], published["our_standard_error"], style.DARK_BLUE, "o"),
    ]  # fmt: skip
    points = pd.DataFrame(
        [{"between_school_sd": spread, "standard_error": error, "point": label} for label, spread, error, *_ in marks]
    )
    drawn = curve.with_frame(pd.concat([curve.frame.assign(point=""), points], ignore_index=True))
    with style.settings():
        made = style.canvas(8.6, 3.9)
        axes = made.subplots()
        sns.lineplot(
            data=curve.frame, x="between_school_sd", y="standard_error", color=style.DARK_GREY, linewidth=2, ax=axes
        )
        for label, spread, error, colour, marker in marks:
            if np.isfinite([spread, error]).all():
                axes.scatter([spread], [error], color=colour, marker=marker, s=70, zorder=3, edgecolor="white")
                axes.annotate(
                    f"{label}: spread {spread:.2f},\nstandard error {error:.3f}", (spread, error), xytext=(10, -26),
                    textcoords="offset points", fontsize=9.5, color=style.lettering(colour), fontweight="bold",
                )  # fmt: skip
        axes.set_xlabel("Standard deviation of the log rate between schools, not explained by covariates")
        axes.set_ylabel("Standard error of the log rate ratio")
        axes.set_ylim(bottom=0)
        axes.set_xlim(0, float(curve.frame["between_school_sd"].max()))
        return style.finished(
            made, _error_words(curve.frame, points), drawn, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _error_words(curve: pd.DataFrame, points: pd.DataFrame) -> Description:
    told = [f"at {row.between_school_sd:.2f} it is {row.standard_error:.3f}" for row in curve.itertuples()]
    said = [
        f"{row.point}: spread {row.between_school_sd:.2f}, standard error {row.standard_error:.3f}"
        for row in points[points.notna().all(axis=1)].itertuples()
    ]
    opening = "A curve of the standard error, which rises with the spread between schools"
    return described(opening, [sentence_case(f"{told[0]} and {told[-1]}"), *said], [", ".join(told), *said])


def rootogram_figure(
    schools: Protected, title: str, *, id: str, caption: str, source: str, is_synthetic: bool
) -> Figure:
    """Schools by number of events, whose title is given: bars observed, a line what the model expects.

    `schools` [from_count, to_count, observed_schools, expected_schools, symbol], a row a bin.
    """
    bins = schools.frame
    words = [
        f"{low}–{high}" if low < high else f"{low}"
        for low, high in zip(bins["from_count"], bins["to_count"], strict=True)
    ]
    data = bins.assign(bin=words, observed=bins["observed_schools"].astype(float))
    with style.settings():
        made = style.canvas(8.6, 3.4)
        axes = made.subplots()
        sns.barplot(
            data=data,
            x="bin",
            y="observed",
            color="#B8C7D9",
            ax=axes,
            errorbar=None,
            saturation=1,
            width=0.8,
            label="Observed",
        )
        sns.lineplot(
            x=range(len(data)),
            y=data["expected_schools"],
            color=style.ORANGE,
            marker="o",
            linewidth=2,
            ax=axes,
            label="Expected by the model",
            legend=False,
        )
        axes.set_xlabel(f"{title} at a school over the window")
        axes.set_ylabel("Schools")
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0, fontsize=9.5)
        return style.finished(
            made, _schools_words(data, title), schools, id=id, caption=caption, source=source,
            is_synthetic=is_synthetic,
        )  # fmt: skip


def _schools_words(data: pd.DataFrame, title: str) -> Description:
    known = data[data["observed"].notna()]
    parts = [
        f"{row.bin}: observed {row.observed:.0f}, expected {number_text(row.expected_schools, decimals=1)}"
        for row in known.itertuples()
    ]
    apart = (known["observed"] - known["expected_schools"]).abs()
    message = [f"They are furthest apart at {parts[int(apart.to_numpy().argmax())]}"] if parts else []
    return described(f"Bars of schools by number of events ({title}), with the expected number", message, parts)
