"""What was planned: the primary estimand in its parts, how many analyses, what was done otherwise."""

from __future__ import annotations

from collections import Counter

from swis.plan import planned_analyses
from swis.report.chapters.effects.tables import plain_table
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph

ROLES = {"primary": "Primary", "secondary": "Secondary", "exploratory": "Exploratory"}


def planned_section(inputs: Inputs, held: EffectInputs) -> Section:
    """The plan in short: estimand, analyses by role and kind, deviations."""
    plan = held.trial.plan
    if plan is None:
        raise ValueError(f"trial {held.trial.name} has no plan")
    blocks: list[Block] = [
        paragraph(
            f"Every analysis was named beforehand in the trial's plan (version {plan.version}, fixed on "
            f"{plan.fixed_on.isoformat()}), a file of this compendium; one that stands in neither the plan nor its log of "
            "deviations is refused, and a run in which a planned one is missing fails. Where the public documents do not "
            "say how something was done, the plan says that it is assumed, and why."
        ),
        _estimand(held),
        _counts(held),
    ]
    if held.trial.deviations:
        blocks.append(_deviations(held))
    return Section("effects-plan", "What was planned", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _estimand(held: EffectInputs) -> Table:
    plan = held.trial.plan
    assert plan is not None
    outcome = next(one for one in plan.outcomes if any(point.role == "primary" for point in one.time_points))
    estimand = outcome.estimand
    events = "; ".join(
        f"{plan.intercurrent_events[name].event} ({plan.intercurrent_events[name].strategy})"
        for name in estimand.intercurrent_events
    )
    covariates = "; ".join(plan.covariates[name].text for name in outcome.main.covariates)
    rows = [
        ("Population", plan.populations[estimand.population].text, plan.populations[estimand.population].origin),
        ("Treatments compared", plan.treatments[estimand.treatment].text, plan.treatments[estimand.treatment].origin),
        ("Variable", estimand.variable, outcome.origin),
        ("What may happen after allocation", events, "assumed: all are taken as they came (treatment policy)"),
        ("Summary", estimand.summary, "as for the variable"),
        ("Adjusted for", covariates, plan.covariates[outcome.main.covariates[0]].origin),
    ]
    columns = {name: Column(name) for name in ("Part", "As planned", "Where it comes from")}
    return plain_table(
        None, columns, rows, id="effects-estimand", caption=f"The primary estimand: {held.trial.title}",
        source="analysis plan of the trial",
    )  # fmt: skip


def _counts(held: EffectInputs) -> Table:
    plan = held.trial.plan
    assert plan is not None
    known = planned_analyses(plan, held.trial.deviations).values()
    counted = Counter((str(one.role), one.kind) for one in known)
    kinds = ("main", "sensitivity", "subgroup")
    rows = [(title, *(str(counted[role, kind]) for kind in kinds)) for role, title in ROLES.items()]
    columns = {
        "role": Column("Role"), "main": Column("Main analyses", "plain"),
        "sensitivity": Column("Sensitivity analyses", "plain"), "subgroup": Column("Subgroup analyses", "plain"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id="effects-analyses", caption="Analyses planned, and all of them carried out",
        source="analysis plan of the trial and its log of deviations",
        note="An analysis that could not be estimated is in its table with the reason.",
    )  # fmt: skip


def _deviations(held: EffectInputs) -> Table:
    rows = [(one.id, one.logged_on.isoformat(), one.kind, one.what, one.why) for one in held.trial.deviations]
    columns = {name: Column(name) for name in ("Entry", "Logged on", "Kind", "What", "Why")}
    return plain_table(
        None, columns, rows, id="effects-deviations", caption="Deviations from the plan", source="the trial's log"
    )
