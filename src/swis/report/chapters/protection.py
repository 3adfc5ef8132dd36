"""How schools and children are protected, in plain words, and what that cost."""

from __future__ import annotations

from swis.disclosure.rules import policy_words
from swis.report.inputs import ALL, Inputs
from swis.report.model import Column, Section, bullets, paragraph
from swis.report.tables import counts_table

COLUMNS = {
    "table": Column("What is told"),
    "cells": Column("Numbers", "count"),
    "hidden": Column("Hidden", "count"),
}


def protection(inputs: Inputs) -> Section:
    """The chapter on disclosure control: the policy's rules, the proof, and the cells hidden by table."""
    frame = inputs.released["protection"]
    totals = frame.frame[["cells", "hidden"]].sum()
    where = "of this release" if inputs.area == ALL else f"about {inputs.area_name}"
    counted = (
        f"Of {int(totals['cells']):,} numbers {where}, {int(totals['hidden']):,} are hidden: because they are small or "
        "too few schools stand behind them, or so that nobody can work such a number out by adding and subtracting what "
        "is shown. How many are hidden for which reason is not told, because it would help to work them out."
    )
    proof = (
        "All tables, figures and sentences of all authorities and of the evaluation were protected together, as one system "
        "of numbers and sums, and a second programme then worked out for every hidden number what a reader who has all "
        "of it could know at most. Nothing is released unless that leaves every one of them open."
    )
    table = counts_table(
        frame, COLUMNS, id="protection-table", caption="Numbers shown and hidden", source=inputs.returns_source,
        note="A number that stands in several tables is counted once. Numbers that follow from others (rates, percentages, "
        "intervals) are hidden with them and not counted.",
    )  # fmt: skip
    blocks = (
        paragraph(f"Disclosure policy: {inputs.policy.title}."),
        bullets(policy_words(inputs.policy)),
        paragraph(proof),
        paragraph(counted, tone="key"),
        table,
    )
    return Section("protection", "How schools and children are protected", blocks, is_synthetic=inputs.is_synthetic)
