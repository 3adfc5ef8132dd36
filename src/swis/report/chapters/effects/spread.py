"""What the result rests on: spread between schools, what the trial can show, the published interval, the model's fit."""

from __future__ import annotations

import pandas as pd

from swis.plan import primary_outcome
from swis.report.chapters.effects.tables import plain_table
from swis.report.chapters.effects.words import difference_text, error_text, lower_first, ratio_text
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.curves import error_curve_figure, rootogram_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.wording import DASH

SIMULATED_SPREAD = (
    "The simulated schools were drawn with a standard deviation of about 0.38 over the two school years of the trial, a "
    "stated assumption taken from the published interval. Part of it goes with the baseline rate and free school meals, "
    "for which the analysis adjusts, so that the simulated trial is surer than the published one."
)


def spread_section(inputs: Inputs, held: EffectInputs) -> Section:
    """Spread between schools, what a trial of this size can show, and the published interval."""
    blocks: list[Block] = [
        paragraph(
            "How much schools of one authority differ decides how sure an estimate can be. For rates it is the standard "
            "deviation of the log rate, for shares that of the log odds; for scores the share of the spread that lies between "
            "schools."
        ),
        _spread(inputs, held),
    ]
    if not held.detectable.is_empty:
        blocks.append(_detectable(inputs, held))
    if not held.published.is_empty:
        blocks += _published(inputs, held)
    return Section(
        held.id("spread-section"), "Spread between schools, and what the trial can show", tuple(blocks),
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _spread(inputs: Inputs, held: EffectInputs) -> Table:
    rows = [
        (
            f"{inputs.measures[row['outcome']].title}, {row['window']}",
            str(row["quantity"]).capitalize(),
            row["model"],
            error_text(row["value"]),
            f"{error_text(row['lower'])} to {error_text(row['upper'])}" if pd.notna(row["lower"]) else DASH,
        )
        for row in held.design.frame.to_dict("records")
    ]
    columns = {
        "outcome": Column("Outcome"), "quantity": Column("Quantity"), "model": Column("Model"),
        "value": Column("Value", "value"),
        "interval": Column("95% interval", "interval"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id=held.id("spread"), caption="Spread between schools of an authority", data=held.design,
        source=inputs.data_source, note="0: schools vary no more than chance would have it.",
    )  # fmt: skip


def _detectable(inputs: Inputs, held: EffectInputs) -> Table:
    plan, unit = held.plan, "odds" if _is_share(held) else "rate"
    rows = [
        (f"{row['between_school_sd']:.2f}", ratio_text(row["smallest_fall"]), ratio_text(row["smallest_rise"]))
        for row in held.detectable.frame.to_dict("records")
    ]
    columns = {
        "sd": Column(f"Standard deviation of the log {unit} between schools", "value"),
        "fall": Column(f"Smallest fall shown ({unit} ratio)", "value"),
        "rise": Column(f"Smallest rise shown ({unit} ratio)", "value"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id=held.id("detectable"), data=held.detectable,
        caption=f"{unit.capitalize()} ratios that a trial of this size shows with {plan.power.power:.0%} power",
        source=f"schools, {'cases' if _is_share(held) else 'pupil-years'} and {'share' if _is_share(held) else 'rate'} of the primary analysis",
        note=f"Two-sided at {plan.power.significance_level:g}. The sample size calculation of the trial is not published; the "
        "spread is what covariates leave unexplained.",
    )  # fmt: skip


def _published(inputs: Inputs, held: EffectInputs) -> list[Block]:
    row = held.published.frame.iloc[0]
    words = paragraph(
        f"The published result is a rate ratio of {row['published_estimate']:.3f} ({row['published_lower']:.3f} to "
        f"{row['published_upper']:.3f}), which implies a standard error of the log ratio of "
        f"{row['published_standard_error']:.3f}. With the schools, pupil-years and rate of this report, that error belongs to "
        f"a standard deviation between schools of {_sd(row['implied_between_school_sd'])}; here it is "
        f"{_sd(row['our_between_school_sd'])}, after adjustment, and the standard error {row['our_standard_error']:.3f}. "
        + (SIMULATED_SPREAD if inputs.is_synthetic else "")
    )
    figure = error_curve_figure(
        held.curve, row, id=held.id("curve"), source=inputs.data_source, is_synthetic=inputs.is_synthetic,
        caption="Standard error of the primary log rate ratio, by spread between schools",
    )  # fmt: skip
    return [words, figure]


def _is_share(held: EffectInputs) -> bool:
    return primary_outcome(held.plan).main.link == "logit"


def _sd(value: float) -> str:
    return f"{value:.2f}" if pd.notna(value) else "no value"


def fit_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """Does the primary model fit: schools by counts, where it is one of counts, and its residuals."""
    told = held.residuals.frame["observed"].notna()
    blocks: list[Block] = [_rootogram(inputs, held)] if not held.rootogram.is_empty else []
    blocks += [_residuals(inputs, held)] if told.any() else []
    if not blocks:
        return None
    return Section(held.id("fit-section"), "Does the model fit", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _rootogram(inputs: Inputs, held: EffectInputs) -> Figure:
    title = inputs.measures[primary_outcome(held.plan).measure].title
    return rootogram_figure(
        held.rootogram, title, id=held.id("rootogram"),
        caption=f"Schools by number of {lower_first(title)}, observed and expected", source=inputs.data_source,
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _residuals(inputs: Inputs, held: EffectInputs) -> Table:
    rows = [
        (f"{row['quantile']:.0%}", difference_text(row["observed"]), difference_text(row["expected"]))
        for row in held.residuals.frame.to_dict("records")
    ]
    columns = {
        "quantile": Column("Quantile"), "observed": Column("Residuals of the model", "value"),
        "expected": Column("If the model is right", "value"),
    }  # fmt: skip
    described = "the binomial with a normal intercept of the school" if _is_share(held) else "the negative binomial"
    return plain_table(
        None, columns, rows, id=held.id("residuals"), caption="Residuals of the primary model, as normal scores",
        source=inputs.data_source, data=held.residuals,
        note=f"The two columns are alike where {described} describes how schools vary.",
    )  # fmt: skip
