"""From stage outputs to the inputs of a page: the one place of the reports that sees unprotected tables.

What leaves this module has passed the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from swis.derive import cross_border_events, cross_border_summary, read_derived_of
from swis.disclosure import Protected, protect_counts, protect_outcomes, protect_participants, protect_returns
from swis.io import read_frame, read_json
from swis.notebook.provenance import provenance_text
from swis.notebook.run import Run
from swis.outcomes import Outcomes, load_outcomes, pool
from swis.params import Trial
from swis.published import authority_context, load_neighbours, load_published
from swis.report.context_tables import england_only, no_context
from swis.report.effects_inputs import read_effects
from swis.report.flow import flow
from swis.report.inputs import ALL, Inputs
from swis.report.measures import measure_texts
from swis.workspace import DONE

UNUSED = "set aside"


def authority_inputs(run: Run) -> Inputs:
    """Everything the report of one authority is made of, protected; needs its finished validate and outcomes stages."""
    if run.authority is None:
        raise ValueError("an authority report needs an authority")
    found = load_outcomes(run.stage_folder("outcomes"))
    return Inputs(
        area=run.slug,
        area_name=run.authority.name,
        authorities={run.slug: run.authority.name},
        outcomes=protect_outcomes(found.outcomes, level=run.definitions.interval_level),
        participants=protect_participants(found.participants),
        linkage=linkage_counts([found]),
        unlinked=unlinked_counts([found]),
        context=_authority_context(run),
        returns=protect_returns(found.authority_returns),
        **_common(run, [run.slug]),
    )


def evaluation_inputs(run: Run) -> Inputs:
    """Everything the evaluation report is made of, pooled over the authorities whose outcomes are finished, protected.

    An authority that has returns but no outcomes stays in the completeness matrix and the verdicts, and in no number.
    """
    present = [slug for slug in run.workspace.authorities() if slug in run.params.authorities]
    counted = run.finished_folders("outcomes")
    found = [load_outcomes(folder) for folder in counted.values()]
    pooled = pool([one.outcomes for one in found], [one.distributions for one in found], run.definitions)
    participants = pooled_participants(found)
    return Inputs(
        area=ALL,
        area_name="England",
        authorities={slug: run.params.authorities[slug].name for slug in present},
        outcomes=protect_outcomes(pooled, level=run.definitions.interval_level),
        participants=protect_participants(participants),
        linkage=linkage_counts(found),
        unlinked=unlinked_counts(found),
        context=england_only(load_published(run.workspace.published))
        if run.workspace.published.is_dir()
        else no_context(),
        by_authority=protect_outcomes(_without_schools(found), level=run.definitions.interval_level),
        borders=border_counts(run.finished_folders("derive")),
        effects=read_effects(run.trial_folders("effects"), run.trials),
        flow=flow(_trial_schools(run, list(counted)), pooled, participants, run.trials),
        **_common(run, present),
    )


def _common(run: Run, slugs: list[str]) -> dict[str, Any]:
    """What both kinds of page share: parameters, validation, completeness, provenance."""
    validated = [slug for slug in slugs if (run.workspace.derived(slug, "validate") / DONE).exists()]
    folders = {slug: run.workspace.derived(slug, "validate") for slug in validated}
    results = _stacked(read_frame(folder / "results.parquet") for folder in folders.values())
    verdicts = {slug: read_json(folder / "verdict.json") for slug, folder in folders.items()}
    completeness = [read_frame(folder / "completeness.parquet") for folder in folders.values()]
    failed = results[results["outcome"].isin(["failed", "crashed"])]
    return {
        "trials": in_reading_order(run.trials),
        "definitions": run.definitions,
        "measures": measure_texts(run.definitions),
        "is_synthetic": run.workspace.is_synthetic,
        "completeness": _stacked(completeness),
        "checks": results[["layer", "outcome"]],
        "failed_checks": rule_counts(failed[failed["severity"] != UNUSED], "rows_failed"),
        "set_aside": rule_counts(failed[failed["severity"] == UNUSED], "rows"),
        "records": record_counts(verdicts.values()),
        "verdicts": {slug: verdicts[slug]["status"] if slug in verdicts else "not run" for slug in slugs},
        "provenance": provenance_text(run.workspace, run.stage, run.slug, run.definitions),
    }


def in_reading_order(trials: Mapping[str, Trial]) -> dict[str, Trial]:
    """Social Workers in Schools first, then the trials of supervision by when they began."""

    def place(trial: Trial) -> tuple[bool, str, str]:
        return (trial.programme != "SWIS", min(w.first_day.isoformat() for w in trial.windows.values()), trial.name)

    return {trial.name: trial for trial in sorted(trials.values(), key=place)}


def rule_counts(failed: pd.DataFrame, column: str) -> Protected:
    """Records that fail by rule and table over the authorities of `failed`, most first, and in how many authorities."""
    keys = ["rule", "table", "title", "severity", "how_to_mend"]
    totals = failed.groupby(keys, as_index=False, dropna=False).agg(
        **{column: ("rows_failed", "sum"), "authorities": ("authority", "nunique")}
    )
    protected = protect_counts(totals, [column])
    ordered = protected.frame.sort_values([column, "rule", "table"], ascending=[False, True, True], ignore_index=True)
    return Protected(ordered, protected.counts)


def record_counts(verdicts: Iterable[dict[str, object]]) -> Protected:
    """One row: records read and records set aside, over these verdicts."""
    held = list(verdicts)
    totals = {name: sum(int(str(verdict[name])) for verdict in held) for name in ("rows_read", "rows_set_aside")}
    return protect_counts(pd.DataFrame([totals]), ["rows_set_aside", "rows_read"])


def linkage_counts(found: Iterable[Outcomes]) -> Protected:
    """Events by kind, academic year and link status over these authorities."""
    return _linkage(found, ["event", "academic_year", "link_status"])


def unlinked_counts(found: Iterable[Outcomes]) -> Protected:
    """Unlinked events by reason over these authorities and all years."""
    unlinked = [_linked(one)[lambda frame: frame["link_status"] == "unlinked"] for one in found]
    return _totals(_stacked(unlinked), ["reason"])


def border_counts(folders: Mapping[str, Path]) -> Protected:
    """Events of trial schools by kind: in the return of the school's own authority, and only in another's."""
    every = read_derived_of(folders)
    summary = cross_border_summary(every, cross_border_events(every))
    counts = ["cross_border_count", "own_count"]
    return protect_counts(summary.groupby("event", as_index=False)[counts].sum(), counts)


def pooled_participants(found: Iterable[Outcomes]) -> pd.DataFrame:
    """Participants over these authorities, with authority 'all'."""
    stacked = _stacked(one.participants for one in found)
    keys = ["trial", "arm", "academic_year"]
    return stacked.groupby(keys, as_index=False)[["schools", "pupils", "pupil_years"]].sum().assign(authority=ALL)


def _linkage(found: Iterable[Outcomes], keys: list[str]) -> Protected:
    return _totals(_stacked(_linked(one) for one in found), keys)


def _linked(one: Outcomes) -> pd.DataFrame:
    return one.linkage


def _totals(stacked: pd.DataFrame, keys: list[str]) -> Protected:
    return protect_counts(stacked.groupby(keys, as_index=False, dropna=False)["count"].sum(), ["count"])


def _without_schools(found: Iterable[Outcomes]) -> pd.DataFrame:
    return _stacked(one.outcomes[one.outcomes["level"] != "school"] for one in found)


def _trial_schools(run: Run, slugs: list[str]) -> pd.DataFrame:
    return _stacked(read_frame(run.workspace.derived(slug, "derive") / "trial_schools.parquet") for slug in slugs)


def _authority_context(run: Run) -> pd.DataFrame:
    """Published figures of an authority, England and its neighbours; England only for an invented authority."""
    if run.authority is None or not run.workspace.published.is_dir():
        return no_context()
    published = load_published(run.workspace.published)
    if run.authority.is_invented:
        return england_only(published)
    return authority_context(published, run.authority, load_neighbours(run.workspace.published))


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
