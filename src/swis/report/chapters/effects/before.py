"""Before the results: the flow of schools and pupils to the analysis, and the arms before the programme began."""

from __future__ import annotations

import pandas as pd

from swis.disclosure.intervals import three_figures
from swis.effects.analysis import january_of
from swis.in_words import year_groups_words
from swis.report.chapters.effects.tables import plain_table
from swis.report.chapters.effects.words import difference_text
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.flow import flow_figure
from swis.report.inputs import Inputs
from swis.report.model import Column, Section
from swis.report.wording import DASH, count_cell, number_text


def flow_section(inputs: Inputs, held: EffectInputs) -> Section:
    """Schools and pupils from allocation to analysis."""
    figure = flow_figure(
        held.flow,
        id=held.id("flow"),
        caption="Schools and pupils from allocation to analysis",
        source=f"allocation file; {inputs.data_source} Pupils: {year_groups_words(held.trial)} in {_january(held)}.",
        is_synthetic=inputs.is_synthetic,
    )
    cells = {(row["step"], row["arm"]): row for row in held.flow.frame.to_dict("records")}
    steps = list(dict.fromkeys(held.flow.frame["step"]))
    rows = [
        (
            step.capitalize(),
            *(
                _flow_cell(cells[step, arm][what])
                for arm in ("intervention", "control")
                for what in ("schools", "pupils")
            ),
        )
        for step in steps
    ]
    columns = {
        "step": Column("Step"),
        **{
            f"{what}_{arm}": Column(what.capitalize(), "count", over=f"{arm.capitalize()} schools")
            for arm in ("intervention", "control")
            for what in ("schools", "pupils")
        },
    }
    table = plain_table(
        None,
        columns,
        rows,
        id=held.id("flow-table"),
        caption="Flow of schools and pupils, with what happened after allocation",
        source=f"allocation file; {inputs.data_source}",
        data=held.flow,
        note="What happened after allocation is told of the schools analysed. "
        f"Pupils are of schools whose roll of {_january(held)} was returned, and not given for parts. "
        f"{held.plan.randomisation.before_allocation}",
    )
    return Section(held.id("flow-section"), "Who was analysed", (figure, table), is_synthetic=inputs.is_synthetic)


def _january(held: EffectInputs) -> str:
    return f"January {january_of(held.trial)}"


def _flow_cell(value: object) -> str:
    return DASH if pd.isna(value) else count_cell(value)


def balance_section(inputs: Inputs, held: EffectInputs) -> Section:
    """The arms before the programme."""
    rows = []
    for row in held.balance.frame.to_dict("records"):
        measure = inputs.measures.get(row["characteristic"])
        title = measure.title if measure else row["characteristic"]
        values = [row["symbol"] or number_text(float(three_figures(row[arm]))) for arm in ("intervention", "control")]
        apart = row["symbol"] or difference_text(row["standardised_difference"])
        rows.append((title, row["unit"], *values, apart))
    columns = {
        "what": Column("Schools' mean of"), "unit": Column("Unit"), "intervention": Column("Intervention", "value"),
        "control": Column("Control", "value"), "apart": Column("Standardised difference", "value"),
    }  # fmt: skip
    table = plain_table(
        None, columns, rows, id=held.id("balance"), caption="The arms before the programme began",
        source=inputs.data_source,
        note="Each school counts once. Standardised difference: within authorities, in standard deviations between schools. "
        "No test is made: what differs between arms drawn at random differs by chance.",
        data=held.balance,
    )  # fmt: skip
    return Section(
        held.id("balance-section"), "The arms before the programme", (table,), is_synthetic=inputs.is_synthetic
    )
