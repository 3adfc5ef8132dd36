"""The section on the economic evaluation of the page that shows how the estimators were checked."""

from __future__ import annotations

import pandas as pd

from swis.economics.coverage.study import CostTrial
from swis.effects.coverage.page import as_table

TITLE = "Cost and net benefit by simulation"
HEADS = ["rate ratio", "quantity", "truth", "bias", "coverage", ""]


def section(summary: pd.DataFrame, *, replicates: int, pounds: float, seed: int) -> str:
    """The section in Markdown; the same results give the same bytes."""
    trial = CostTrial()
    treated, usual = (int(trial.schools[arm].sum()) for arm in ("intervention", "control"))
    missed = summary[summary["verdict"] == "too narrow"]
    short = (
        "No interval is too narrow."
        if missed.empty
        else f"Nominal is **missed** by {', '.join(_said(row) for _, row in missed.iterrows())}."
    )
    return (
        f"{int(summary['trials'].max()):,} trials a rate ratio, {treated} + {usual} schools in {trial.authorities} "
        "authorities, costed from posts and managers and compared by resampling schools within authority and arm, "
        f"{replicates:,} replicates each (seed {seed}). The truth is known: a worker costs "
        f"£{trial.pounds_a_worker_month:,.0f} a full-time month and fills {trial.filled_mean:.0%} of a post on "
        f"average, a manager £{trial.pounds_a_manager_month:,.0f}; schools differ by "
        f"{trial.rates.between_school_sd:g} in the log rate of enquiries and by {trial.rates.size_sigma:g} in the log "
        f"of their size. All per 1,000 pupils a year; net benefit at £{pounds:,.0f} an enquiry prevented. ± is the "
        f"Monte Carlo error.\n\n{short}\n\n"
        f"{as_table(HEADS, [_cells(row) for _, row in summary.iterrows()])}"
    )


def _said(row: pd.Series) -> str:
    return f"{row['quantity']} at a rate ratio of {row['rate_ratio']:g} (covers {row['coverage']:.1%})"


def _cells(row: pd.Series) -> list[str]:
    form = ",.2f" if row["quantity"] == "enquiries prevented" else ",.0f"
    return [
        f"{row['rate_ratio']:g}",
        row["quantity"],
        f"{row['truth']:{form}}",
        f"{row['bias']:{form}} ± {row['bias_error']:{form}}",
        f"{row['coverage']:.1%} ± {row['coverage_error']:.1%}",
        row["verdict"],
    ]
