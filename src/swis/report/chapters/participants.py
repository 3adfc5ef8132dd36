"""Who took part: schools and pupils by trial, arm and academic year, and the flow of schools."""

from __future__ import annotations

import pandas as pd

from swis.disclosure.protected import Protected
from swis.disclosure.symbols import NOT_AVAILABLE
from swis.report.figures.participants import participants_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, counts_table, symbols_note
from swis.report.wording import count_cell, sentence_case

ASSESSED = (
    "The flow begins with the allocation file. It does not hold schools that were assessed and not allocated; the "
    "trial registry (ISRCTN90922032) names 297 schools for Social Workers in Schools."
)
FLOW_COLUMNS = {
    "trial_title": Column("Trial"),
    "arm_title": Column("Arm"),
    "allocated": Column("Schools allocated", "count"),
    "without_outcomes": Column("Without outcomes", "count"),
    "analysed": Column("With outcomes", "count"),
    "left": Column("Withdrew, merged or closed", "count"),
    "pupils": Column("Pupils on roll in the first January", "count"),
}


def participants(inputs: Inputs) -> Section:
    """The participants chapter: flow where it is known, a figure, and one table of all trials."""
    titles = {name: trial.title for name, trial in inputs.trials.items()}
    shown = _named(inputs.participants.where(arm=list(ARM_TITLES), trial=list(titles)), titles)
    blocks: list[Block] = [
        paragraph(
            "Within each authority whole schools were allocated to one arm or the other, and pupils take part through "
            "their school. Pupils are those in the trial's year groups: the headcount is of January, and pupil-years "
            "add up the time on roll."
        )
    ]
    if inputs.flow is not None and not inputs.flow.is_empty:
        blocks += [paragraph(ASSESSED), _flow(_named(inputs.flow, titles), inputs)]
    if shown.frame["pupils"].notna().any():
        blocks.append(_figure(inputs, titles))
    blocks.append(_table(shown, inputs))
    return Section("participants", "Who took part", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _named(frame: Protected, titles: dict[str, str]) -> Protected:
    order = {trial: place for place, trial in enumerate(titles)}
    named = frame.frame.assign(
        trial_title=frame.frame["trial"].map(titles), arm_title=frame.frame["arm"].map(ARM_TITLES)
    )
    keys = [named["trial"].map(order), named["arm"].map(list(ARM_TITLES).index)]
    if "academic_year" in named:
        keys.append(named["academic_year"].rank(method="dense"))
    placed = named.assign(**{f"_{number}": key for number, key in enumerate(keys)})
    placed = placed.sort_values([f"_{number}" for number in range(len(keys))])
    return frame.with_frame(placed.drop(columns=[f"_{number}" for number in range(len(keys))]).reset_index(drop=True))


def _flow(flow: Protected, inputs: Inputs) -> Table:
    return counts_table(
        flow,
        {name: column for name, column in FLOW_COLUMNS.items() if name in flow.frame},
        id="participant-flow",
        caption="Flow of schools and pupils, by trial and arm",
        source=f"allocation file; {inputs.data_source}",
        row_headers=2,
        note="Allocated: every school in the file, with outcomes or without, where no return tells of it in the first window. "
        "With outcomes: those that the outcome tables rest on. A school that withdrew, merged or closed is counted among "
        "these where returns hold the time before.",
    )


def _figure(inputs: Inputs, titles: dict[str, str]) -> Block:
    return participants_figure(
        inputs.participants,
        titles,
        id="pupils-by-year",
        caption="Pupils on roll of trial schools in January, by academic year and arm",
        source=inputs.data_source,
        is_synthetic=inputs.is_synthetic,
    )


def _table(shown: Protected, inputs: Inputs) -> Table:
    """Both arms side by side, one row a trial and academic year."""
    counts = {"schools": "schools", "pupils": "pupils", "pupil_years": "pupil-years"}
    arms = [
        Column(sentence_case(words), "count", over=f"{title} schools")
        for title in ARM_TITLES.values()
        for words in counts.values()
    ]
    rows = [
        (
            str(trial),
            str(year),
            *(text for arm in ARM_TITLES for text in _arm_cells(cells[cells["arm"] == arm], list(counts))),
        )
        for (trial, year), cells in shown.frame.groupby(["trial_title", "academic_year"], sort=False)
    ]
    return Table(
        "participants-by-year",
        "Schools, pupils in January and pupil-years, by trial, academic year and arm",
        (Column("Trial"), Column("Academic year"), *arms),
        tuple(rows),
        inputs.data_source,
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
        data=shown,
    )


def _arm_cells(cells: pd.DataFrame, counts: list[str]) -> list[str]:
    if cells.empty:
        return [NOT_AVAILABLE] * len(counts)
    row = cells.iloc[0]
    return [count_cell(row[name], row["symbol"]) for name in counts]
