"""The primary estimand of a plan in its parts, in words and with where each comes from."""

from __future__ import annotations

from swis.plan.analysis_plan import AnalysisPlan
from swis.plan.parts import PlannedOutcome

PART, PLANNED, ORIGIN = "Part", "As planned", "Where it comes from"


def primary_outcome(plan: AnalysisPlan) -> PlannedOutcome:
    """The outcome that has the primary time point."""
    return next(one for one in plan.outcomes if any(point.role == "primary" for point in one.time_points))


def estimand_rows(plan: AnalysisPlan) -> list[tuple[str, str, str]]:
    """Part, as planned, where it comes from: the five parts of the primary estimand, and what is adjusted for."""
    outcome = primary_outcome(plan)
    estimand = outcome.estimand
    events = "; ".join(
        f"{plan.intercurrent_events[name].event} ({plan.intercurrent_events[name].strategy})"
        for name in estimand.intercurrent_events
    )
    population, treatment = plan.populations[estimand.population], plan.treatments[estimand.treatment]
    covariates = [plan.covariates[name] for name in outcome.main.covariates]
    return [
        ("Population", population.text, population.origin),
        ("Treatments compared", treatment.text, treatment.origin),
        ("Variable", estimand.variable, outcome.origin),
        ("What may happen after allocation", events, "assumed: all are taken as they came (treatment policy)"),
        ("Summary", estimand.summary, "as for the variable"),
        ("Adjusted for", "; ".join(one.text for one in covariates), covariates[0].origin if covariates else ""),
    ]
