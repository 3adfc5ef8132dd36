"""The plan's ledger: which analyses may be run, which must be, and whether the results are exactly those.

An analysis that stands in neither the plan nor the deviations log is refused before it runs; a run whose results
lack a planned one, or hold another, fails.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from swis.errors import InputError, Problem
from swis.plan import Analysis, AnalysisPlan, Deviation, planned_analyses

LEDGER_COLUMNS = [
    "analysis_id", "outcome", "window", "role", "analysis", "title", "population", "model", "table", "response", "link",
    "offset", "treatment", "fixed_effects", "random_effects", "covariates", "standard_errors", "degrees_of_freedom",
    "scale", "academic_years", "draws", "seed", "deviation", "plan_clause", "source",
]  # fmt: skip


def planned(plan: AnalysisPlan, deviations: Sequence[Deviation] = ()) -> pd.DataFrame:
    """Every analysis to run, one row each in the plan's order (LEDGER_COLUMNS).

    Analyses logged as not run are left out and those that the log adds follow, with the log's id in `deviation`
    (empty for the plan's own). Lists are joined by ', '; what does not apply is empty.
    """
    rows = [_row(analysis) for analysis in planned_analyses(plan, deviations).values()]
    frame = pd.DataFrame(rows, columns=LEDGER_COLUMNS)
    return frame.astype({"draws": "Int64", "seed": "Int64"})


def _row(analysis: Analysis) -> dict[str, object]:
    settings = analysis.specification
    return {
        "analysis_id": analysis.id,
        "outcome": analysis.outcome,
        "window": analysis.window,
        "role": analysis.role,
        "analysis": analysis.analysis,
        "title": analysis.title,
        "population": settings.population,
        "model": settings.model,
        "table": settings.table,
        "response": settings.response,
        "link": settings.link,
        "offset": settings.offset or "",
        "treatment": settings.treatment,
        "fixed_effects": ", ".join(settings.fixed_effects),
        "random_effects": ", ".join(settings.random_effects),
        "covariates": ", ".join(settings.covariates),
        "standard_errors": settings.standard_errors,
        "degrees_of_freedom": settings.degrees_of_freedom,
        "scale": settings.scale,
        "academic_years": ", ".join(settings.academic_years or []),
        "draws": settings.draws,
        "seed": settings.seed,
        "deviation": analysis.deviation,
        "plan_clause": analysis.clause,
        "source": analysis.source,
    }


def require(plan: AnalysisPlan, deviations: Sequence[Deviation], analysis_id: str) -> Analysis:
    """The analysis of that id; InputError, naming the nearest, where neither plan nor deviations log has it."""
    return require_all(plan, deviations, [analysis_id])[0]


def require_all(plan: AnalysisPlan, deviations: Sequence[Deviation], ids: Sequence[str]) -> list[Analysis]:
    """The analyses of these ids; InputError, naming the nearest, for each that neither plan nor deviations log has."""
    known = planned_analyses(plan, deviations)
    unplanned = [_unplanned(one, known) for one in ids if one not in known]
    if unplanned:
        raise InputError(unplanned)
    return [known[one] for one in ids]


def check_complete(plan: AnalysisPlan, deviations: Sequence[Deviation], results: pd.DataFrame) -> None:
    """InputError listing every planned analysis that did not run and every result that was not planned.

    `results` has a column `analysis_id`; an analysis with several rows (levels of a subgroup) is there once and all.
    A planned analysis that could not be estimated is there too, with the status that says so.
    """
    known = planned_analyses(plan, deviations)
    if "analysis_id" not in results.columns:
        raise InputError([Problem("results", "no column analysis_id", "one id a row", "write the id with each result")])
    found = results["analysis_id"]
    problems = [_not_run(one) for one in known if one not in set(found.dropna())]
    problems += [_unplanned(str(one), known) for one in found.dropna().unique() if one not in known]
    if found.isna().any():
        without = f"{int(found.isna().sum())} rows without an analysis_id"
        problems.append(Problem("results", without, "one id a row", "write the id with each result"))
    if problems:
        raise InputError(problems)


def _not_run(analysis_id: str) -> Problem:
    return Problem(
        "results",
        f"planned analysis {analysis_id} did not run",
        "a result, or a status that says why there is none",
        "run it, or log it as not run in the deviations of the trial's file with the reason",
    )


def _unplanned(analysis_id: str, known: dict[str, Analysis]) -> Problem:
    near = difflib.get_close_matches(analysis_id, list(known), n=1, cutoff=0.3)
    hint = f"did you mean {near[0]}? If not, " if near else ""
    return Problem(
        "params/trials",
        f"analysis {analysis_id} stands in neither the plan nor the deviations log",
        "an analysis of the trial's file",
        f"{hint}log it as added, with the reason, before it is run",
    )
