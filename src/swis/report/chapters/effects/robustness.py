"""How far the primary result rests on choices: sensitivity, subgroups, spread and power, fit of the model."""

from __future__ import annotations

import pandas as pd

from swis.disclosure import Protected
from swis.report.chapters.effects.outcomes import AXIS, SIDES, titles_of
from swis.report.chapters.effects.tables import estimates_table, plain_table
from swis.report.chapters.effects.words import RATIO_SCALES, difference_text, error_text, p_text, ratio_text, whole_text
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.curves import error_curve_figure, rootogram_figure
from swis.report.figures.forest import ForestRow, forest_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.wording import DASH

LEFT_OUT = "leave_one_authority_out"
SIMULATED_SPREAD = (
    "The simulated schools were drawn with a standard deviation of about 0.38 over the two school years of the trial, a "
    "stated assumption taken from the published interval. Part of it goes with the baseline rate and free school meals, "
    "for which the analysis adjusts, so that the simulated trial is surer than the published one."
)


def sensitivity_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """The primary analysis with one thing changed at a time, as a forest and a table; the secondary ones as a table."""
    rows = held.results.where(analysis=_names(held.results, "sensitivity:"))
    mine = rows.where(role="primary")
    if mine.is_empty:
        return None
    main = held.results.where(role="primary", analysis="main")
    blocks: list[Block] = [
        paragraph(
            "Each line changes one thing about the primary analysis. Where they agree, the result does not rest on that choice. "
            "Per protocol, dose and effect of a worker in post are not comparisons of the arms as drawn."
        )
    ]
    if not main.frame.iloc[0]["symbol"]:
        blocks.append(_forest(inputs, main, mine))
    whole = _without_left_out(mine)
    titles = dict(zip(whole.frame["analysis_id"], whole.frame["title"], strict=True))
    blocks.append(
        estimates_table(
            whole, titles, id="effects-sensitivity", caption="Sensitivity of the primary result", first="Analysis",
            source=inputs.data_source,
        )
    )  # fmt: skip
    if not main.frame.iloc[0]["symbol"]:
        blocks.append(_authorities(inputs, mine))
    others = _without_left_out(rows.where(role=["secondary", "exploratory"]))
    if not others.is_empty:
        words = titles_of(inputs, others)
        names = {
            row["analysis_id"]: f"{words[row['analysis_id']]}: {row['title']}"
            for row in others.frame.to_dict("records")
        }
        blocks.append(
            estimates_table(
                others, names, id="effects-sensitivity-secondary", caption="Sensitivity of the secondary results",
                first="Analysis", source=inputs.data_source,
            )
        )  # fmt: skip
    return Section("effects-sensitivity-section", "Sensitivity", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _names(results: Protected, prefix: str) -> list[str]:
    return [name for name in results.frame["analysis"].unique() if str(name).startswith(prefix)]


def _without_left_out(rows: Protected) -> Protected:
    kept = [name for name in rows.frame["analysis"].unique() if LEFT_OUT not in str(name)]
    return rows.where(analysis=kept)


def _forest(inputs: Inputs, main: Protected, rows: Protected) -> Figure:
    first = main.frame.iloc[0]
    lines = [ForestRow("Primary analysis", first["estimate"], first["lower"], first["upper"], whole_text(first),
                       is_main=True)]  # fmt: skip
    frame = _without_left_out(rows).frame
    drawn = frame[frame["scale"].isin(RATIO_SCALES) & frame["upper"].notna()]
    lines += [
        ForestRow(row["title"], row["estimate"], row["lower"], row["upper"], whole_text(row))
        for row in drawn.to_dict("records")
    ]
    return forest_figure(
        lines, id="effects-sensitivity-forest", caption="The primary rate ratio under other choices, with 95% intervals",
        source=f"{inputs.data_source} A line without a mark is an interval only (randomisation).", axis_title=AXIS,
        sides=SIDES, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _authorities(inputs: Inputs, rows: Protected) -> Figure:
    frame = rows.frame[rows.frame["analysis"].str.contains(LEFT_OUT)]
    lines = [
        ForestRow(f"Without {inputs.authorities.get(row['level'], row['level'])}", row["estimate"], row["lower"],
                  row["upper"], whole_text(row))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return forest_figure(
        lines, id="effects-left-out", caption="The primary rate ratio with each authority left out, with 95% intervals",
        source=inputs.data_source, axis_title=AXIS, sides=SIDES, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def subgroups_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """Effects by group, with the test that they are all the same."""
    rows = held.results.where(analysis=_names(held.results, "subgroup:"))
    if rows.is_empty:
        return None
    blocks: list[Block] = [
        paragraph(
            "Effects by group of schools or pupils, from one model each. With so many groups some will differ by chance: the "
            "test is of the difference between groups, and none carries a claim. Implementation was not drawn at random."
        )
    ]
    primary = rows.where(role="primary")
    if primary.frame["upper"].notna().any():
        blocks.append(_subgroup_forest(inputs, primary))
    words = titles_of(inputs, rows)
    names = {row["analysis_id"]: f"{row['title']} ({words[row['analysis_id']].lower()})"
             for row in rows.frame.to_dict("records")}  # fmt: skip
    blocks.append(
        estimates_table(
            rows,
            names,
            id="effects-subgroups",
            caption="Effects by subgroup",
            first="Groups",
            source=inputs.data_source,
        )
    )
    return Section("effects-subgroups-section", "Subgroups", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _subgroup_forest(inputs: Inputs, rows: Protected) -> Figure:
    lines: list[ForestRow] = []
    for _, group in rows.frame.groupby("analysis_id", sort=False):
        test = group[group["level"] == "interaction"]
        p_value = f"p {p_text(test.iloc[0]['p_value'])}" if len(test) else ""
        lines.append(ForestRow(str(group.iloc[0]["title"]), words=p_value, is_heading=True))
        lines += [
            ForestRow(str(row["level"]), row["estimate"], row["lower"], row["upper"], whole_text(row))
            for row in group.to_dict("records")
            if row["level"] != "interaction"
        ]
    return forest_figure(
        lines, id="effects-subgroups-forest", caption="The primary rate ratio by subgroup, with 95% intervals",
        source=f"{inputs.data_source} p: of the test that all groups have one effect.", axis_title=AXIS, sides=SIDES,
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def spread_section(inputs: Inputs, held: EffectInputs) -> Section:
    """Spread between schools, what a trial of this size can show, and the published interval."""
    blocks: list[Block] = [
        paragraph(
            "How much schools of one authority differ decides how sure an estimate can be. For rates it is the standard "
            "deviation of the log rate; for pupils' scores the share of the spread that lies between schools."
        ),
        _spread(inputs, held),
        _detectable(inputs, held),
    ]
    if not held.published.is_empty:
        blocks += _published(inputs, held)
    return Section(
        "effects-spread-section", "Spread between schools, and what the trial can show", tuple(blocks),
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
        None, columns, rows, id="effects-spread", caption="Spread between schools of an authority", data=held.design,
        source=inputs.data_source, note="0: schools vary no more than chance would have it.",
    )  # fmt: skip


def _detectable(inputs: Inputs, held: EffectInputs) -> Table:
    plan = held.trial.plan
    assert plan is not None
    rows = [
        (f"{row['between_school_sd']:.2f}", ratio_text(row["smallest_fall"]), ratio_text(row["smallest_rise"]))
        for row in held.detectable.frame.to_dict("records")
    ]
    columns = {
        "sd": Column("Standard deviation of the log rate between schools", "value"),
        "fall": Column("Smallest fall shown (rate ratio)", "value"),
        "rise": Column("Smallest rise shown (rate ratio)", "value"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id="effects-detectable", data=held.detectable,
        caption=f"Rate ratios that a trial of this size shows with {plan.power.power:.0%} power",
        source="schools, pupil-years and rate of the primary analysis",
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
        held.curve.frame, row, id="effects-curve", source=inputs.data_source, is_synthetic=inputs.is_synthetic,
        caption="Standard error of the primary log rate ratio, by spread between schools",
    )  # fmt: skip
    return [words, figure]


def _sd(value: float) -> str:
    return f"{value:.2f}" if pd.notna(value) else "no value"


def fit_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """Does the primary model fit."""
    bins = held.rootogram.frame
    if bins.empty:
        return None
    figure = rootogram_figure(
        bins, id="effects-rootogram", caption="Schools by number of section 47 enquiries, observed and expected",
        source=inputs.data_source, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip
    rows = [
        (f"{row['quantile']:.0%}", difference_text(row["observed"]), difference_text(row["expected"]))
        for row in held.residuals.frame.to_dict("records")
    ]
    columns = {
        "quantile": Column("Quantile"), "observed": Column("Residuals of the model", "value"),
        "expected": Column("If the model is right", "value"),
    }  # fmt: skip
    table = plain_table(
        None, columns, rows, id="effects-residuals", caption="Residuals of the primary model, as normal scores",
        source=inputs.data_source, data=held.residuals,
        note="The two columns are alike where the negative binomial describes how schools vary.",
    )  # fmt: skip
    return Section("effects-fit-section", "Does the model fit", (figure, table), is_synthetic=inputs.is_synthetic)
