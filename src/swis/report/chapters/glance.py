"""The trials at a glance: one line a trial, as the front table of a protocol has it."""

from __future__ import annotations

from typing import Any

from swis.in_words import long_date, year_groups_words
from swis.plan import primary_outcome
from swis.report.chapters.effects.words import lower_first
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import DASH, count_cell, sentence_case

OPENING = (
    "Every trial drew whole schools at random, within each authority, to have the programme or to go on as before. The unit "
    "that was drawn is the school; pupils take part through it. How each trial was set up, in full and with what is not known "
    "of it, stands at the head of its chapter of effects."
)


def glance(inputs: Inputs) -> Section:
    """The chapter: pupils, window, primary outcome, authorities and schools of each trial."""
    rows = tuple(_row(inputs, name) for name in inputs.trials)
    columns = (
        Column("Trial"),
        Column("Pupils"),
        Column("Window"),
        Column("Primary outcome"),
        Column("Authorities", "plain"),
        *(Column(title, "count", over="Schools allocated") for title in ARM_TITLES.values()),
    )
    table = Table(
        "glance-table", "The trials at a glance", columns, rows,
        f"params/trials of this compendium, with sources there; allocation file; {inputs.returns_source}",
        note=symbols_note(rows), data=inputs.flow,
    )  # fmt: skip
    return Section("glance", "The trials at a glance", (paragraph(OPENING), table), is_synthetic=inputs.is_synthetic)


def _row(inputs: Inputs, name: str) -> tuple[str, ...]:
    trial = inputs.trials[name]
    window = trial.own_window
    primary = DASH
    if trial.plan is not None:
        primary = lower_first(inputs.measures[primary_outcome(trial.plan).measure].title)
    return (
        trial.title,
        sentence_case(year_groups_words(trial)),
        f"{long_date(window.first_day)} to {long_date(window.last_day)}",
        sentence_case(primary),
        _authorities(inputs, name),
        *(_allocated(inputs, name, arm) for arm in ARM_TITLES),
    )


def _authorities(inputs: Inputs, name: str) -> str:
    """Authorities with outcomes of the trial, where they are told apart."""
    if inputs.by_authority is None:
        return DASH
    return str(inputs.by_authority.where(trial=name).frame["authority"].nunique())


def _allocated(inputs: Inputs, name: str, arm: str) -> str:
    if inputs.flow is None:
        return DASH
    found: list[dict[str, Any]] = inputs.flow.where(trial=name, arm=arm).frame.to_dict("records")
    return count_cell(found[0]["allocated"], found[0]["symbol"]) if found else DASH
