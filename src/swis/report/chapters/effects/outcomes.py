"""The results themselves: arms before, primary, secondary, exploratory, harms, what the added year changed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.disclosure.protected import Protected
from swis.params import SurveyScale
from swis.plan import primary_outcome
from swis.plan.specification import RATIOS
from swis.report.chapters.effects.tables import data_of, estimates_table, plain_table
from swis.report.chapters.effects.words import lower_first, ratio_text, scale_words, whole_text, window_words
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.forest import ForestRow, forest_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.wording import count_cell, sentence_case

RATE_RATIO = "rate ratio"
STANDARDISED = "Rate difference: per 1,000 pupil-years, standardised over the schools analysed."
AXIS = "Ratio, intervention over control (log scale)"
SIDES = ("less in intervention schools", "more in intervention schools")
READINGS = {
    "signal": "signal: the interval lies above no effect",
    "to watch": "to watch: the estimate is raised, the interval holds no effect",
    "no signal": "no signal",
    "not estimated": "not estimated",
}


def titles_of(inputs: Inputs, rows: Protected) -> dict[str, str]:
    """Words of the outcome and window of each analysis: 'Referrals, 23 months'."""
    found = rows.frame.drop_duplicates("analysis_id")
    return {
        row["analysis_id"]: f"{inputs.measures[row['outcome']].title}, {row['window']}"
        for row in found.to_dict("records")
    }


def primary_section(inputs: Inputs, held: EffectInputs) -> Section:
    """The primary result: in a sentence, in a table, beside what is always read with it."""
    rows = held.results.where(role="primary", analysis="main")
    first = rows.frame.iloc[0]
    title = inputs.measures[first["outcome"]].title
    blocks: list[Block] = [paragraph(_primary_words(first, title), tone="key")]
    if not first["symbol"]:
        blocks.append(paragraph(_reading(first, title)))
    is_rate = first["scale"] == RATE_RATIO
    blocks += [
        estimates_table(
            rows, titles_of(inputs, rows), id=held.id("primary"), caption="Primary outcome: effect of the programme",
            source=inputs.data_source, note=STANDARDISED if is_rate else "",
        ),
        _events(inputs, held, rows),
        *_beside(inputs, held, first["window"]),
        _excluded(inputs, held, first["analysis_id"]),
    ]  # fmt: skip
    return Section(held.id("primary-section"), "Primary outcome", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _primary_words(row: pd.Series, title: str) -> str:
    if row["symbol"]:
        return "Too few schools or events stand behind the primary estimate for it to be shown."
    over = f"Over {window_words(row['window'])}"
    if row["scale"] == RATE_RATIO:
        return (
            f"{over}, the rate of {lower_first(title)} of intervention schools was {whole_text(row)} times that of control "
            "schools: the adjusted rate ratio with its 95% interval."
        )
    return (
        f"{over}, the odds behind the {lower_first(title)} at intervention schools were {whole_text(row)} times those at "
        "control schools: the adjusted odds ratio with its 95% interval."
    )


def _reading(row: pd.Series, title: str) -> str:
    if row["lower"] <= 1 <= row["upper"]:
        return (
            "The interval holds 1: the data go with a fall as well as with a rise, anywhere between its ends, and show no "
            "effect that chance could not have made."
        )
    if row["scale"] != RATE_RATIO:
        side = "larger" if row["estimate"] > 1 else "smaller"
        return (
            f"The interval lies on one side of 1: the share was {side} than chance between schools would have made it."
        )
    side = "more" if row["estimate"] > 1 else "fewer"
    return (
        f"The interval lies on one side of 1: there were {side} {lower_first(title)} than chance between schools would have "
        "made."
    )


def _beside(inputs: Inputs, held: EffectInputs, window: str) -> list[Block]:
    """The outcomes without which the primary one cannot be read, over the same window."""
    outcome = primary_outcome(held.plan)
    if not outcome.beside:
        return []
    rows = held.results.where(outcome=list(outcome.beside), window=window, analysis="main")
    table = estimates_table(
        rows, titles_of(inputs, rows), id=held.id("beside"), caption="What the primary outcome is read beside",
        source=inputs.data_source, note=STANDARDISED,
    )  # fmt: skip
    return [paragraph(f"{outcome.beside_text}."), table]


def _events(inputs: Inputs, held: EffectInputs, rows: Protected) -> Table:
    row = rows.frame.iloc[0]
    cells = [
        (title, *(count_cell(row[f"{what}_{arm}"], row["symbol"]) for what in ("schools", "count", "denominator")))
        for arm, title in (("intervention", "Intervention"), ("control", "Control"))
    ]
    columns = {
        "arm": Column("Arm"), "schools": Column("Schools analysed", "count"),
        "count": Column(sentence_case(inputs.measures[row["outcome"]].title.removeprefix("Share of ")), "count"),
        "base": Column("Pupil-years" if row["scale"] == RATE_RATIO else "Out of", "count"),
    }  # fmt: skip
    return plain_table(
        None, columns, cells, id=held.id("primary-counts"), caption="What the primary estimate rests on",
        source=inputs.data_source,
    )  # fmt: skip


def _excluded(inputs: Inputs, held: EffectInputs, analysis: str) -> Table:
    frame = held.excluded.where(analysis_id=analysis).frame
    cells = [
        (row["reason"].capitalize(), count_cell(row["intervention"]), count_cell(row["control"]))
        for row in frame.to_dict("records")
    ] or [("None", count_cell(0), count_cell(0))]
    columns = {
        "reason": Column("Reason"), "intervention": Column("Intervention schools", "count"),
        "control": Column("Control schools", "count"),
    }  # fmt: skip
    return plain_table(
        None, columns, cells, id=held.id("excluded"), caption="Allocated schools that the primary analysis leaves out",
        source="allocation file and the authorities' returns",
        note="Schools that withdrew or merged stay in as long as returns hold their pupils; a "
        "sensitivity analysis takes only those that stayed to the end.",
    )  # fmt: skip


def outcomes_section(inputs: Inputs, held: EffectInputs, role: str) -> Section | None:
    """Secondary or exploratory outcomes: a forest of the ratios, and one table of everything."""
    rows = held.results.where(role=role, analysis="main")
    if rows.is_empty:
        return None
    titles = titles_of(inputs, rows)
    words = {
        "secondary": f"Each at its protocol time point: {held.plan.time_points.text}. The p-value by Holm allows for there "
        "being several.",
        "exploratory": "Not named in the protocol, or read at another time than it says: estimates and intervals, and no claim.",
    }[role]
    blocks: list[Block] = [paragraph(words)]
    scales = planned_scales(held)
    if scales and role == "secondary":
        blocks.append(paragraph(scales_in_words(inputs, scales)))
    forest = ratios_forest(
        inputs, rows, titles, id=held.id(f"{role}-forest"), caption=f"{role.capitalize()} outcomes: ratios"
    )
    blocks += [forest] if forest else []
    blocks.append(
        estimates_table(
            rows, titles, id=held.id(f"{role}"), caption=f"{role.capitalize()} outcomes: effect of the programme",
            source=inputs.data_source, with_holm=role == "secondary",
        )
    )  # fmt: skip
    return Section(
        held.id(f"{role}-section"), f"{role.capitalize()} outcomes", tuple(blocks), is_synthetic=inputs.is_synthetic
    )


def planned_scales(held: EffectInputs) -> Mapping[str, SurveyScale]:
    """The scales of the trial's survey on which an outcome of its plan is read, by role."""
    if held.trial.survey is None:
        return {}
    return {role: one for role, one in held.trial.survey.scales.items() if held.plan.outcome(f"dsl_{role}") is not None}


def scales_in_words(inputs: Inputs, scales: Mapping[str, SurveyScale]) -> str:
    """The scales of the trial's survey, with their items and range, and which way is better."""
    named = [
        f"{inputs.measures[f'dsl_{role}'].title}: {scale.name}, {scale.items} items of {scale.lowest:g} to {scale.highest:g}, "
        f"{inputs.measures[f'dsl_{role}'].direction.lower()}"
        for role, scale in scales.items()
    ]
    return (
        f"Scores are means of a lead's answers, in points an item. {'; '.join(named)}. Leads who did not answer at follow-up are "
        "not in the main estimates; the sensitivity analyses say what they might have changed, by moving the answers imputed "
        "for the supervised arm."
    )


def ratios_forest(inputs: Inputs, rows: Protected, titles: dict[str, str], *, id: str, caption: str) -> Figure | None:
    """The ratios among some estimates as a forest; None where there is none to draw."""
    frame = rows.frame[rows.frame["scale"].isin(RATIOS) & rows.frame["upper"].notna()]
    if frame.empty:
        return None
    lines = [
        ForestRow(titles[row["analysis_id"]], row["estimate"], row["lower"], row["upper"], whole_text(row))
        for row in frame.to_dict("records")
    ]
    return forest_figure(
        lines, id=id, caption=f"{caption}, with 95% intervals", source=inputs.data_source, axis_title=AXIS, sides=SIDES,
        policy=rows.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def harms_section(inputs: Inputs, held: EffectInputs) -> Section:
    """Outcomes watched for a rise."""
    rows = [
        (
            inputs.measures[row["outcome"]].title,
            row["text"],
            ratio_text(row["estimate"]),
            f"{ratio_text(row['lower'])} to {ratio_text(row['upper'])}" if pd.notna(row["lower"]) else "",
            READINGS[row["reading"]] if pd.notna(row["estimate"]) else READINGS["not estimated"],
        )
        for row in held.harms.frame.to_dict("records")
    ]
    columns = {
        "outcome": Column("Outcome"), "why": Column("Why it is watched"), "ratio": Column("Ratio", "value"),
        "interval": Column("95% interval", "interval"), "reading": Column("Reading", "status"),
    }  # fmt: skip
    table = plain_table(
        None, columns, rows, id=held.id("harms"), caption="Possible harms: outcomes watched for a rise",
        source=inputs.data_source, data=held.harms,
        note="Not corrected for looking at several: a harm must not be missed.",
    )  # fmt: skip
    return Section(held.id("harms-section"), "Possible harms", (table,), is_synthetic=inputs.is_synthetic)


def added_year_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """What the added year changed."""
    frame = held.added_year.frame
    if frame.empty:
        return None
    rows = [
        (
            inputs.measures[row["outcome"]].title,
            scale_words(row["scale"], inputs.measures[row["outcome"]].unit),
            *(_side(row, side) for side in ("interim", "full")),
            f"{row['interval_width_ratio']:.2f}",
        )
        for row in frame.to_dict("records")
    ]
    columns = {
        "outcome": Column("Outcome"), "scale": Column("Estimate of"), "interim": Column("To July 2022", "value"),
        "full": Column("To July 2023", "value"), "width": Column("Width of interval, full over interim", "value"),
    }  # fmt: skip
    words = paragraph(
        f"The extension paid for the returns of 2022/23. By protocol: {held.plan.time_points.text}. What is read at another "
        "time is exploratory; a width below 1 means that the added year made the estimate more precise."
    )
    table = plain_table(
        None, columns, rows, id=held.id("added-year"), caption="Estimates at July 2022 and at July 2023",
        source=inputs.data_source, data=held.added_year,
    )  # fmt: skip
    return Section(
        held.id("added-year-section"), "What the added year changed", (words, table), is_synthetic=inputs.is_synthetic
    )


def _side(row: dict[str, object], side: str) -> str:
    held = {name: row[f"{name}_{side}"] for name in ("estimate", "lower", "upper")}
    return whole_text({**held, "scale": row["scale"], "symbol": ""})


__all__ = [
    "added_year_section",
    "data_of",
    "harms_section",
    "outcomes_section",
    "primary_section",
    "titles_of",
]
