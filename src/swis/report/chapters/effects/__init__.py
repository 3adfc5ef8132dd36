"""The effects chapter of one trial; see README.md."""

from __future__ import annotations

from swis.report.chapters.effects.before import balance_section, flow_section
from swis.report.chapters.effects.outcomes import (
    added_year_section,
    harms_section,
    outcomes_section,
    primary_section,
)
from swis.report.chapters.effects.planned import planned_section
from swis.report.chapters.effects.robustness import sensitivity_section, subgroups_section
from swis.report.chapters.effects.spread import fit_section, spread_section
from swis.report.chapters.effects.summary import effect_sentence
from swis.report.inputs import Inputs
from swis.report.model import Section, paragraph

__all__ = ["effect_sentence", "effects"]

SYNTHETIC = "The returns were simulated with known effects: what follows shows the method and is no finding about the programme."


def effects(inputs: Inputs, trial_name: str) -> Section | None:
    """One trial's effects: absent where the effects stage was not run or did not finish."""
    held = inputs.effects.get(trial_name)
    if held is None:
        return None
    parts = (
        planned_section(inputs, held),
        flow_section(inputs, held),
        balance_section(inputs, held),
        primary_section(inputs, held),
        outcomes_section(inputs, held, "secondary"),
        outcomes_section(inputs, held, "exploratory"),
        harms_section(inputs, held),
        sensitivity_section(inputs, held),
        subgroups_section(inputs, held),
        spread_section(inputs, held),
        fit_section(inputs, held),
        added_year_section(inputs, held),
    )
    opening = (
        "A cluster randomised trial: did the programme change outcomes, for whom, and how sure is it. Schools, not pupils, were "
        "drawn at random within authorities, so that arms are compared within each authority and the school is the unit; every "
        "standard error says what it rests on."
    )
    words = [paragraph(effect_sentence(inputs, held), tone="key"), paragraph(opening, tone="lead")]
    if inputs.is_synthetic:
        words.append(paragraph(SYNTHETIC, tone="note"))
    return Section(
        f"{trial_name}-effects".replace("_", "-"),
        f"Effects: {held.trial.title}",
        tuple(words),
        tuple(part for part in parts if part is not None),
        is_synthetic=inputs.is_synthetic,
    )
