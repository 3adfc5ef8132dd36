"""What was planned: the primary estimand in its parts, how many analyses, what was done otherwise."""

from __future__ import annotations

from collections import Counter

from swis.plan import estimand_rows, planned_analyses
from swis.plan.conduct import conduct_rows, drawing_row
from swis.plan.estimand import ORIGIN, PART, PLANNED
from swis.report.chapters.effects.tables import plain_table
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph

ROLES = {"primary": "Primary", "secondary": "Secondary", "exploratory": "Exploratory"}


def planned_section(inputs: Inputs, held: EffectInputs) -> Section:
    """The plan in short: estimand, analyses by role and kind, deviations."""
    plan = held.plan
    blocks: list[Block] = [
        paragraph(
            f"Every analysis was named beforehand in the trial's plan (version {plan.version}, fixed on "
            f"{plan.fixed_on.isoformat()}), a file of this compendium; one that stands in neither the plan nor its log of "
            "deviations is refused, and a run in which a planned one is missing fails. Where the public documents do not "
            "say how something was done, the plan says that it is assumed, and why."
        ),
        _conduct(held),
        _estimand(held),
        _counts(held),
    ]
    if held.trial.deviations:
        blocks.append(_deviations(held))
    return Section(held.id("plan"), "What was planned", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _conduct(held: EffectInputs) -> Table:
    columns = {name: Column(name) for name in ("Item", "What is known", ORIGIN)}
    return plain_table(
        None, columns, [drawing_row(held.plan), *conduct_rows(held.plan)], id=held.id("conduct"),
        caption=f"How the trial was set up: {held.trial.title}", source="analysis plan of the trial",
    )  # fmt: skip


def _estimand(held: EffectInputs) -> Table:
    columns = {name: Column(name) for name in (PART, PLANNED, ORIGIN)}
    return plain_table(
        None, columns, estimand_rows(held.plan), id=held.id("estimand"),
        caption=f"The primary estimand: {held.trial.title}", source="analysis plan of the trial",
    )  # fmt: skip


def _counts(held: EffectInputs) -> Table:
    known = planned_analyses(held.plan, held.trial.deviations).values()
    counted = Counter((str(one.role), one.kind) for one in known)
    kinds = ("main", "sensitivity", "subgroup")
    rows = [(title, *(str(counted[role, kind]) for kind in kinds)) for role, title in ROLES.items()]
    columns = {
        "role": Column("Role"), "main": Column("Main analyses", "plain"),
        "sensitivity": Column("Sensitivity analyses", "plain"), "subgroup": Column("Subgroup analyses", "plain"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id=held.id("analyses"), caption="Analyses planned, and all of them carried out",
        source="analysis plan of the trial and its log of deviations",
        note="An analysis that could not be estimated is in its table with the reason.",
    )  # fmt: skip


def _deviations(held: EffectInputs) -> Table:
    rows = [(one.id, one.logged_on.isoformat(), one.kind, one.what, one.why) for one in held.trial.deviations]
    columns = {name: Column(name) for name in ("Entry", "Logged on", "Kind", "What", "Why")}
    return plain_table(
        None, columns, rows, id=held.id("deviations"), caption="Deviations from the plan", source="the trial's log"
    )
