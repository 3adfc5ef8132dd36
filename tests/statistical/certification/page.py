"""The tables of certification: printed, and written as a section of the page on checks of the estimators."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from .comparison import Comparison, Tolerance
from .references import Reference

TITLE = "Agreement with R"
PREAMBLE = """# Checks of the estimators

Made by `make certify`: every estimator against R, and by simulation.
"""
# Below this only rounding is left, which differs between machines.
ROUNDING = 1e-9
HEADS = ["estimator", "reference", "quantity", "fits", "largest difference", "measured in", "tolerance", "agrees"]


def shown(difference: float) -> str:
    """One significant digit, so that the page does not change with the machine; rounding error is not spelled out."""
    if math.isinf(difference):
        return "not comparable"
    return f"< {ROUNDING:.0e}" if difference < ROUNDING else f"{difference:.0e}"


def comparison_rows(comparisons: Sequence[Comparison]) -> list[list[str]]:
    """One row an estimator, reference, quantity and tolerance: the largest difference over its fits."""
    grouped: dict[tuple[str, str, str, Tolerance], list[Comparison]] = {}
    for one in comparisons:
        grouped.setdefault((one.estimator, one.reference, one.quantity, one.tolerance), []).append(one)
    return [
        [
            estimator,
            reference,
            quantity,
            str(len(group)),
            shown(max(one.largest_difference for one in group)),
            tolerance.unit,
            f"{tolerance.limit:g}",
            "yes" if all(one.is_within for one in group) else "NO",
        ]
        for (estimator, reference, quantity, tolerance), group in sorted(
            grouped.items(), key=lambda item: (*item[0][:3], item[0][3].limit)
        )
    ]


def reason_rows(comparisons: Sequence[Comparison]) -> list[list[str]]:
    """Each tolerance once, with the reason that it is not smaller."""
    used = {one.tolerance for one in comparisons}
    return sorted([[f"{tolerance.limit:g}", tolerance.unit, tolerance.reason] for tolerance in used], key=str)


def not_claimed_rows(references: Sequence[Reference]) -> list[list[str]]:
    """Every stored fit or quantity that is not claimed."""
    return [[one.name, held.fit, held.quantity, held.reason] for one in references for held in one.all_not_claimed()]


def section(references: Sequence[Reference], comparisons: Sequence[Comparison], about_r: str) -> str:
    """The section's text in Markdown."""
    agree = sum(one.is_within for one in comparisons)
    fits = len({(one.reference, one.fit) for one in comparisons})
    made_by = "\n".join(f"- {one.name}: {one.made_by}" for one in references)
    return f"""{fits} stored fits, {len(comparisons)} quantities compared, {agree} within their tolerance.
Differences are the largest over the fits of a row and over their coefficients. The stored fits were made by

{made_by}

{about_r}

{as_table(HEADS, comparison_rows(comparisons))}

Why each tolerance is not smaller:

{as_table(["tolerance", "measured in", "reason"], reason_rows(comparisons))}

Stored, and not claimed:

{as_table(["reference", "fit", "quantity", "reason"], not_claimed_rows(references))}"""


def write_section(page: Path, text: str, title: str = TITLE) -> None:
    """Put `text` under the heading `title`, in place of what stood there; other sections stay as they are."""
    held = page.read_text(encoding="utf-8") if page.exists() else PREAMBLE
    placed = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    written = pattern.sub(lambda _: placed + "\n", held) if pattern.search(held) else f"{held.rstrip()}\n\n{placed}"
    page.write_text(written.rstrip() + "\n", encoding="utf-8")


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, columns padded so that it reads as well in a terminal."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [padded[0], rule, *padded[1:]])
