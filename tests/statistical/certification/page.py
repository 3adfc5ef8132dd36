"""The tables of certification: printed, and written as a section of the page on checks of the estimators."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .comparison import Comparison, Tolerance
from .references import Reference

TITLE = "Agreement with R"
# Below this only rounding is left, which differs between machines.
ROUNDING = 1e-10
SUMMARY_HEADS = [
    "estimator",
    "reference",
    "fits",
    "quantities",
    "largest difference",
    "its tolerance",
    "of what, measured in",
    "all agree",
]
HEADS = ["estimator", "reference", "quantity", "fits", "largest difference", "measured in", "tolerance", "agrees"]

KINDS = {
    "coef": "coefficients",
    "se": "standard errors",
    "se_naive": "standard errors, model-based",
    "varcomp": "variances",
    "logLik": "log-likelihood",
    "df": "degrees of freedom",
    "df_satt": "degrees of freedom",
    "satterthwaite_df": "degrees of freedom",
    "barnard_rubin_df": "degrees of freedom",
    "theta": "dispersion",
    "dispersion_sigma": "dispersion",
    "scale": "dispersion",
    "alpha": "working correlation",
    "fmi": "fraction missing",
    "firm_HC0_nocadj": "standard errors",
    "firm_HC1": "standard errors",
    "year_HC1": "standard errors",
    "par_se": "standard errors of variances",
    "se_theta": "standard errors of variances",
    "kr_df": "Kenward and Roger",
    "kr_se": "Kenward and Roger",
    "searle_ci": "interval",
    "lower": "interval",
    "upper": "interval",
    **dict.fromkeys(("n0", "msb", "msw", "F", "k", "N"), "sums of squares"),
    "la_sd": "interval",
    "school_sd": "interval",
    "sigma": "interval",
}


def shown(difference: float) -> str:
    """One significant digit, so that the page does not change with the machine; rounding error is not spelled out."""
    if math.isinf(difference):
        return "not comparable"
    return f"< {ROUNDING:.0e}" if difference < ROUNDING else f"{difference:.0e}"


def comparison_rows(comparisons: Sequence[Comparison]) -> list[list[str]]:
    """One row an estimator, reference, kind of quantity and tolerance: the largest difference over its fits."""
    grouped: dict[tuple[str, str, str, Tolerance], list[Comparison]] = {}
    for one in comparisons:
        grouped.setdefault((one.estimator, one.reference, kind_of(one.quantity), one.tolerance), []).append(one)
    return [
        [
            estimator,
            reference,
            kind,
            str(len({one.fit for one in group})),
            shown(max(one.largest_difference for one in group)),
            tolerance.unit,
            f"{tolerance.limit:g}",
            "yes" if all(one.is_within for one in group) else "NO",
        ]
        for (estimator, reference, kind, tolerance), group in sorted(
            grouped.items(), key=lambda item: (*item[0][:3], item[0][3].limit)
        )
    ]


def summary_rows(comparisons: Sequence[Comparison]) -> list[list[str]]:
    """One row an estimator and reference: the quantity whose difference is the largest share of its tolerance."""
    grouped: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons:
        grouped.setdefault((one.estimator, one.reference), []).append(one)
    rows = []
    for (estimator, reference), group in sorted(grouped.items()):
        nearest = max(group, key=_nearness)
        rows.append(
            [
                estimator,
                reference,
                str(len({one.fit for one in group})),
                str(len(group)),
                shown(nearest.largest_difference),
                f"{nearest.tolerance.limit:g}",
                f"{kind_of(nearest.quantity)}, {nearest.tolerance.unit}",
                "yes" if all(one.is_within for one in group) else "NO",
            ]
        )
    return rows


def _nearness(one: Comparison) -> tuple[float, str]:
    """How near a difference comes to its tolerance; rounding error, which varies by machine, counts as none."""
    return (one.share_of_tolerance if one.largest_difference >= ROUNDING else 0.0, one.quantity)


def kind_of(path: str) -> str:
    """What a reader calls a stored quantity; every correction of clubSandwich counts as one kind."""
    return KINDS.get(path.split("/")[-1], path)


def reason_rows(comparisons: Sequence[Comparison]) -> list[list[str]]:
    """Each tolerance once, with the reason that it is not smaller."""
    used = {one.tolerance for one in comparisons}
    return sorted([[f"{tolerance.limit:g}", tolerance.unit, tolerance.reason] for tolerance in used], key=str)


def not_claimed_rows(references: Sequence[Reference]) -> list[list[str]]:
    """Every stored fit or quantity that is not claimed, those with one reason together."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for one in references:
        for held in one.all_not_claimed():
            together.setdefault((one.name, kind_of(held.quantity), held.reason), []).append(held.fit)
    return [[name, kind, ", ".join(dict.fromkeys(fits)), why] for (name, kind, why), fits in together.items()]


def section(references: Sequence[Reference], comparisons: Sequence[Comparison], about_r: str) -> str:
    """The section's text in Markdown."""
    agree = sum(one.is_within for one in comparisons)
    fits = len({(one.reference, one.fit) for one in comparisons})
    made_by = "\n".join(f"- {one.name}: {one.made_by}" for one in references)
    return f"""{fits} stored fits, {len(comparisons)} quantities compared, {agree} within their tolerance.
The first table shows, of each estimator and reference, the difference that comes nearest to its tolerance; the second
shows the largest difference of each kind of quantity over fits and coefficients. The stored fits were made by

{made_by}

{about_r}

{as_table(SUMMARY_HEADS, summary_rows(comparisons))}

{as_table(HEADS, comparison_rows(comparisons))}

Why each tolerance is not smaller:

{as_table(["tolerance", "measured in", "reason"], reason_rows(comparisons))}

Stored, and not claimed:

{as_table(["reference", "quantity", "fits", "reason"], not_claimed_rows(references))}"""


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, columns padded so that it reads as well in a terminal."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [padded[0], rule, *padded[1:]])
