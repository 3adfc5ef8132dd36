"""From what passed the door to the inputs of a page, with what counts nobody: completeness, verdicts, context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from swis.disclosure.released import Released, load_released
from swis.io import read_frame, read_json
from swis.notebook.provenance import provenance_text
from swis.notebook.run import Run
from swis.params import Trial
from swis.published import authority_context, load_neighbours, load_published
from swis.report.context_tables import england_only, no_context
from swis.report.effects_inputs import released_effects
from swis.report.further_inputs import released_further
from swis.report.inputs import ALL, Inputs
from swis.report.measures import measure_texts
from swis.workspace import DONE


def authority_inputs(run: Run) -> Inputs:
    """Everything the report of one authority is made of; DisclosureError where nothing of it has passed the door."""
    if run.authority is None:
        raise ValueError("an authority report needs an authority")
    released = load_released(run.workspace.released(run.slug))
    return Inputs(
        area=run.slug,
        area_name=run.authority.name,
        authorities={run.slug: run.authority.name},
        context=_authority_context(run),
        returns=released["returns"],
        **_common(run, released, [run.slug]),
    )


def evaluation_inputs(run: Run) -> Inputs:
    """Everything the evaluation report is made of, pooled over the authorities whose outcomes are finished.

    An authority that has returns but no outcomes stays in the completeness matrix and the verdicts, and in no number.
    """
    present = [slug for slug in run.workspace.authorities() if slug in run.params.authorities]
    released = load_released(run.workspace.released(ALL))
    return Inputs(
        area=ALL,
        area_name="England",
        authorities={slug: run.params.authorities[slug].name for slug in present},
        context=england_only(load_published(run.workspace.published))
        if run.workspace.published.is_dir()
        else no_context(),
        by_authority=released["by_authority"],
        borders=released["borders"],
        places={slug: run.params.authorities[slug] for slug in present},
        effects=released_effects(released, in_reading_order(run.trials)),
        further=released_further(released),
        flow=released["flow"],
        **_common(run, released, present),
    )


def _common(run: Run, released: Released, slugs: list[str]) -> dict[str, Any]:
    """What both kinds of page share: protected tables, parameters, validation, completeness, provenance."""
    validated = [slug for slug in slugs if (run.workspace.derived(slug, "validate") / DONE).exists()]
    folders = {slug: run.workspace.derived(slug, "validate") for slug in validated}
    results = _stacked(read_frame(folder / "results.parquet") for folder in folders.values())
    verdicts = {slug: read_json(folder / "verdict.json") for slug, folder in folders.items()}
    completeness = [read_frame(folder / "completeness.parquet") for folder in folders.values()]
    return {
        "trials": in_reading_order(run.trials),
        "definitions": run.definitions,
        "measures": measure_texts(run.definitions),
        "is_synthetic": run.workspace.is_synthetic,
        "outcomes": released["outcomes"],
        "participants": released["participants"],
        "linkage": released["linkage"],
        "unlinked": released["unlinked"],
        "failed_checks": released["failed_checks"],
        "set_aside": released["set_aside"],
        "records": released["records"],
        "released": released,
        "policy": run.policy,
        "completeness": _stacked(completeness),
        "checks": results[["layer", "outcome"]],
        "verdicts": {slug: verdicts[slug]["status"] if slug in verdicts else "not run" for slug in slugs},
        "provenance": provenance_text(run.workspace, run.stage, run.slug, run.definitions),
    }


def in_reading_order(trials: Mapping[str, Trial]) -> dict[str, Trial]:
    """Social Workers in Schools first, then the trials of supervision by when they began."""

    def place(trial: Trial) -> tuple[bool, str, str]:
        return (trial.programme != "SWIS", min(w.first_day.isoformat() for w in trial.windows.values()), trial.name)

    return {trial.name: trial for trial in sorted(trials.values(), key=place)}


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
