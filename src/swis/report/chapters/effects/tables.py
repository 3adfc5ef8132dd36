"""Tables of estimates: one row an estimate, with what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.outcomes.registry import measures
from swis.report.chapters.effects.words import (
    error_text,
    estimate_text,
    freedom_text,
    interval_words,
    lower_first,
    p_text,
    scale_words,
    symbol_words,
)
from swis.report.model import Column, Table
from swis.report.wording import DASH, count_cell, listed_text, sentence_case

KEPT = [
    "analysis_id", "title", "level", "role", "window", "population", "scale", "estimate", "lower", "upper",
    "standard_error", "se_type", "degrees_of_freedom", "p_value", "p_holm", "schools_intervention", "schools_control",
    "count_intervention", "count_control", "denominator_intervention", "denominator_control", "method", "status",
    "message", "plan_clause", "deviation", "symbol",
]  # fmt: skip
OF_LOGARITHMS = "Standard errors of ratios are of their logarithm."
SIZES = (
    Column("Schools, intervention", "count"),
    Column("Schools, control", "count"),
)
NUMBERS = (
    Column("Estimate", "value"),
    Column("95% interval", "interval"),
    Column("Standard error", "value"),
    Column("Kind of standard error"),
    Column("p", "value"),
)


def data_of(rows: Protected) -> Protected:
    """The tidy form of rows of results, for the file beside the page."""
    return rows.columns([name for name in KEPT if name in rows.frame])


def number_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of NUMBERS."""
    return (
        estimate_text(row),
        interval_words(row),
        error_text(row["standard_error"]),
        freedom_text(row),
        p_text(row["p_value"]),
    )


def size_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of SIZES."""
    return tuple(count_cell(row[f"schools_{arm}"], row["symbol"]) for arm in ("intervention", "control"))


def estimates_table(
    rows: Protected,
    titles: Mapping[str, str],
    *,
    id: str,
    caption: str,
    source: str,
    first: str = "Outcome",
    with_holm: bool = False,
    note: str = "",
) -> Table:
    """Estimates under what they are of: `titles` maps analysis_id to the words of the group they stand under."""
    shown = [row for row in rows.frame.to_dict("records") if row["analysis_id"] in titles]
    holm = (Column("p, Holm", "value"),) if with_holm else ()
    columns = (Column(first), Column("Estimate of"), *NUMBERS, *holm, *SIZES)
    cells = [
        (
            titles[row["analysis_id"]],
            label_of(row),
            *number_cells(row),
            *((p_text(row["p_holm"]),) if with_holm else ()),
            *size_cells(row),
        )
        for row in shown
    ]
    words = " ".join(part for part in (note, remarks(shown, titles), OF_LOGARITHMS, symbol_words()) if part)
    kept = rows.where(analysis_id=list(titles))
    return Table(id, caption, columns, tuple(cells), source, note=words, row_headers=2, is_grouped=True,
                 data=data_of(kept))  # fmt: skip


def label_of(row: Mapping[str, Any]) -> str:
    """What one estimate is: its scale, and the group where there is one."""
    scale = scale_words(row["scale"], measures()[str(row["outcome"])].unit)
    level = str(row["level"])
    if level == "interaction":
        return "Test that all groups have one effect"
    return f"{sentence_case(level)}: {lower_first(scale)}" if level else scale


def remarks(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """What was met in fitting, once for each analysis that met something."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if pd.notna(row["message"]) and row["message"]:
            found.setdefault(str(row["message"]).rstrip("."), []).append(titles[row["analysis_id"]])
    return " ".join(f"{listed_text(dict.fromkeys(names))}: {message}." for message, names in found.items())


def plain_table(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    cells: Sequence[Sequence[str]],
    *,
    id: str,
    caption: str,
    source: str,
    note: str = "",
    row_headers: int = 1,
    data: Protected | None = None,
) -> Table:
    """A small table whose cells are already words."""
    rows = tuple(tuple(cell or DASH for cell in row) for row in cells)
    return Table(id, caption, tuple(columns.values()), rows, source, note=note, row_headers=row_headers, data=data)
