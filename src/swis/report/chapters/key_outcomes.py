"""The outcomes that a trial is about, for an authority's paper: one figure a trial, the rest looked up in the annex."""

from __future__ import annotations

from markupsafe import Markup

from swis.in_words import year_groups_words
from swis.params import Trial
from swis.report.chapters.outcomes import READING, outcomes_id
from swis.report.figures.by_year import outcomes_figure
from swis.report.figures.panels import MOST_PANELS
from swis.report.inputs import Inputs
from swis.report.measures import MeasureText
from swis.report.model import Section, paragraph

ALONE = (
    "These are pupils of {} on the roll of the authority's trial schools. One authority has too few schools to show an effect: "
    "differences between its arms are to be read as description."
)


def key_outcomes(inputs: Inputs) -> Section | None:
    """A figure a trial with its primary and secondary outcomes by academic year and arm; None without outcomes."""
    parts = tuple(part for name in inputs.trials if (part := _of_trial(inputs, name)) is not None)
    if not parts:
        return None
    return Section("key-outcomes", "Outcomes by academic year", (), parts, is_synthetic=inputs.is_synthetic)


def key_measures(trial: Trial) -> list[str]:
    """The primary and secondary outcomes of a trial's plan, the primary first; none where it has no plan."""
    planned = [] if trial.plan is None else trial.plan.outcomes
    roles = {outcome.measure: {point.role for point in outcome.time_points} for outcome in planned}
    first = [name for name, of in roles.items() if "primary" in of]
    return [*first, *(name for name, of in roles.items() if "secondary" in of and name not in first)]


def _of_trial(inputs: Inputs, name: str) -> Section | None:
    trial = inputs.trials[name]
    rows = inputs.outcomes.where(trial=name, period_kind="academic year")
    known = set(rows.frame.loc[rows.frame["value"].notna(), "measure"])
    members: list[MeasureText] = [inputs.measures[one] for one in key_measures(trial) if one in known][:MOST_PANELS]
    if not members:
        return None
    slug = name.replace("_", "-")
    figure = outcomes_figure(
        rows, members, inputs.academic_years, id=f"{slug}-key-figure",
        caption=f"Primary and secondary outcomes: {trial.title}, by academic year and arm",
        source=f"{inputs.data_source} {READING}", is_synthetic=inputs.is_synthetic,
    )  # fmt: skip
    see = Markup('In the annex: <a href="#{}">every outcome, with its numbers</a>.').format(outcomes_id(name))
    blocks = (paragraph(ALONE.format(year_groups_words(trial))), figure, paragraph(see, tone="see"))
    return Section(f"{slug}-key", trial.title, blocks)
