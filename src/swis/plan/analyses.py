"""Every analysis that a plan and its deviations log amount to, each with its id and settings.

An id is `<outcome>/<window>/<analysis>`, where the analysis is `main`, `sensitivity:<name>` or `subgroup:<name>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from swis.plan.analysis_plan import AnalysisPlan, Deviation
from swis.plan.parts import PlannedOutcome, Role, Sensitivity, Subgroup, TimePoint
from swis.plan.specification import Specification

MAIN, SENSITIVITY, SUBGROUP = "main", "sensitivity", "subgroup"


@dataclass(frozen=True)
class Analysis:
    """One analysis to carry out.

    `analysis` is 'main', 'sensitivity:<name>' or 'subgroup:<name>'; `deviation` the id of the log's entry that added
    it, empty for a planned one; `clause` where it stands in the trial's file; `source` where that comes from.
    """

    id: str
    outcome: str
    window: str
    role: Role
    analysis: str
    title: str
    specification: Specification
    subgroup: Subgroup | None
    deviation: str
    clause: str
    source: str

    @property
    def kind(self) -> str:
        """'main', 'sensitivity' or 'subgroup'."""
        return self.analysis.partition(":")[0]

    @property
    def name(self) -> str:
        """Name of the sensitivity analysis or subgroup; empty for a main analysis."""
        return self.analysis.partition(":")[2]


def analysis_id(outcome: str, window: str, analysis: str) -> str:
    """The id of an analysis."""
    return f"{outcome}/{window}/{analysis}"


def planned_analyses(plan: AnalysisPlan, deviations: Sequence[Deviation] = ()) -> dict[str, Analysis]:
    """Every analysis to run, by id: the plan's in its order without those logged as not run, then those added.

    Names are taken as checked (`swis.plan.checks`); KeyError for one that no part of the plan defines.
    """
    dropped = {one for entry in deviations if entry.kind == "not run" for one in entry.analyses}
    found = [analysis for analysis in analyses_of_plan(plan) if analysis.id not in dropped]
    added = [
        analysis_from_id(plan, one, deviation=entry)
        for entry in deviations
        if entry.kind == "added"
        for one in entry.analyses
    ]
    return {analysis.id: analysis for analysis in (*found, *added)}


def analyses_of_plan(plan: AnalysisPlan) -> Iterator[Analysis]:
    """The plan's own analyses in its order: by outcome and window, main first."""
    for outcome in plan.outcomes:
        for point in outcome.time_points:
            for analysis in _analyses_at(point):
                yield _make(plan, outcome, point.window, analysis, point.role, f"{outcome.origin}; {point.origin}", "")


def _analyses_at(point: TimePoint) -> Iterable[str]:
    yield MAIN
    yield from (f"{SENSITIVITY}:{name}" for name in point.sensitivities)
    yield from (f"{SUBGROUP}:{name}" for name in point.subgroups)


def analysis_from_id(plan: AnalysisPlan, one: str, *, deviation: Deviation) -> Analysis:
    """An analysis that the log adds, made of the plan's own definitions; KeyError where a part is not defined."""
    measure, window, analysis = one.split("/")
    outcome = plan.outcome(measure)
    if outcome is None:
        raise KeyError(measure)
    return _make(plan, outcome, window, analysis, "exploratory", deviation.why, deviation.id)


def _make(
    plan: AnalysisPlan, outcome: PlannedOutcome, window: str, analysis: str, role: Role, source: str, deviation: str
) -> Analysis:
    kind, _, name = analysis.partition(":")
    place = f"plan.outcomes.{outcome.measure}"
    title, specification, subgroup = "Main analysis", outcome.main, None
    if kind == SENSITIVITY:
        change = plan.sensitivities[name]
        title, specification = change.title, settings_under(outcome.main, change)
        source, place = change.origin, f"plan.sensitivities.{name}"
    elif kind == SUBGROUP:
        subgroup = plan.subgroups[name]
        title, specification = subgroup.title, settings_under(outcome.main, subgroup)
        source, place = subgroup.origin, f"plan.subgroups.{name}"
    return Analysis(
        id=analysis_id(outcome.measure, window, analysis),
        outcome=outcome.measure,
        window=window,
        role=role,
        analysis=analysis,
        title=title,
        specification=specification,
        subgroup=subgroup,
        deviation=deviation,
        clause=f"deviations.{deviation}" if deviation else place,
        source=source,
    )


def settings_under(main: Specification, change: Sensitivity | Subgroup) -> Specification:
    """The main analysis as a sensitivity analysis or subgroup changes it; ValidationError where a value is ill-typed.

    A table of pupils carries traits itself, so a subgroup changes the main analysis of school totals only.
    """
    if isinstance(change, Subgroup) and main.table != "school totals":
        return main
    return main.changed(change.changes)
