"""What the parts of a plan and its deviations log must agree on: one clear line for each fault, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

import swis
from swis.errors import Problem
from swis.io import read_yaml
from swis.plan.analyses import MAIN, SENSITIVITY, SUBGROUP, analyses_of_plan, planned_analyses
from swis.plan.analysis_plan import AnalysisPlan, Deviation
from swis.plan.check_specifications import specification_faults
from swis.plan.fault import Fault, nearest
from swis.plan.parts import PlannedOutcome
from swis.strict import Sourced


@cache
def measure_names() -> tuple[str, ...]:
    """Every outcome measure's name, straight from the metadata twins.

    The registry itself (`swis.outcomes.registry`) imports pandas, which a process that only reads parameters need not
    wait for; a test holds the two to each other.
    """
    twins = sorted((Path(swis.__file__).parent / "outcomes" / "measures").glob("*.yaml"))
    return tuple(name for twin in twins for name in read_yaml(twin)["measures"])


def plan_problems(
    plan: AnalysisPlan,
    deviations: Sequence[Deviation],
    *,
    file: str,
    windows: Collection[str],
    variants: Mapping[str, Collection[str]],
) -> list[Problem]:
    """Everything in a plan and its log that does not fit together, as problems of `file`.

    `windows` are the trial's; `variants` the values that each parameter of `definitions.yml` may take.
    """
    faults = [*_sources(plan, "plan"), *_names(plan, windows), *_roles(plan), *_variants(plan, variants)]
    for entry in deviations:
        faults.extend(_sources(entry, f"deviations.{entry.id}"))
    # Specifications and ids are made from names: only where every name is known can they be looked at.
    if not faults:
        faults.extend(specification_faults(plan))
    if not faults:
        faults.extend([*_unused(plan, deviations), *_log(plan, deviations, windows)])
    if not faults:
        faults.extend(_references(plan, deviations))
    return [Problem(file, fault.where, fault.expected, fault.action) for fault in faults]


def _sources(part: object, place: str) -> Iterator[Fault]:
    """Every part of a plan that says neither where it comes from nor that it was assumed."""
    if isinstance(part, Sourced) and not part.origin:
        yield Fault(
            f"{place}: neither source nor assumed",
            "the public document it comes from, or `assumed:` with the reason",
            "add one of the two",
        )
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _sources(getattr(part, name), f"{place}.{name}")
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _sources(inner, f"{place}.{name}")
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from _sources(inner, f"{place}.{getattr(inner, 'measure', None) or number}")


def _names(plan: AnalysisPlan, windows: Collection[str]) -> Iterator[Fault]:
    """Names that nothing defines, and ids that would stand twice."""
    measures = measure_names()
    yield from _twice([outcome.measure for outcome in plan.outcomes], "plan.outcomes", "outcome")
    for name, covariate in plan.covariates.items():
        if covariate.measure is not None:
            yield from _unknown(covariate.measure, measures, f"plan.covariates.{name}", "measure")
        if ("column" in covariate.kind) != (covariate.column is not None):
            yield Fault(
                f"plan.covariates.{name}: column with {covariate.kind}",
                "a column for a covariate that is one",
                "name or remove it",
            )
    for window in (plan.added_year.interim, plan.added_year.full):
        yield from _unknown(window, windows, "plan.added_year", "window")
    for outcome in plan.outcomes:
        place = f"plan.outcomes.{outcome.measure}"
        yield from _unknown(outcome.measure, measures, place, "measure")
        yield from _estimand(plan, outcome, place)
        yield from _twice([point.window for point in outcome.time_points], place, "window")
        for name in outcome.beside:
            yield from _unknown(name, [one.measure for one in plan.outcomes], f"{place}.beside", "outcome")
        for point in outcome.time_points:
            where = f"{place}, {point.window}"
            yield from _unknown(point.window, windows, where, "window")
            for kind, named, known in (
                (SENSITIVITY, point.sensitivities, plan.sensitivities),
                (SUBGROUP, point.subgroups, plan.subgroups),
            ):
                yield from _twice(named, where, kind)
                for name in named:
                    yield from _unknown(name, known, where, kind)


def _estimand(plan: AnalysisPlan, outcome: PlannedOutcome, place: str) -> Iterator[Fault]:
    estimand = outcome.estimand
    yield from _unknown(estimand.population, plan.populations, f"{place}.estimand", "population")
    yield from _unknown(estimand.treatment, plan.treatments, f"{place}.estimand", "treatment")
    for event in estimand.intercurrent_events:
        yield from _unknown(event, plan.intercurrent_events, f"{place}.estimand", "intercurrent event")
    if outcome.main.population != estimand.population:
        yield Fault(
            f"{place}.main: population {outcome.main.population}",
            f"the estimand's population, {estimand.population}",
            "make the two agree",
        )


def _unknown(name: str, known: Collection[str], place: str, kind: str) -> Iterator[Fault]:
    if name not in known:
        yield Fault(f"{place}: unknown {kind} {name}", "one that is defined", nearest(name, known))


def _twice(names: Sequence[str], place: str, kind: str) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(f"{place}: {kind} {name} stands {times} times", "each once", "remove the others")


def _roles(plan: AnalysisPlan) -> Iterator[Fault]:
    points = [
        f"{outcome.measure} at {point.window}"
        for outcome in plan.outcomes
        for point in outcome.time_points
        if point.role == "primary"
    ]
    if len(points) != 1:
        found = ", ".join(points) or "none"
        yield Fault(f"plan.outcomes: {len(points)} primary ({found})", "one primary", "give the others another role")


def _variants(plan: AnalysisPlan, variants: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    for variant in plan.definition_variants:
        place = "plan.definition_variants"
        yield from _unknown(variant.key, variants, place, "parameter")
        if variant.key in variants:
            yield from _unknown(variant.value, variants[variant.key], f"{place}.{variant.key}", "value")


def _unused(plan: AnalysisPlan, deviations: Sequence[Deviation]) -> Iterator[Fault]:
    """Sensitivity analyses and subgroups that no time point and no log entry asks for: they would never be run."""
    asked = {analysis.analysis for analysis in analyses_of_plan(plan)}
    asked |= {one.rpartition("/")[2] for entry in deviations for one in entry.analyses}
    for kind, defined in ((SENSITIVITY, plan.sensitivities), (SUBGROUP, plan.subgroups)):
        for name in defined:
            if f"{kind}:{name}" not in asked:
                yield Fault(f"plan: {kind} {name} is run nowhere", "an outcome that names it", "name it or remove it")


def _log(plan: AnalysisPlan, deviations: Sequence[Deviation], windows: Collection[str]) -> Iterator[Fault]:
    """Log entries about analyses that the plan cannot make, has already, or does not have."""
    planned = {analysis.id for analysis in analyses_of_plan(plan)}
    yield from _twice([entry.id for entry in deviations], "deviations", "id")
    added = [one for entry in deviations if entry.kind == "added" for one in entry.analyses]
    yield from _twice(added, "deviations", "added analysis")
    for entry in deviations:
        for one in entry.analyses:
            place = f"deviations.{entry.id}"
            if entry.kind != "added":
                yield from _unknown(one, planned, place, "analysis")
            elif one in planned:
                yield Fault(f"{place}: {one} is planned already", "an analysis beyond the plan", "remove it")
            elif not _can_be_made(plan, one, windows):
                yield Fault(
                    f"{place}: unknown analysis {one}",
                    "<outcome>/<window>/<analysis> of names that the plan defines",
                    nearest(one, possible_ids(plan, windows)),
                )


def possible_ids(plan: AnalysisPlan, windows: Collection[str]) -> list[str]:
    """Every id that the plan's outcomes, the trial's windows and the plan's analyses can make, planned or not."""
    sensitivities = [f"{SENSITIVITY}:{name}" for name in plan.sensitivities]
    subgroups = [f"{SUBGROUP}:{name}" for name in plan.subgroups]
    return [
        f"{outcome.measure}/{window}/{analysis}"
        for outcome in plan.outcomes
        for window in windows
        for analysis in (MAIN, *sensitivities, *subgroups)
    ]


def _can_be_made(plan: AnalysisPlan, one: str, windows: Collection[str]) -> bool:
    return one in possible_ids(plan, windows)


def _references(plan: AnalysisPlan, deviations: Sequence[Deviation]) -> Iterator[Fault]:
    """Harms and published results about analyses that are not run, and logged analyses whose settings do not fit."""
    try:
        known = planned_analyses(plan, deviations)
    except ValidationError as error:
        yield Fault("deviations: " + error.errors()[0]["msg"].lower(), "settings that fit", "correct the log")
        return
    for harm in plan.harms:
        yield from _unknown(harm.analysis, known, "plan.harms", "analysis")
    for result in plan.published_results:
        yield from _unknown(result.analysis, known, "plan.published_results", "analysis")
